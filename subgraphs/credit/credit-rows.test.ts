import type { AccessSet } from '@longyuan/access/access-set.ts';
import { Random } from '@longyuan/prisma/country/generate/random.ts';
import { encodeCursor } from '@longyuan/schema/src/paging/cursor.ts';
import type { ExecutionResult } from 'graphql';
import { expect, test } from 'vitest';
import { askInProcess } from '../../test/ask-in-process.ts';
import { consumer, grantOf, PURPOSE, type RowFacts, slowOracle } from '../../test/slow-oracle.ts';
import { holds } from '../serve/rows/row-rule.ts';
import { makeLoaders } from './loaders.ts';
import { predicates } from './predicates.ts';
import { resolvers } from './resolvers.ts';
import type { CreditStore } from './store.ts';

const FIRM = '91620102MA74000001';
const OTHER = '91620102MA74000002';
const WANG = '00000000-0000-4000-8000-000000000001';
const DAY_MS = 24 * 60 * 60 * 1000;
const midnight = Math.floor((Date.now() + DAY_MS / 3) / DAY_MS) * DAY_MS;
const inDays = (days: number) => new Date(midnight + days * DAY_MS);

type Subject = Readonly<{ subjectKey: string; subjectIsEntity: boolean; division: string }>;
const firm: Subject = { subjectKey: FIRM, subjectIsEntity: true, division: '620102' };
const other: Subject = { subjectKey: OTHER, subjectIsEntity: true, division: '620502' };
const wang: Subject = { subjectKey: WANG, subjectIsEntity: false, division: '620102001001' };
const subjects = [firm, other, wang];

type Dated = Subject & Readonly<{ id: number; publishUntil: Date | null; decidedOn: Date; publishedOn: Date; source: string }>;
const record = (id: number, of: Subject, publishUntil: Date | null): Dated => ({
  ...of,
  id,
  publishUntil,
  decidedOn: inDays(-id),
  publishedOn: inDays(-id),
  source: `来源${id}`,
});
/** Of each subject one that is public for ever, one until today, one until yesterday. */
const dated = (from: number): Dated[] =>
  subjects.flatMap((of, at) => [null, inDays(0), inDays(-1)].map((until, place) => record(from + at * 3 + place, of, until)));
const [permits, penalties, dishonest] = [dated(10), dated(30), dated(50)];
const summaries = subjects.map((of) => ({ ...of, grade: 'B' as const, seriousDishonest: false, listed: [] }));

const of = (keys: readonly string[]) => (row: Subject) => keys.includes(row.subjectKey);
const isPublic = ({ publishUntil }: Dated, on: Date) => publishUntil === null || publishUntil >= on;
/** In the order of their numbers, those that the rule holds for. */
const published = (rows: readonly Dated[]): CreditStore['publishedPenalties'] => ({
  find: async ({ after, limit, asked }) => rows.filter((row) => row.id > (after ?? 0) && holds(asked.rows, row)).slice(0, limit),
  count: async (_division, rule) => rows.filter((row) => holds(rule, row)).length,
});
const store: CreditStore = {
  summaries: async (keys) => summaries.filter(of(keys)),
  permits: async (keys) => permits.filter(of(keys)),
  penalties: async (keys, _asked, on) => penalties.filter((row) => of(keys)(row) && (on === null || isPublic(row, on))),
  penaltiesById: async (ids) => penalties.filter(({ id }) => ids.includes(id)),
  publishedPermits: published(permits),
  publishedPenalties: published(penalties),
  dishonest: async (keys) => dishonest.filter(of(keys)),
  findDishonest: async ({ limit, asked }) => dishonest.filter((row) => holds(asked.rows, row)).slice(0, limit),
  countDishonest: async (_condition, rows) => dishonest.filter((row) => holds(rows, row)).length,
  countPermits: async () => [],
  countPenalties: async (keys, on) =>
    keys.map((subjectKey) => ({ subjectKey, count: penalties.filter((row) => row.subjectKey === subjectKey && isPublic(row, on)).length })),
  measures: async () => [],
  repairs: async (keys) =>
    penalties.filter(of(keys)).map(({ id, subjectKey }) => ({ no: `R${id}`, subjectKey, penaltyId: id, state: 'APPLIED' as const })),
  promises: async () => [],
  close: async () => undefined,
};
const ask = askInProcess({ name: 'credit', resolvers, predicates, store, makeLoaders: (each) => makeLoaders(each) });
const oracle = slowOracle('credit');
const PUBLIC_ACCESS = oracle.accessFor({});
const granted = (...grants: ReturnType<typeof grantOf>[]) => oracle.accessFor({ caller: consumer(), purpose: PURPOSE, grants });

