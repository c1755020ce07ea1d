import { expect, test } from 'vitest';
import { decodeCursor } from './cursor.ts';
import { keysetPage, keysetPageOf } from './keyset-page.ts';

const LIST = { field: 'Query.letters' };

function pageOver(rows: readonly string[], after: string | null = null) {
  const limits: number[] = [];
  const fetch = async (limit: number) => {
    limits.push(limit);
    return rows.slice(0, limit);
  };
  return { limits, page: keysetPage({ list: LIST, first: 2, after, fetch, placeOf: (row) => [row], count: async () => rows.length }) };
}

test('a page shows what was asked for, and the row beyond it only as a sign that more follows', async () => {
  const { page, limits } = pageOver(['a', 'b', 'c', 'd']);
  const [nodes, { startCursor, endCursor, ...around }] = await Promise.all([page.nodes(), page.pageInfo()]);
  expect({ nodes, ...around }).toEqual({ nodes: ['a', 'b'], hasPreviousPage: false, hasNextPage: true });
  expect([startCursor, endCursor].map((cursor) => decodeCursor(cursor ?? '', LIST, 1))).toEqual([['a'], ['b']]);
  expect(limits).toEqual([3]);
});

test('each edge has the cursor that its page would end with, and costs no reading of its own', async () => {
  const { page, limits } = pageOver(['a', 'b', 'c']);
  const [edges, { startCursor, endCursor }] = await Promise.all([page.edges(), page.pageInfo(), page.nodes()]);
  expect(edges.map(({ node, cursor }) => [node, cursor()])).toEqual([
    ['a', startCursor],
    ['b', endCursor],
  ]);
  expect(limits).toEqual([3]);
});

test('a cursor is made for edges that are asked for it alone', async () => {
  const made: unknown[] = [];
  const page = keysetPageOf(
    {
      ...{ list: LIST, first: 2, after: null, fetch: async () => ['a', 'b'], count: async () => 2 },
      placeOf: (row) => [row],
      encode: (values) => String(made.push(values)),
    },
    (row) => row.toUpperCase(),
  );
  expect((await page.edges()).map(({ node }) => node)).toEqual(['A', 'B']);
  expect(made).toEqual([]);
});

test('the last page and an empty one have nothing after them; one that was asked for behind a cursor has something before it', async () => {
  expect(await pageOver(['a', 'b'], 'behind something').page.pageInfo()).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  const nothing = { startCursor: null, endCursor: null, hasPreviousPage: false, hasNextPage: false };
  expect(await pageOver([]).page.pageInfo()).toEqual(nothing);
});

test('a total alone reads no page', async () => {
  const { page, limits } = pageOver(['a', 'b', 'c']);
  expect(await page.total()).toBe(3);
  expect(limits).toEqual([]);
});
