import type { AccessSet } from '@longyuan/access/access-set.ts';
import { maskValue } from '@longyuan/access/mask.ts';
import { Random } from '@longyuan/prisma/country/generate/random.ts';
import type { Kinship, Person } from '@longyuan/prisma/population/client/client.ts';
import { libraryNamed } from '@longyuan/schema/src/read-libraries.ts';
import type { ExecutionResult } from 'graphql';
import { expect, test } from 'vitest';
import { askInProcess } from '../../test/ask-in-process.ts';
import { consumer, grantOf, PURPOSE, type RowFacts, slowOracle } from '../../test/slow-oracle.ts';
import { holds } from '../serve/rows/row-rule.ts';
import { keepHeadCounts } from './keep-head-counts.ts';
import { makePopulationLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';
import type { PopulationStore } from './store.ts';

const id = (at: number) => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
const year = new Date().getUTCFullYear();

function person(at: number, name: string, facts: Partial<Person> = {}): Person {
  return {
    id: id(at),
    idNumber: `62010219850305${String(at).padStart(4, '0')}`,
    name,
    sex: '1',
    ethnicity: '01',
    birthDate: new Date('1985-03-05'),
    minorUntil: new Date('1999-03-05'),
    lifeStatus: 'ALIVE',
    deathDate: null,
    deathCause: null,
    birthDivision: '620102',
    householdNo: 'H1',
    relationToHead: '97',
    registeredAddress: null,
    registeredDivision: '620102001001',
    residenceAddress: null,
    idCardValidFrom: null,
    idCardValidTo: null,
    idCardAuthority: null,
    education: '20',
    occupation: null,
    photo: 'ab12',
    phone: '13800001234',
    confirmedAt: new Date('2026-06-01T02:00:00Z'),
    ...facts,
  };
}

const young = { minorUntil: new Date(`${year + 5}-01-01`), birthDate: new Date(`${year - 9}-01-01`) };
/** Wang's family lives in Chengguan of Lanzhou, Li's mother in Qilihe, Zhao in Tianshui. */
const wang = person(1, '王建国', { relationToHead: '01' });
const li = person(2, '李四', { sex: '2', relationToHead: '10' });
const child = person(3, '王小六', { ...young, relationToHead: '20' });
const mother = person(4, '欧阳娜', { registeredDivision: '620103001001', householdNo: 'H2', phone: null });
const zhao = person(5, '赵七', { registeredDivision: '620502001001', householdNo: null });
const people = [wang, li, child, mother, zhao];
const kinships: Kinship[] = [
  { personId: wang.id, kind: 'SPOUSE', relativeId: li.id },
  { personId: wang.id, kind: 'CHILD', relativeId: child.id },
  { personId: li.id, kind: 'SPOUSE', relativeId: wang.id },
  { personId: li.id, kind: 'PARENT', relativeId: mother.id },
];
const nothing = async () => [];
const store: PopulationStore = {
  peopleById: async (ids) => people.filter((each) => ids.includes(each.id)),
  peopleByIdNumber: async (numbers) => people.filter((each) => numbers.includes(each.idNumber)),
  peopleByHousehold: async (numbers) => people.filter((each) => numbers.includes(each.householdNo ?? '')),
  searchPeople: async ({ name }, { asked, after, limit }) =>
    people.filter((each) => each.name.startsWith(name ?? '') && each.id > (after ?? '') && holds(asked.rows, each)).slice(0, limit),
  countPeople: async ({ name }, rows) => people.filter((each) => each.name.startsWith(name ?? '') && holds(rows, each)).length,
  households: async (numbers) => numbers.map((householdNo) => ({ householdNo, kind: 'FAMILY' as const })),
  marriages: async (ids) => [{ personId: wang.id, spouseId: li.id, state: '20' }].filter(({ personId }) => ids.includes(personId)),
  kinships: async (ids) => kinships.filter(({ personId }) => ids.includes(personId)),
  moves: nothing,
  insurances: nothing,
  disabilities: nothing,
  assistances: nothing,
  countHeads: nothing,
  close: async () => {},
};
const ask = askInProcess({ name: 'population', resolvers, store: keepHeadCounts(store), makeLoaders: makePopulationLoaders });
const oracle = slowOracle('population');
const granted = (...grants: ReturnType<typeof grantOf>[]) => oracle.accessFor({ caller: consumer(), purpose: PURPOSE, grants });
function ofOwner(region: string): AccessSet {
  const { uscc } = libraryNamed('population');
  return oracle.accessFor({ caller: { kind: 'department', sub: 'd', uscc, role: 'developer', region } });
}
const citizen = (key: string) => oracle.accessFor({ caller: { kind: 'citizen', sub: 's', person: key } });
const numbers = people.map(({ idNumber }) => idNumber);
const UNKNOWN = '620102190001010010';

async function answerTo(access: AccessSet, source: string, variables = {}) {
  const { answer, questions } = await ask(source, variables, access);
  expect(answer.errors).toBeUndefined();
  return { data: answer.data, questions };
}

test('a department sees the people of the division that it was granted, and no child of under 14 in it', async () => {
  const access = granted(grantOf(['P001', 'P002', 'P012'], { division: '620100' }));
  const { data } = await answerTo(access, 'query ($of: [String!]!) { persons(idNumbers: $of) { name phone } }', {
    of: [...numbers, UNKNOWN],
  });
  expect(data?.['persons']).toEqual([
    { name: '王建国', phone: null },
    { name: '李四', phone: null },
    null,
    { name: '欧阳娜', phone: null },
    null,
    null,
  ]);
  const ofChildren = granted(grantOf(['P001', 'P002'], { division: '620100', level: 4 }));
  expect((await answerTo(ofChildren, `{ person(idNumber: "${child.idNumber}") { name } }`)).data).toEqual({ person: { name: '王小六' } });
});

test('its own region bounds a grant further', async () => {
  const access = oracle.accessFor({ caller: consumer('620103'), purpose: PURPOSE, grants: [grantOf(['P001', 'P002'])] });
  const { data } = await answerTo(access, '{ searchPersons { nodes { name } total pageInfo { hasNextPage } } }');
  expect(data).toEqual({ searchPersons: { nodes: [{ name: '欧阳娜' }], total: 1, pageInfo: { hasNextPage: false } } });
});

test('a search finds, counts and pages through what is in scope alone', async () => {
  const access = granted(grantOf(['P002'], { division: '620102' }));
  const { data } = await answerTo(access, '{ searchPersons(first: 1) { nodes { name } total pageInfo { hasNextPage } } }');
  expect(data).toEqual({ searchPersons: { nodes: [{ name: '王建国' }], total: 2, pageInfo: { hasNextPage: true } } });
  expect((await answerTo(access, '{ searchPersons(name: "赵") { total } }')).data).toEqual({ searchPersons: { total: 0 } });
});

test('by its edges a page is the very same: the rows in scope, what is shown of them, and cursors that lead on', async () => {
  const access = granted(grantOf(['P002'], { division: '620102' }));
  const { data, questions } = await answerTo(
    access,
    '{ searchPersons(first: 1) { edges { cursor node { name } } nodes { name } pageInfo { startCursor hasPreviousPage } } }',
  );
  const page = (data as { searchPersons: { edges: { cursor: string; node: unknown }[] } }).searchPersons;
  expect(page).toEqual({
    edges: [{ cursor: expect.any(String), node: { name: '王建国' } }],
    nodes: [{ name: '王建国' }],
    pageInfo: { startCursor: expect.any(String), hasPreviousPage: false },
  });
  expect(questions.filter(({ name }) => name === 'searchPeople')).toHaveLength(1);
  const [edge] = page.edges;
  const next = `{ searchPersons(first: 5, after: "${edge?.cursor}") { edges { node { name } } pageInfo { hasPreviousPage } } }`;
  const { data: after } = await answerTo(access, next);
  expect(after).toEqual({ searchPersons: { edges: [{ node: { name: '李四' } }], pageInfo: { hasPreviousPage: true } } });
});

test('what is asked of the edges decides which rows there are, as what is asked of the nodes does', async () => {
  const access = granted(grantOf(['P002'], { division: '620102' }), grantOf(['P001'], { division: '620100' }));
  const byEdges = await answerTo(access, '{ searchPersons { edges { node { name } } total } }');
  expect(byEdges.data).toEqual({ searchPersons: { edges: [{ node: { name: '王建国' } }, { node: { name: '李四' } }], total: 2 } });
  const byNodes = await answerTo(access, '{ searchPersons { nodes { name } total } }');
  expect(byEdges.questions).toEqual(byNodes.questions);
});

test('the word of a code is shown in the rows in which the code is, and asks for the column of the code alone', async () => {
  const access = granted(grantOf(['P001', 'P002', 'P003'], { division: '620102' }));
  const source = 'query ($of: [String!]!) { persons(idNumbers: $of) { sex sexWord inEnglish: sexWord(in: EN) } }';
  const { data } = await answerTo(access, source, { of: numbers });
  const persons = (data as { persons: ({ sex: string } | null)[] }).persons.filter((each) => each !== null);
  expect(persons.length).toBeGreaterThan(0);
  for (const person of persons) {
    expect(person).toEqual(
      person.sex === '1' ? { sex: '1', sexWord: '男', inEnglish: 'male' } : { sex: '2', sexWord: '女', inEnglish: 'female' },
    );
  }
  const alone = await answerTo(access, `{ person(idNumber: "${numbers[0]}") { sexWord } }`);
  expect(JSON.stringify(alone.questions)).not.toContain('sexWord');
  // Without a grant of the code there is no word of it either, whatever else may be seen of the row.
  const byName = granted(grantOf(['P001', 'P002'], { division: '620102' }));
  const hidden = await ask(`{ person(idNumber: "${numbers[0]}") { name sexWord } }`, {}, byName);
  expect(hidden.answer.data?.['person']).toEqual({ name: '王建国', sexWord: null });
});

test('a cursor tells nothing of the last person of a page, and no other can be made in its place', async () => {
  const access = granted(grantOf(['P002'], { division: '620102' }));
  const { data } = await answerTo(access, '{ searchPersons(first: 1) { pageInfo { endCursor } } }');
  const { endCursor } = (data as { searchPersons: { pageInfo: { endCursor: string } } }).searchPersons.pageInfo;
  const parts = endCursor.split('.').map((part) => Buffer.from(part, 'base64url').toString());
  for (const { id, idNumber } of people) expect(parts.join(' ')).not.toMatch(new RegExp(`${id}|${idNumber}`));
  for (const [after, rows] of [
    [endCursor, [{ name: expect.any(String) }]],
    [Buffer.from(JSON.stringify([wang.id])).toString('base64url'), null],
    [Buffer.from(JSON.stringify([wang.idNumber])).toString('base64url'), null],
  ] as const) {
    const { answer } = await ask(`{ searchPersons(first: 1, after: "${after}") { nodes { name } } }`, {}, access);
    expect(answer.data).toEqual({ searchPersons: rows && { nodes: rows } });
    expect(answer.errors?.[0]?.extensions?.['code']).toBe(rows ? undefined : 'BAD_USER_INPUT');
  }
});

test.each([
  ['a grant for the county', granted(grantOf(['P002', 'P010', 'P020', 'P021'], { division: '620102', level: 4 }))],
  ['the owner’s officer of the county', ofOwner('620102')],
])('to %s a reference, a member of a household and a relative outside the scope are not there', async (_whose, access) => {
  const { data } = await answerTo(
    access,
    'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Person { name relatives { kind person { name } } household { members { name } } } } }',
    { of: [wang, li, zhao].map((each) => ({ __typename: 'Person', id: each.id })) },
  );
  const members = [{ name: '王建国' }, { name: '李四' }, { name: '王小六' }];
  expect(data?.['_entities']).toEqual([
    {
      name: '王建国',
      relatives: [
        { kind: 'SPOUSE', person: { name: '李四' } },
        { kind: 'CHILD', person: { name: '王小六' } },
      ],
      household: { members },
    },
    {
      name: '李四',
      relatives: [
        { kind: 'SPOUSE', person: { name: '王建国' } },
        { kind: 'PARENT', person: null },
      ],
      household: { members },
    },
    null,
  ]);
});

test('outside the scope and not existing are one answer and the same questions', async () => {
  const access = granted(grantOf(['P001', 'P002', 'P010'], { division: '620102' }));
  const source = 'query ($n: String!) { person(idNumber: $n) { name confirmedAt household { householdNo members { name } } } }';
  const outside = await ask(source, { n: zhao.idNumber }, access);
  const missing = await ask(source, { n: UNKNOWN }, access);
  expect(outside.answer).toEqual({ data: { person: null } });
  expect(missing.answer).toEqual(outside.answer);
  const withoutKey = (questions: typeof missing.questions) => questions.map(({ name, asked }) => [name, asked.slice(1)]);
  expect(withoutKey(outside.questions)).toEqual(withoutKey(missing.questions));
});

test('what is not in scope for a row is null there, silently, and what is granted masked is masked, whatever it is called', async () => {
  const access = granted(
    grantOf(['P001', 'P003'], { division: '620000' }),
    grantOf(['P002', 'P032'], { access: 'MASKED', division: '620102' }),
    grantOf(['P001'], { access: 'MASKED' }),
  );
  const { data } = await answerTo(access, 'query ($of: [String!]!) { persons(idNumbers: $of) { sex a: name phone: phone idNumber } }', {
    of: [wang.idNumber, zhao.idNumber, mother.idNumber],
  });
  expect(data?.['persons']).toEqual([
    { sex: '1', a: '王**', phone: '138****1234', idNumber: wang.idNumber },
    { sex: '1', a: null, phone: null, idNumber: zhao.idNumber },
    { sex: '1', a: null, phone: null, idNumber: mother.idNumber },
  ]);
});

test('where no item is asked for, a row is there if any item of it is in scope', async () => {
  const access = granted(grantOf(['P032'], { access: 'MASKED', division: '620102' }));
  const { data } = await answerTo(access, 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Person { confirmedAt } } }', {
    of: [wang, child, zhao].map((each) => ({ __typename: 'Person', id: each.id })),
  });
  expect(data?.['_entities']).toEqual([{ confirmedAt: '2026-06-01T02:00:00Z' }, null, null]);
});