async function answerTo(access: AccessSet, source: string, variables = {}, refused: readonly string[] = []) {
  const { answer, questions } = await ask(source, variables, access);
  expect(refusedIn(answer)).toEqual(refused.map((path) => `${path} ITEM_NOT_SHARED`));
  return { data: answer.data, questions };
}

function refusedIn({ errors = [] }: ExecutionResult): readonly string[] {
  return errors.map(({ path, extensions }) => `${path?.join('.')} ${extensions['code']}`).sort();
}

test('the public sees penalties of a firm inside their publish period alone, on every way to them', async () => {
  const { data } = await answerTo(
    PUBLIC_ACCESS,
    `query ($of: [_Any!]!) {
      penalties(uscc: "${FIRM}") { id }
      all: penalties(uscc: "${FIRM}", effectiveOnly: false) { id confirmedAt }
      _entities(representations: $of) { ... on LegalEntity {
        creditRecords(kinds: [PENALTY]) { id source }
        credit { repairs { no record { id } } }
      } }
    }`,
    { of: [{ __typename: 'LegalEntity', uscc: FIRM }] },
  );
  expect(data).toEqual({
    penalties: [{ id: '30' }, { id: '31' }],
    all: [
      { id: '30', confirmedAt: null },
      { id: '31', confirmedAt: null },
    ],
    _entities: [
      {
        creditRecords: [
          { id: '30', source: '来源30' },
          { id: '31', source: '来源31' },
        ],
        credit: {
          repairs: [
            { no: 'R30', record: { id: '30' } },
            { no: 'R31', record: { id: '31' } },
            { no: 'R32', record: null },
          ],
        },
      },
    ],
  });
});

test('of the credit of a firm the public sees repairs and no grade; a department sees the grade, and of a person nothing without a grant', async () => {
  const source = `query ($of: [_Any!]!) { _entities(representations: $of) {
    ... on LegalEntity { credit { grade penalties promises { no } } } ... on Person { credit { grade } } } }`;
  const variables = {
    of: [
      { __typename: 'LegalEntity', uscc: FIRM },
      { __typename: 'Person', id: WANG },
    ],
  };
  const hidden = { credit: { grade: null, penalties: null, promises: [] } };
  expect((await answerTo(PUBLIC_ACCESS, source, variables)).data?.['_entities']).toEqual([hidden, { credit: null }]);
  const seen = { credit: { grade: 'B', penalties: 2, promises: [] } };
  expect((await answerTo(granted(), source, variables)).data?.['_entities']).toEqual([seen, { credit: null }]);
  const ofPeople = granted(grantOf(['X001'], { division: '620102' }));
  expect((await answerTo(ofPeople, source, variables)).data?.['_entities']).toEqual([seen, { credit: { grade: 'B' } }]);
});

test('the published lists are of firms and inside the publish period whoever asks; what is past it is not counted, nor found by a cursor', async () => {
  const owner = oracle.accessFor({ caller: { kind: 'department', sub: 'o', uscc: '116299010000000511', role: 'developer', region: null } });
  const whole = granted(grantOf(['X020', 'X030'], { division: '620000', level: 3 }));
  for (const access of [PUBLIC_ACCESS, owner, whole]) {
    const { data } = await answerTo(
      access,
      `{ publishedPermits(first: 100) { total nodes { id subject { uscc } } }
         publishedPenalties(first: 1) { total nodes { id } pageInfo { endCursor hasNextPage } }
         behind: publishedPenalties(first: 1, after: "${encodeCursor({ field: 'Query.publishedPenalties' }, [32])}") { nodes { id } } }`,
    );
    const subject = (uscc: string) => ({ subject: { uscc } });
    expect(data).toEqual({
      publishedPermits: {
        total: 6,
        nodes: [10, 11, 12, 13, 14, 15].map((id) => ({ id: String(id), ...subject(id < 13 ? FIRM : OTHER) })),
      },
      publishedPenalties: {
        total: 4,
        nodes: [{ id: '30' }],
        pageInfo: { endCursor: encodeCursor({ field: 'Query.publishedPenalties' }, [30]), hasNextPage: true },
      },
      behind: { nodes: [{ id: '33' }] },
    });
  }
});

