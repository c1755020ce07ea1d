import { expect, test } from 'vitest';
import { narrowed } from './prisma-where.ts';
import { absent, EVERY_ROW, every, holds, is, NO_ROW, some, within } from './row-rule.ts';

test('every row is the store’s own condition, untouched; no row stands alone', () => {
  const own = { id: 1 };
  expect(narrowed(own, EVERY_ROW)).toBe(own);
  expect(narrowed(own, NO_ROW)).toEqual({ OR: [] });
  expect(narrowed(own, every([is('a', true), some([within('b', '620100'), absent('c')])]))).toEqual({
    AND: [own, { AND: [{ a: true }, { OR: [{ b: { gte: '6201', lt: '6202' } }, { c: null }] }] }],
  });
});

test('rules are joined flat, each once, and without what changes nothing', () => {
  expect(every([EVERY_ROW, is('a', true), every([is('a', true)])])).toEqual(is('a', true));
  expect(every([is('a', true), some([])])).toBe(NO_ROW);
  expect(some([NO_ROW, is('a', true), EVERY_ROW])).toBe(EVERY_ROW);
  expect(some([])).toBe(NO_ROW);
  expect(every([])).toBe(EVERY_ROW);
});

test('a column that was not read satisfies nothing', () => {
  expect(['a', 'b'].map((column) => holds(absent(column), { a: null }))).toEqual([true, false]);
  expect(holds(within('toString', '620100'), {})).toBe(false);
});
