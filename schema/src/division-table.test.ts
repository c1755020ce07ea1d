import { expect, test } from 'vitest';
import { isKnownDivision, readDivisions } from './division-table.ts';

test('the table holds the province, 14 prefectures, 88 counties, 1,403 towns and 17,718 villages, each once', () => {
  const divisions = readDivisions();
  const counts = [1, 2, 3, 4, 5].map((level) => divisions.filter((division) => division.level === level).length);
  expect(counts).toEqual([1, 14, 88, 1403, 17718]);
  expect(new Set(divisions.map((division) => division.code)).size).toBe(divisions.length);
});

test('every division but the province lies in one that is there', () => {
  expect(readDivisions().filter(({ parent }) => parent !== null && !isKnownDivision(parent))).toEqual([]);
});