test('a debtor whose publication has ended is nobody the public can find, a person as little as a firm; a department still can', async () => {
  const source = `query ($of: [_Any!]!) { dishonestList(first: 100) { total nodes { id } }
    _entities(representations: $of) { ... on LegalEntity { creditRecords(kinds: [DISHONEST]) { id } } } }`;
  const variables = { of: [{ __typename: 'LegalEntity', uscc: FIRM }] };
  const ids = (...of: number[]) => of.map((id) => ({ id: String(id) }));
  expect((await answerTo(PUBLIC_ACCESS, source, variables)).data).toEqual({
    dishonestList: { total: 6, nodes: ids(50, 51, 53, 54, 56, 57) },
    _entities: [{ creditRecords: ids(50, 51) }],
  });
  expect((await answerTo(granted(), source, variables)).data?.['_entities']).toEqual([{ creditRecords: ids(50, 51, 52) }]);
});

test('a citizen and an agent see what is their own, past its publish period, too', async () => {
  const variables = {
    of: [
      { __typename: 'LegalEntity', uscc: FIRM },
      { __typename: 'Person', id: WANG },
    ],
  };
  const source = `query ($of: [_Any!]!) { _entities(representations: $of) {
    ... on LegalEntity { creditRecords(kinds: [PENALTY]) { id } } ... on Person { creditRecords(kinds: [PENALTY]) { id } } } }`;
  const citizen = oracle.accessFor({ caller: { kind: 'citizen', sub: 's', person: WANG } });
  const agent = oracle.accessFor({ caller: { kind: 'agent', sub: 's', uscc: FIRM } });
  const ids = (...of: number[]) => ({ creditRecords: of.map((id) => ({ id: String(id) })) });
  expect((await answerTo(citizen, source, variables)).data?.['_entities']).toEqual([ids(30, 31), ids(36, 37, 38)]);
  expect((await answerTo(agent, source, variables, ['_entities.1.creditRecords'])).data?.['_entities']).toEqual([
    ids(30, 31, 32),
    { creditRecords: null },
  ]);
});

test('a penalty outside the scope and one that does not exist are asked for alike', async () => {
  const source = (uscc: string) => `{ penalties(uscc: "${uscc}", effectiveOnly: false) { id } }`;
  const access = oracle.accessFor({ caller: { kind: 'agent', sub: 's', uscc: OTHER } });
  const outside = await ask(source('91620102MA74000009'), {}, access);
  const hidden = await ask(source('91620102MA74000003'), {}, access);
  expect(hidden.answer).toEqual(outside.answer);
  expect(hidden.questions.map(({ name, asked }) => [name, asked.slice(1)])).toEqual(
    outside.questions.map(({ name, asked }) => [name, asked.slice(1)]),
  );
});

const kinds = {
  PermitDecision: { rows: permits, kind: 'PERMIT', item: 'X020' },
  Penalty: { rows: penalties, kind: 'PENALTY', item: 'X030' },
  DishonestRecord: { rows: dishonest, kind: 'DISHONEST', item: 'X040' },
} as const satisfies Record<string, { rows: readonly Dated[]; kind: string; item: string }>;

