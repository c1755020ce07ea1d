import { expect, test } from 'vitest';
import { everyRow } from './asked-rows.ts';
import { manyByKey, oneByKey } from './batch.ts';

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

test('a fetch that fails fails every load of the batch', async () => {
  const people = oneByKey<{ id: string }>(
    () => Promise.reject(new Error('gone')),
    (person) => person.id,
  );
  const outcomes = await Promise.allSettled([people.load('a', everyRow([])), people.load('b', everyRow([]))]);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
});
