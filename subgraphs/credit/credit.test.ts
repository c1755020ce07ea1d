import { decodeCursor, encodeCursor } from '@longyuan/schema/src/paging/cursor.ts';
import { expect, test } from 'vitest';
import { askInProcess } from '../../test/ask-in-process.ts';
import { everyRow } from '../serve/rows/asked-rows.ts';
import { EVERY_ROW } from '../serve/rows/row-rule.ts';
import { makeLoaders } from './loaders.ts';
import { predicates } from './predicates.ts';
import { resolvers } from './resolvers.ts';
import type { CreditStore, DishonestRow, PenaltyRow, PermitRow } from './store.ts';

const A = '91620102MA74000001';
const B = '91620102MA74000002';
const UNKNOWN = '91620102MA74000009';
const WANG = '00000000-0000-4000-8000-000000000001';
const TODAY = new Date('2026-06-30');

const penalties: readonly (PenaltyRow & { publishUntil: Date | null })[] = [
  { id: 3, subjectKey: A, decidedOn: new Date('2026-02-01'), publishUntil: TODAY, fine: null, source: '市场监管' },
  { id: 2, subjectKey: A, decidedOn: new Date('2025-02-01'), publishUntil: null, source: '生态环境' },
  { id: 1, subjectKey: A, decidedOn: new Date('2022-02-01'), publishUntil: new Date('2026-06-29'), source: '税务' },
];
const permits: readonly PermitRow[] = [
  { id: 11, subjectKey: A, decidedOn: new Date('2025-06-01'), source: '商务' },
  { id: 10, subjectKey: WANG, decidedOn: new Date('2020-06-01'), source: '人社' },
];
const dishonest: readonly DishonestRow[] = [
  { id: 21, subjectKey: WANG, publishedOn: new Date('2024-03-03'), subjectName: '王建国', subjectIsEntity: false },
  { id: 22, subjectKey: A, publishedOn: new Date('2024-03-03'), subjectName: '陇源百货', subjectIsEntity: true },
  { id: 20, subjectKey: B, publishedOn: new Date('2025-08-01'), subjectName: '河口粮油', subjectIsEntity: true },
];
const isPublic = (row: { publishUntil: Date | null }, on: Date) => row.publishUntil === null || row.publishUntil >= on;

/** What the store of PostgreSQL answers, from arrays. */
const store: CreditStore = {
  summaries: async (keys) =>
    [A, WANG]
      .filter((key) => keys.includes(key))
      .map((subjectKey) => ({ subjectKey, grade: 'B', seriousDishonest: false, listed: ['纳税信用A级'] })),
  permits: async (keys) => permits.filter(({ subjectKey }) => keys.includes(subjectKey)),
  penalties: async (keys, _columns, on) => penalties.filter((row) => keys.includes(row.subjectKey) && (on === null || isPublic(row, on))),
  penaltiesById: async (ids) => penalties.filter(({ id }) => ids.includes(id)),
  publishedPermits: { find: async ({ limit }) => permits.slice(0, limit), count: async () => permits.length },
  publishedPenalties: { find: async ({ limit }) => penalties.slice(0, limit), count: async () => penalties.length },
  dishonest: async (keys) => dishonest.filter(({ subjectKey }) => keys.includes(subjectKey)),
  findDishonest: async ({ condition, after, limit }) =>
    dishonest
      .filter((row) => condition.isEntity === null || row.subjectIsEntity === condition.isEntity)
      .filter(({ publishedOn, id }) => {
        if (after === null) return true;
        return publishedOn > after.publishedOn || (publishedOn.getTime() === after.publishedOn.getTime() && id > after.id);
      })
      .slice(0, limit),
  countDishonest: async () => dishonest.length,
  countPermits: async (keys) => (keys.includes(A) ? [{ subjectKey: A, count: 1 }] : []),
  countPenalties: async (_keys, on) => [{ subjectKey: A, count: penalties.filter((row) => isPublic(row, on)).length }],
  measures: async () => [{ subjectKey: A, kind: 'RESTRICTION', content: '限制高消费', basis: '法释〔2015〕17号' }],
  repairs: async () => [
    { subjectKey: A, no: 'R2', penaltyId: 1, state: 'GRANTED' },
    { subjectKey: A, no: 'R1', penaltyId: 2, state: 'APPLIED' },
  ],
  promises: async () => [],
  close: async () => undefined,
};
const ask = askInProcess({ name: 'credit', resolvers, predicates, store, makeLoaders: (each) => makeLoaders(each, TODAY) });
const askEntities = (fields: string) =>
  ask(`query ($of: [_Any!]!) { _entities(representations: $of) { ... on LegalEntity { ${fields} } ... on Person { ${fields} } } }`, {
    of: [
      { __typename: 'LegalEntity', uscc: A },
      { __typename: 'LegalEntity', uscc: UNKNOWN },
      { __typename: 'Person', id: WANG },
    ],
  });

test('people and entities have a credit summary, null where the library knows nothing of them', async () => {
  const { answer, questions } = await askEntities('credit { grade listed }');
  const known = { credit: { grade: 'B', listed: ['纳税信用A级'] } };
  expect(answer).toEqual({ data: { _entities: [known, { credit: null }, known] } });
  expect(questions).toEqual([
    {
      name: 'summaries',
      asked: [[A, UNKNOWN, WANG], everyRow(['grade', 'listed'])],
    },
  ]);
});

