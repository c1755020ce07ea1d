import { expect, test } from 'vitest';
import { narrowed } from './put-to-prisma.ts';
import { absent, EVERY_ROW, every, is, NO_ROW, oneOf, some, within } from './row-rule.ts';

test('every row is the store’s own condition, untouched; no row stands alone', () => {
  const own = { id: 1 };
  expect(narrowed(own, EVERY_ROW)).toBe(own);
  expect(narrowed(own, NO_ROW)).toEqual({ OR: [] });
});

test('conditions stand side by side where they speak of different columns, and in an AND where none may take the place of another', () => {
  const inside = within('b', '620100');
  const range = { gte: '6201', lt: '6202' };
  expect(narrowed({ id: 1 }, every([is('a', true), some([inside, absent('c')])]))).toEqual({
    ...{ id: 1, a: true },
    OR: [{ b: range }, { c: null }],
  });
  expect(narrowed({ b: '620102' }, inside)).toEqual({ AND: [{ b: '620102' }, { b: range }] });
  expect(narrowed({ OR: [{ a: 1 }] }, some([inside, absent('c')]))).toEqual({
    AND: [{ OR: [{ a: 1 }] }, { OR: [{ b: range }, { c: null }] }],
  });
  expect(narrowed({ id: 1 }, every([inside, oneOf('b', ['620102'])]))).toEqual({ id: 1, AND: [{ b: range }, { b: { in: ['620102'] } }] });
});