test('a citizen sees the own row, and of household, spouse and relatives the name and the relation', async () => {
  const of = [wang, li].map((each) => ({ __typename: 'Person', id: each.id }));
  const { answer } = await ask(
    `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Person {
      name phone
      marriage { spouse { name phone marriage { state } } }
      relatives { kind person { called: name sex relatives { kind } } }
      household { members { name idNumber } }
    } } }`,
    { of },
    citizen(wang.id),
  );
  expect(answer.data?.['_entities']).toEqual([
    {
      name: '王建国',
      phone: '13800001234',
      marriage: { spouse: { name: '李四', phone: null, marriage: null } },
      relatives: [
        { kind: 'SPOUSE', person: { called: '李四', sex: null, relatives: null } },
        { kind: 'CHILD', person: { called: '王小六', sex: null, relatives: null } },
      ],
      household: {
        members: [
          { name: '王建国', idNumber: wang.idNumber },
          { name: '李四', idNumber: null },
          { name: '王小六', idNumber: null },
        ],
      },
    },
    null,
  ]);
  // Each once, where it is first met, whoever else is there; and of a row that is another's, as of one that is not there, what was asked of it.
  expect(withheld(answer)).toEqual([
    '_entities.0.household.members.1.idNumber Person.idNumber',
    '_entities.0.marriage.spouse.marriage Person.marriage',
    '_entities.0.marriage.spouse.phone Person.phone',
    '_entities.0.relatives.0.person.relatives Person.relatives',
    '_entities.0.relatives.0.person.sex Person.sex',
    ...['household', 'marriage', 'name', 'phone', 'relatives'].map((field) => `_entities.1.${field} Person.${field}`),
  ]);
});

