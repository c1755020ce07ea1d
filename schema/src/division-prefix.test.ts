import { expect, test } from 'vitest';
import { divisionPrefix, isWithin, shortDivisionCode } from './division-prefix.ts';
import { isKnownDivision } from './division-table.ts';

test.each([
  ['620000000000', '620000', '62'],
  ['620100000000', '620100', '6201'],
  ['620102000000', '620102', '620102'],
  ['620102000', '620102', '620102'],
  ['620102001000', '620102001', '620102001'],
  ['620102001001', '620102001001', '620102001001'],
  ['620100', '620100', '6201'],
])('%s is the division %s, and all below it begins with %s', (code, short, prefix) => {
  expect(shortDivisionCode(code)).toBe(short);
  expect(divisionPrefix(code)).toBe(prefix);
  expect(isKnownDivision(code)).toBe(true);
});

test('a village lies in its county, however many digits that is written with', () => {
  expect(isWithin('620102001001', '620102000000')).toBe(true);
  expect(isWithin('620103001001', '620102000000')).toBe(false);
  expect(isKnownDivision('620199000000')).toBe(false);
});
