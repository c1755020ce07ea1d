import { expect, test } from 'vitest';
import { makePlaceSeal } from './sealed-place.ts';

test('a place is opened by the process that sealed it and shows nothing to others', () => {
  const seal = makePlaceSeal();
  const place = seal.seal(['11010519491231002X', null]);
  expect(seal.open(place)).toEqual(['11010519491231002X', null]);
  expect(Buffer.from(place, 'base64url').toString('latin1')).not.toContain('1101');
  expect(makePlaceSeal().open(place)).toBe(null);
  expect(seal.open(`${place.slice(0, -2)}AA`)).toBe(null);
  expect(seal.open('')).toBe(null);
});
