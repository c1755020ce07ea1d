import { expect, test } from 'vitest';
import { everyRow } from './asked-rows.ts';
import { manyByKey, oneByKey } from './batch.ts';
import { NO_ROW, type RowRule, some, within } from './row-rule.ts';

test('people asked for together are one fetch of all keys and columns; answers keep the order, missing is null', async () => {
  const fetches: unknown[] = [];
  const people = oneByKey<{ id: string }>(
    async (ids, { columns }) => {
      fetches.push([ids, columns]);
      return [{ id: 'b' }, { id: 'a' }];
    },
    (person) => person.id,
  );
  const found = await Promise.all([
    people.load('a', everyRow(['name'])),
    people.load('x', everyRow(['name'])),
    people.load('b', everyRow(['phone'])),
    people.load('a', everyRow(['id'])),
  ]);
  expect(found.map((person) => person?.id ?? null)).toEqual(['a', null, 'b', 'a']);
  expect(fetches).toEqual([
    [
      ['a', 'x', 'b'],
      ['id', 'name', 'phone'],
    ],
  ]);
});

test('rows of many keep the order they are fetched in, none is an empty list, each filter is one fetch', async () => {
  const fetches: unknown[] = [];
  const moves = manyByKey<{ of: string; year: number }, number | null>(
    async (keys, { columns }, since) => {
      fetches.push([keys, columns, since]);
      return [3, 2, 1].flatMap((year) => (since === null || year >= since ? [{ of: 'a', year }] : []));
    },
    (move) => move.of,
  );
  const found = await Promise.all([
    moves.load('a', everyRow(['year']), null),
    moves.load('b', everyRow(['reason']), null),
    moves.load('a', everyRow(['year']), 2),
  ]);
  expect(found.map((rows) => rows.map((row) => row.year))).toEqual([[3, 2, 1], [], [3, 2]]);
  expect(fetches).toEqual([
    [['a', 'b'], ['reason', 'year'], null],
    [['a'], ['year'], 2],
  ]);
});

test('loads of one turn with other rows in scope are one fetch, and each gets its own; where no row is, nothing is fetched', async () => {
  const fetches: unknown[] = [];
  const licenses = oneByKey<{ id: string; division: string }>(
    async (ids, asked) => {
      fetches.push([ids, asked]);
      return ids.map((id) => ({ id, division: id === 'a' ? '620102' : '620500' }));
    },
    (license) => license.id,
  );
  const [here, there] = [within('division', '620100'), within('division', '620500')];
  const load = (id: string, rows: RowRule) => licenses.load(id, { columns: ['division'], rows });
  const found = await Promise.all([load('a', here), load('a', there), load('b', here), load('b', there), load('c', NO_ROW)]);
  expect(found.map((license) => license?.id ?? null)).toEqual(['a', null, null, 'b', null]);
  expect(fetches).toEqual([[['a', 'b'], { columns: ['division'], rows: some([here, there]) }]]);
  expect(await load('c', NO_ROW)).toBe(null);
  expect(fetches).toHaveLength(1);
});

test('a fetch that fails fails every load of the batch', async () => {
  const people = oneByKey<{ id: string }>(
    () => Promise.reject(new Error('gone')),
    (person) => person.id,
  );
  const outcomes = await Promise.allSettled([people.load('a', everyRow([])), people.load('b', everyRow([]))]);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
});