function withheld({ errors = [] }: ExecutionResult): readonly string[] {
  return errors.map(({ path, extensions }) => `${path?.join('.')} ${String(extensions?.['item'])}`).sort();
}

test('the key of an agent is nobody here, and of somebody whom nobody knows the same is said', async () => {
  const access = oracle.accessFor({ caller: { kind: 'agent', sub: 's', uscc: '91620102MA74000001' } });
  for (const idNumber of [wang.idNumber, UNKNOWN]) {
    const { answer, questions } = await ask(`{ person(idNumber: "${idNumber}") { name } }`, {}, access);
    expect([answer.data, questions]).toEqual([{ person: null }, []]);
    expect(withheld(answer)).toEqual(['person Person.idNumber']);
  }
});

test.each([
  ['620102', wang, 'MATCH'],
  ['620500', wang, 'MISMATCH'],
  ['620102', child, 'MISMATCH'],
] as const)('verification in %s reaches whom it may: %#', async (division, { name, idNumber }, result) => {
  const access = granted(grantOf(['P001', 'P002'], { access: 'VERIFY', division }));
  const { data } = await answerTo(access, 'query ($input: IdentityInput!) { verifyIdentity(input: $input) { result } }', {
    input: { name, idNumber },
  });
  expect(data).toEqual({ verifyIdentity: { result } });
});

