import { expect, test } from 'vitest';
import { decodeCursor } from './cursor.ts';
import { keysetPage } from './keyset-page.ts';

function pageOver(rows: readonly string[]) {
  const limits: number[] = [];
  const fetch = async (limit: number) => {
    limits.push(limit);
    return rows.slice(0, limit);
  };
  return { limits, page: keysetPage({ first: 2, fetch, placeOf: (row) => [row], count: async () => rows.length }) };
}

test('a page shows what was asked for, and the row beyond it only as a sign that more follows', async () => {
  const { page, limits } = pageOver(['a', 'b', 'c', 'd']);
  const [nodes, { endCursor, hasNextPage }] = await Promise.all([page.nodes(), page.pageInfo()]);
  expect({ nodes, hasNextPage }).toEqual({ nodes: ['a', 'b'], hasNextPage: true });
  expect(decodeCursor(endCursor ?? '', 1)).toEqual(['b']);
  expect(limits).toEqual([3]);
});

test('the last page and an empty one have nothing after them', async () => {
  expect(await pageOver(['a', 'b']).page.pageInfo()).toMatchObject({ hasNextPage: false });
  expect(await pageOver([]).page.pageInfo()).toEqual({ endCursor: null, hasNextPage: false });
});

test('a total alone reads no page', async () => {
  const { page, limits } = pageOver(['a', 'b', 'c']);
  expect(await page.total()).toBe(3);
  expect(limits).toEqual([]);
});