test('permits and penalties are counted together for all subjects, and only when asked for', async () => {
  const { answer, questions } = await askEntities('credit { permits penalties }');
  expect(answer.data?.['_entities']).toEqual([
    { credit: { permits: 1, penalties: 2 } },
    { credit: null },
    { credit: { permits: 0, penalties: 0 } },
  ]);
  expect(questions).toEqual([
    { name: 'summaries', asked: [[A, UNKNOWN, WANG], everyRow([])] },
    { name: 'countPermits', asked: [[A, WANG]] },
    { name: 'countPenalties', asked: [[A, WANG], TODAY] },
  ]);
});

test('a repair names its penalty, and all penalties of all repairs are one question', async () => {
  const { answer, questions } = await askEntities('credit { repairs { no record { id fine } } measures { content } promises { no } }');
  expect(answer.data?.['_entities']).toMatchObject([
    { credit: { repairs: [{ record: { id: '1' } }, { record: { id: '2', fine: null } }], measures: [{ content: '限制高消费' }] } },
    { credit: null },
    { credit: { repairs: [], measures: [], promises: [] } },
  ]);
  const asked = questions.map(({ name }) => name);
  expect(asked.toSorted()).toEqual(['measures', 'penaltiesById', 'promises', 'repairs', 'summaries']);
});

test('credit records of all kinds are one list, the latest first', async () => {
  const { answer, questions } = await askEntities(
    'creditRecords { __typename id source ... on Penalty { fine } ... on DishonestRecord { court } }',
  );
  expect(answer.errors).toBeUndefined();
  const names = (answer.data as { _entities: { creditRecords: { __typename: string; id: string }[] }[] })._entities.map(
    ({ creditRecords }) => creditRecords.map(({ __typename, id }) => `${__typename} ${id}`),
  );
  expect(names).toEqual([
    ['Penalty 3', 'PermitDecision 11', 'Penalty 2', 'DishonestRecord 22', 'Penalty 1'],
    [],
    ['DishonestRecord 21', 'PermitDecision 10'],
  ]);
  const subjects = [A, UNKNOWN, WANG];
  expect(questions).toEqual([
    { name: 'permits', asked: [subjects, everyRow(['id', 'source']), undefined] },
    { name: 'penalties', asked: [subjects, everyRow(['fine', 'id', 'source']), null] },
    { name: 'dishonest', asked: [subjects, everyRow(['court', 'id', 'source']), undefined] },
  ]);
});

test('a kind of record that is not asked for is not read', async () => {
  const { questions } = await askEntities('creditRecords(kinds: [PERMIT]) { id }');
  expect(questions.map(({ name }) => name)).toEqual(['permits']);
});

test('penalties are shown on the last day of their publish period and not after it, unless asked for', async () => {
  const { answer, questions } = await ask(`{
    effective: penalties(uscc: "${A}") { id }
    all: penalties(uscc: "${A}", effectiveOnly: false) { id decidedOn }
    none: penalties(uscc: "${UNKNOWN}") { id }
    permits(uscc: "${A}") { id }
  }`);
  expect(answer.data).toMatchObject({
    effective: [{ id: '3' }, { id: '2' }],
    all: [{ id: '3', decidedOn: '2026-02-01' }, { id: '2' }, { id: '1', decidedOn: '2022-02-01' }],
    none: [],
    permits: [{ id: '11' }],
  });
  expect(questions.map(({ name }) => name).toSorted()).toEqual(['penalties', 'penalties', 'permits']);
});

test('the list of the courts is walked by day of publication, also where two entries share the day', async () => {
  const walked: string[] = [];
  let after: string | null = null;
  do {
    const { answer } = await ask(
      'query ($after: String) { dishonestList(first: 1, after: $after) { nodes { subjectName } pageInfo { endCursor hasNextPage } } }',
      { after },
    );
    const { nodes, pageInfo } = (
      answer.data as { dishonestList: { nodes: { subjectName: string }[]; pageInfo: { endCursor: string; hasNextPage: boolean } } }
    ).dishonestList;
    walked.push(...nodes.map(({ subjectName }) => subjectName));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    if (walked.length === 1) expect(decodeCursor(pageInfo.endCursor, { field: 'Query.dishonestList' }, 2)).toEqual(['2024-03-03', 21]);
  } while (after !== null);
  expect(walked).toEqual(['王建国', '陇源百货', '河口粮油']);
});

test('the list of the courts is searched by kind of subject, name and division, within the publish period', async () => {
  const { answer, questions } = await ask(
    '{ dishonestList(kind: LEGAL_ENTITY, name: "陇源", division: "620100") { nodes { subjectName } total } }',
  );
  expect(answer.data).toMatchObject({ dishonestList: { nodes: [{ subjectName: '陇源百货' }, { subjectName: '河口粮油' }] } });
  const condition = { isEntity: true, name: '陇源', division: '620100', on: TODAY };
  expect(questions).toEqual([
    { name: 'findDishonest', asked: [{ condition, after: null, limit: 21, asked: everyRow(['subjectName']) }] },
    { name: 'countDishonest', asked: [condition, EVERY_ROW] },
  ]);
});

test('a forged cursor is bad input', async () => {
  for (const place of [['2024-02-30', 1], [1, 1], ['2024-03-03', 1.5], ['2024-03-03', 1e12], ['2024-03-03', '1'], ['2024-03-03']]) {
    const { answer, questions } = await ask('query ($after: String) { dishonestList(after: $after) { total } }', {
      after: encodeCursor({ field: 'Query.dishonestList' }, place),
    });
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'Query.dishonestList(after:)' });
    expect(questions).toEqual([]);
  }
});