/** Text fields of a person, with the item of each. */
const fields = { idNumber: 'P001', name: 'P002', sex: 'P003', education: 'P022', phone: 'P032', photo: 'P030', deathCause: 'P008' };
type Field = keyof typeof fields;

test('random grants: every value seen is one that the decision gives, and none it gives is missing', async () => {
  const random = new Random(11, 0);
  const [all, codes] = [Object.keys(fields) as Field[], Object.values(fields)];
  const some = <One>(from: readonly One[]): One[] => from.filter(() => random.chance(0.5));
  for (let round = 0; round < 400; round += 1) {
    const grants = Array.from({ length: random.between(0, 3) }, () =>
      grantOf(some(codes), {
        access: random.pick(['READ', 'READ', 'MASKED', 'VERIFY'] as const),
        division: random.pick(['620000', '620100', '620102', '620103001', '620500', '620502001001']),
        level: random.pick([2, 3, 4]),
        purposes: random.chance(0.1) ? ['another'] : [PURPOSE],
      }),
    );
    const caller = random.pick([
      consumer(),
      consumer(random.pick(['620100', '620103', '620502'])),
      { kind: 'department', sub: 'o', uscc: '11629901000000019M', role: 'developer', region: null } as const,
      { kind: 'citizen', sub: 's', person: random.pick(people).id } as const,
      { kind: 'public' } as const,
    ]);
    const access = oracle.accessFor({ caller, purpose: PURPOSE, grants });
    const selected = some(all);
    const selection = ['__typename', ...selected].join(' ');
    const expected = people.map((each) => expectedOf(access, each, selected));
    const { answer } = await ask(
      `query ($numbers: [String!]!, $of: [_Any!]!) {
        persons(idNumbers: $numbers) { ${selection} }
        _entities(representations: $of) { ... on Person { ${selection} } }
        searchPersons(first: 100) { nodes { ${selection} } total }
        searchPersons_sex: searchPersons(first: 100, sex: "1", name: "王") { total nodes { ${selection} } }
      }`,
      { numbers, of: people.map((each) => ({ __typename: 'Person', id: each.id })) },
      access,
    );
    const { data } = answer;
    const asked = selected.filter((field) => !['photo', 'deathCause'].includes(field)).map((field) => `Person.${field}`);
    const told = new Set(answer.errors?.map(({ extensions }) => extensions?.['item']));
    expect(told, `round ${round}`).toEqual(new Set(caller.kind === 'citizen' ? ['Person.idNumber', ...asked] : []));
    const isThere = <One>(each: One | null): each is One => each !== null;
    const reached = (...items: string[]) =>
      people.map((each, at) => (items.every((code) => oracle.mayRead(access, code, factsOf(each))) ? (expected[at] ?? null) : null));
    // A part of an item opens no list.
    const listed = people.map((each, at) => (isWholeSomewhere(access, each, selected) ? (expected[at] ?? null) : null));
    const found = reached('P002', 'P003').filter((each, at) => each !== null && listed[at] && people[at]?.name.startsWith('王'));
    expect(data, `round ${round}`).toEqual({
      persons: reached('P001'),
      _entities: expected,
      searchPersons: { nodes: listed.filter(isThere), total: listed.filter(isThere).length },
      searchPersons_sex: { nodes: found, total: found.length },
    });
  }
});