test('random grants: every record seen is one that the decision gives, and none it gives is missing', async () => {
  const random = new Random(12, 0);
  const some = <One>(from: readonly One[]): One[] => from.filter(() => random.chance(0.5));
  for (let round = 0; round < 300; round += 1) {
    const grants = Array.from({ length: random.between(0, 3) }, () =>
      grantOf(some(['X001', 'X020', 'X030']), {
        access: random.pick(['READ', 'READ', 'MASKED', 'VERIFY'] as const),
        division: random.pick(['620000', '620102', '620102001', '620500']),
        level: random.pick([2, 3]),
      }),
    );
    const caller = random.pick([
      consumer(random.pick([null, '620500', '620102'])),
      { kind: 'department', sub: 'o', uscc: '116299010000000511', role: 'developer', region: null } as const,
      { kind: 'citizen', sub: 's', person: WANG } as const,
      { kind: 'agent', sub: 's', uscc: random.pick([FIRM, OTHER]) } as const,
      { kind: 'public' } as const,
    ]);
    const access = oracle.accessFor({ caller, purpose: PURPOSE, grants });
    const asked = some(['PERMIT', 'PENALTY', 'DISHONEST'] as const);
    const { answer } = await ask(
      `query ($of: [_Any!]!, $kinds: [CreditRecordKind!]) {
        _entities(representations: $of) {
          ... on LegalEntity { records: creditRecords(kinds: $kinds) { id } credit { grade } }
          ... on Person { records: creditRecords(kinds: $kinds) { id } credit { grade } }
        }
        penalties(uscc: "${FIRM}", effectiveOnly: false) { id source }
        permits(uscc: "${OTHER}") { id }
        dishonestList(first: 100) { nodes { id } total }
        publishedPermits(first: 100) { nodes { id } total }
        publishedPenalties(first: 100) { nodes { id } total }
      }`,
      {
        of: subjects.map(({ subjectKey }) =>
          subjectKey === WANG ? { __typename: 'Person', id: WANG } : { __typename: 'LegalEntity', uscc: subjectKey },
        ),
        kinds: asked,
      },
      access,
    );
    const isShown = (type: keyof typeof kinds, row: Dated) => oracle.shown(access, `${type}.id`, factsOf(row)) === 'WHOLE';
    const expectedOf = (type: keyof typeof kinds, subject: Subject) =>
      kinds[type].rows.filter((row) => row.subjectKey === subject.subjectKey && isShown(type, row)).map(({ id }) => ({ id: String(id) }));
    const recordsOf = (subject: Subject) => {
      const owner = subject === wang ? 'Person' : 'LegalEntity';
      const isOnEdge = (row: Dated) => oracle.shown(access, `${owner}.creditRecords`, factsOf(row)) === 'WHOLE';
      return (Object.keys(kinds) as (keyof typeof kinds)[])
        .filter((type) => asked.includes(kinds[type].kind))
        .flatMap((type) => kinds[type].rows.map((row) => ({ type, row })))
        .filter(({ type, row }) => row.subjectKey === subject.subjectKey && isShown(type, row))
        .filter(({ type, row }) => type !== 'PermitDecision' || isOnEdge(row))
        .sort((one, two) => two.row.decidedOn.getTime() - one.row.decidedOn.getTime())
        .map(({ row }) => ({ id: String(row.id) }));
    };
    const creditOf = (subject: Subject) => {
      const owner = subject === wang ? 'Person' : 'LegalEntity';
      const isThere = [`${owner}.credit`, 'CreditSummary.grade'].every((each) => oracle.shown(access, each, factsOf(subject)) === 'WHOLE');
      return isThere ? { grade: 'B' } : null;
    };
    // An agent who finds nothing at a person is told that it is not theirs.
    const isRefused = (subject: Subject) => caller.kind === 'agent' && subject === wang;
    const entities = subjects.map((subject) => {
      const records = recordsOf(subject);
      return { records: isRefused(subject) && records.length === 0 ? null : records, credit: creditOf(subject) };
    });
    const refused = entities.flatMap(({ records, credit }, at) =>
      isRefused(subjects[at] ?? firm) ? [...(records ? [] : [`${at}.records`]), ...(credit ? [] : [`${at}.credit`])] : [],
    );
    // Of another firm it is told once what of its credit is not the caller's: the row is not there for that.
    const seesOwn = caller.kind === 'agent' || caller.kind === 'citizen';
    const others = seesOwn ? entities.findIndex(({ credit }, at) => !credit && subjects[at] !== wang) : -1;
    if (others >= 0) refused.push(`${others}.credit.grade`);
    expect(refusedIn(answer), `round ${round}`).toEqual(refused.map((path) => `_entities.${path} ITEM_NOT_SHARED`).sort());
    expect(answer.data, `round ${round}`).toEqual({
      _entities: entities,
      penalties: expectedOf('Penalty', firm).map(({ id }) => ({ id, source: `来源${id}` })),
      permits: expectedOf('PermitDecision', other),
      dishonestList: pageOf(dishonest.filter((row) => isShown('DishonestRecord', row))),
      publishedPermits: pageOf(permits.filter((row) => row.subjectIsEntity && isShown('PermitDecision', row))),
      publishedPenalties: pageOf(penalties.filter((row) => isWithinPeriod(row) && isShown('Penalty', row))),
    });
  }
});

function pageOf(rows: readonly Dated[]) {
  return { nodes: rows.map(({ id }) => ({ id: String(id) })), total: rows.length };
}

function isWithinPeriod(row: Dated): boolean {
  return row.subjectIsEntity && (row.publishUntil === null || row.publishUntil.getTime() >= midnight);
}

function factsOf(row: Subject | Dated): RowFacts {
  const isPublicToday = !('publishUntil' in row) || row.publishUntil === null || row.publishUntil.getTime() >= midnight;
  return {
    subject: row.subjectKey,
    division: row.division,
    predicates: {
      SUBJECT_IS_LEGAL_ENTITY: row.subjectIsEntity,
      WITHIN_PUBLISH_PERIOD: row.subjectIsEntity && isPublicToday,
      STILL_PUBLISHED: isPublicToday,
    },
  };
}
