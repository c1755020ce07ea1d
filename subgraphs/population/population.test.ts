import {
  type Assistance,
  type Insurance,
  type Kinship,
  type Marriage,
  type Move,
  type Person,
  Prisma,
} from '@longyuan/prisma/population/client/client.ts';
import { expect, test } from 'vitest';
import { askInProcess } from '../../test/ask-in-process.ts';
import { everyRow } from '../serve/rows/asked-rows.ts';
import { householdColumns, marriageColumns, personColumns } from './columns.ts';
import { keepHeadCounts } from './keep-head-counts.ts';
import { makePopulationLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';
import type { HeadCount } from './store.ts';

const day = (text: string) => new Date(`${text}T00:00:00Z`);

function person(facts: Partial<Person> & Pick<Person, 'id' | 'idNumber' | 'name'>): Person {
  return {
    sex: '1',
    ethnicity: '01',
    birthDate: day('1985-03-05'),
    minorUntil: day('1999-03-05'),
    lifeStatus: 'ALIVE',
    deathDate: null,
    deathCause: null,
    birthDivision: '620102',
    householdNo: 'H1',
    relationToHead: '97',
    registeredAddress: 'address-1',
    registeredDivision: '620102001001',
    residenceAddress: null,
    idCardValidFrom: day('2015-01-01'),
    idCardValidTo: null,
    idCardAuthority: '兰州市公安局城关分局',
    education: '20',
    occupation: null,
    photo: 'ab12',
    phone: null,
    confirmedAt: new Date('2026-06-01T02:00:00Z'),
    ...facts,
  };
}

const wang = person({ id: 'wang', idNumber: '620102198503051234', name: '王五', relationToHead: '01' });
const li = person({ id: 'li', idNumber: '62010219870101002X', name: '李四', sex: '2', relationToHead: '10' });
const child = person({ id: 'child', idNumber: '620102201501010019', name: '王小六', relationToHead: '20', idCardValidFrom: null });
const lone = person({ id: 'lone', idNumber: '620102199001010011', name: '赵七', householdNo: null, relationToHead: null });

const people = [child, li, lone, wang];
const marriages: Marriage[] = [
  {
    personId: 'wang',
    state: '20',
    registeredOn: day('2012-05-20'),
    authority: '城关区民政局',
    certificateNo: 'J620102-2012-000001',
    spouseId: 'li',
  },
];
const kinships: Kinship[] = [
  { personId: 'wang', kind: 'SPOUSE', relativeId: 'li' },
  { personId: 'wang', kind: 'CHILD', relativeId: 'child' },
  { personId: 'child', kind: 'PARENT', relativeId: 'wang' },
];
const moves: Move[] = [
  { id: 2, personId: 'wang', movedOn: day('2010-01-01'), from: '620102001001', to: '620104001001', reason: '购房' },
  { id: 1, personId: 'wang', movedOn: day('2001-01-01'), from: '620302', to: '620102001001', reason: '投靠' },
];
const insurances: Insurance[] = [
  { personId: 'wang', kind: 'PENSION', state: 'ACTIVE', since: day('2008-07-01'), months: 200, division: '620102' },
  { personId: 'wang', kind: 'MEDICAL', state: 'ACTIVE', since: day('2008-07-01'), months: 201, division: '620102' },
];
const assistances: Assistance[] = [
  { id: 1, personId: 'lone', kind: 'TEMPORARY', from: day('2025-01-01'), to: null, monthlyAmount: new Prisma.Decimal('812.50') },
];
const heads: HeadCount[] = [
  { codes: ['0', '1'], count: 12 },
  { codes: ['0', '2'], count: 9 },
  { codes: ['3', '1'], count: 11 },
  { codes: ['3', '2'], count: 7 },
  { codes: ['9', '1'], count: 4 },
  { codes: ['9', '2'], count: 6 },
];

const of = (ids: readonly string[]) => (row: { personId: string }) => ids.includes(row.personId);
const store = keepHeadCounts({
  peopleById: async (ids) => people.filter((each) => ids.includes(each.id)),
  peopleByIdNumber: async (numbers) => people.filter((each) => numbers.includes(each.idNumber)),
  peopleByHousehold: async (numbers) => [wang, li, child].filter((each) => numbers.includes(each.householdNo ?? '')),
  searchPeople: async ({ name }, { after, limit }) =>
    people
      .filter((each) => each.name.startsWith(name ?? '') && each.id > (after ?? ''))
      .sort((one, other) => (one.id < other.id ? -1 : 1))
      .slice(0, limit),
  countPeople: async ({ name }) => people.filter((each) => each.name.startsWith(name ?? '')).length,
  households: async (numbers) => numbers.map((householdNo) => ({ householdNo, kind: 'FAMILY' as const })),
  marriages: async (ids) => marriages.filter(of(ids)),
  kinships: async (ids, kinds) => kinships.filter((link) => of(ids)(link) && (kinds?.includes(link.kind) ?? true)),
  moves: async (ids) => moves.filter(of(ids)),
  insurances: async (ids, _asked, kinds) => insurances.filter((each) => of(ids)(each) && (kinds?.includes(each.kind) ?? true)),
  disabilities: async () => [],
  assistances: async (ids) => assistances.filter(of(ids)),
  countHeads: async (division) => (division === '620000' ? heads : []),
  close: async () => {},
});
const ask = askInProcess({ name: 'population', resolvers, store, makeLoaders: makePopulationLoaders });

test('a person by citizen number, with what only this library knows', async () => {
  const { answer } = await ask(`{
    person(idNumber: "620102198503051234") {
      name birthDate confirmedAt registeredDivision { code } registeredAddress { id } residenceAddress { id }
      idCardValidity { validFrom validTo authority }
      marriage { state registeredOn spouse { name } }
      moves { movedOn from { code } to { code } reason }
      insurances(kind: [MEDICAL]) { kind months division { code } }
      disability { grade }
      relatives { kind person { name } }
    }
  }`);
  expect(answer).toEqual({
    data: {
      person: {
        name: '王五',
        birthDate: '1985-03-05',
        confirmedAt: '2026-06-01T02:00:00Z',
        registeredDivision: { code: '620102001001' },
        registeredAddress: { id: 'address-1' },
        residenceAddress: null,
        idCardValidity: { validFrom: '2015-01-01', validTo: null, authority: '兰州市公安局城关分局' },
        marriage: { state: '20', registeredOn: '2012-05-20', spouse: { name: '李四' } },
        moves: [
          { movedOn: '2010-01-01', from: { code: '620102001001' }, to: { code: '620104001001' }, reason: '购房' },
          { movedOn: '2001-01-01', from: { code: '620302' }, to: { code: '620102001001' }, reason: '投靠' },
        ],
        insurances: [{ kind: 'MEDICAL', months: 201, division: { code: '620102' } }],
        disability: null,
        relatives: [
          { kind: 'SPOUSE', person: { name: '李四' } },
          { kind: 'CHILD', person: { name: '王小六' } },
        ],
      },
    },
  });
});

test('a person who never married is single; without a card or a household there is none', async () => {
  const { answer } = await ask(`{
    lone: person(idNumber: "620102199001010011") { marriage { state spouse { name } } household { householdNo } socialAssistance { monthlyAmount to } }
    child: person(idNumber: "620102201501010019") { idCardValidity { authority } relatives(kind: [PARENT]) { person { name } } }
  }`);
  expect(answer.data).toEqual({
    lone: { marriage: { state: '10', spouse: null }, household: null, socialAssistance: [{ monthlyAmount: 812.5, to: null }] },
    child: { idCardValidity: null, relatives: [{ person: { name: '王五' } }] },
  });
});

test('people are answered in the order asked, null for nobody, and each table is read once', async () => {
  const { answer, questions } = await ask(`{
    persons(idNumbers: ["62010219870101002X", "620102190001010010", "620102198503051234", "62010219870101002X"]) {
      name household { householdNo relationToHead kind members { name } } marriage { state }
    }
  }`);
  const family = { householdNo: 'H1', kind: 'FAMILY', members: [{ name: '王五' }, { name: '李四' }, { name: '王小六' }] };
  expect(answer.data?.['persons']).toEqual([
    { name: '李四', household: { ...family, relationToHead: '10' }, marriage: { state: '10' } },
    null,
    { name: '王五', household: { ...family, relationToHead: '01' }, marriage: { state: '20' } },
    { name: '李四', household: { ...family, relationToHead: '10' }, marriage: { state: '10' } },
  ]);
  expect(questions.map(({ name, asked }) => [name, asked[1]])).toEqual([
    ['peopleByIdNumber', everyRow(['householdNo', 'name', 'relationToHead'])],
    ['households', everyRow(['kind'])],
    ['marriages', everyRow(['state'])],
    ['peopleByHousehold', everyRow(['name'])],
  ]);
});

test('references of other libraries are one question for all, and of what they ask alone', async () => {
  const { answer, questions } = await ask(
    'query ($all: [_Any!]!) { _entities(representations: $all) { ... on Person { name relatives { person { id } } } } }',
    { all: ['li', 'nobody', 'wang'].map((id) => ({ __typename: 'Person', id })) },
  );
  expect(answer.data?.['_entities']).toEqual([
    { name: '李四', relatives: [] },
    null,
    { name: '王五', relatives: [{ person: { id: 'li' } }, { person: { id: 'child' } }] },
  ]);
  expect(questions).toEqual([
    { name: 'peopleById', asked: [['li', 'nobody', 'wang'], everyRow(['name'])] },
    { name: 'kinships', asked: [['li', 'wang'], null] },
  ]);
});

test('a search walks every row once by its cursors, and counts only when asked for the total', async () => {
  const query = `query ($after: String) { searchPersons(name: "王", first: 1, after: $after) { nodes { name } pageInfo { endCursor hasNextPage } } }`;
  const names: unknown[] = [];
  let after: string | null = null;
  for (let page = 0; page < 3; page++) {
    const { answer, questions } = await ask(query, { after });
    expect(questions.map((question) => question.name)).toEqual(['searchPeople']);
    // The shape is that of the query above.
    const found = answer.data?.['searchPersons'] as { nodes: { name: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
    names.push(...found.nodes.map((node) => node.name));
    after = found.pageInfo.endCursor;
    if (!found.pageInfo.hasNextPage) break;
  }
  expect(names).toEqual(['王小六', '王五']);
  const { answer, questions } = await ask('{ searchPersons(name: "王") { total } }');
  expect([answer.data, questions.map((question) => question.name)]).toEqual([{ searchPersons: { total: 2 } }, ['countPeople']]);
});

test.each([
  ['王五', '620102198503051234', null, 'MATCH'],
  ['王五 ', '620102198503051234', null, 'MATCH'],
  ['王五\u3000', '620102198503051234', null, 'MATCH'],
  ['王五', '620102198503051234', 'AB12', 'MATCH'],
  ['王五', '620102198503051234', 'ff00', 'MISMATCH'],
  ['王六', '620102198503051234', null, 'MISMATCH'],
  ['王五', '620102190001010010', null, 'MISMATCH'],
])('identity of %s with %s and photo %s: %s', async (name, idNumber, photoDigest, result) => {
  const { answer } = await ask('query ($input: IdentityInput!) { verifyIdentity(input: $input) { result checkedAt } }', {
    input: { name, idNumber, photoDigest },
  });
  expect(answer.data?.['verifyIdentity']).toEqual({ result, checkedAt: expect.stringMatching(/^20\d\d-.*Z$/) });
});

test('statistics show bands of age, suppress cells under five with what would give them away, and are empty where nobody is registered', async () => {
  const { answer } = await ask(`{
    province: populationStatistics(division: "620000", by: [SEX, AGE_BAND]) { labels count suppressed }
    elsewhere: populationStatistics(division: "110000", by: [AGE_BAND, SEX]) { labels }
  }`);
  expect(answer.data).toEqual({
    province: [
      { labels: ['1', '0-9'], count: 12, suppressed: false },
      { labels: ['1', '30-39'], count: null, suppressed: true },
      { labels: ['1', '90+'], count: null, suppressed: true },
      { labels: ['2', '0-9'], count: 9, suppressed: false },
      { labels: ['2', '30-39'], count: null, suppressed: true },
      { labels: ['2', '90+'], count: null, suppressed: true },
    ],
    elsewhere: [],
  });
});

test('the labels of statistics have their words beside them, in the language that is asked for', async () => {
  const { answer } = await ask(`{
    populationStatistics(division: "620000", by: [AGE_BAND, SEX]) { labels labelWords english: labelWords(in: EN) }
  }`);
  const cells: readonly object[] = answer.data?.['populationStatistics'] as never;
  expect(cells.slice(0, 2)).toEqual([
    { labels: ['0-9', '1'], labelWords: ['0 至 9 岁', '男'], english: ['aged 0 to 9', 'male'] },
    { labels: ['0-9', '2'], labelWords: ['0 至 9 岁', '女'], english: ['aged 0 to 9', 'female'] },
  ]);
});

test('every column that a field may ask for is a column of its table', () => {
  const mapped = (map: Record<string, readonly string[]>) => Object.values(map).flat();
  const known = { ...Prisma.PersonScalarFieldEnum, ...Prisma.HouseholdScalarFieldEnum, ...Prisma.MarriageScalarFieldEnum };
  expect([personColumns, householdColumns, marriageColumns].flatMap(mapped).filter((column) => !(column in known))).toEqual([]);
});