function factsOf({ id: subject, registeredDivision: division, minorUntil }: Person): RowFacts {
  return { subject, division, minorUntil };
}

/** The row as a caller may see it; null where nothing selected is shown, or nothing at all where no item is selected. */
function expectedOf(access: AccessSet, row: Person, selected: readonly Field[]) {
  const shownAt = (field: string) => oracle.shown(access, `Person.${field}`, factsOf(row));
  const deciding = decidingOf(selected);
  if (deciding.every((coordinate) => oracle.shown(access, coordinate, factsOf(row)) === 'HIDDEN')) return null;
  const cells = selected.map((field) => {
    const shown = shownAt(field);
    const mask = oracle.facts.ofField('Person', field)?.mask ?? null;
    return [field, shown === 'WHOLE' ? row[field] : shown === 'MASKED' ? maskValue(mask, row[field]) : null] as const;
  });
  return { __typename: 'Person', ...Object.fromEntries(cells) };
}

function isWholeSomewhere(access: AccessSet, row: Person, selected: readonly Field[]): boolean {
  return decidingOf(selected).some((coordinate) => oracle.shown(access, coordinate, factsOf(row)) === 'WHOLE');
}

function decidingOf(selected: readonly Field[]): readonly string[] {
  if (selected.length > 0) return selected.map((field) => `Person.${field}`);
  return oracle.facts.decidedFields.filter((each) => each.startsWith('Person.'));
}
