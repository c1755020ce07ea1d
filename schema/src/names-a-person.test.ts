import { expect, test } from 'vitest';
import { namesAPerson } from './names-a-person.ts';

test.each([
  ['姓名与身份证不符：11010519491231002X', true],
  ['姓名与身份证不符：１１０１０５１９４９１２３１００２ｘ', true],
  ['11010519491231 002X is wrong', true],
  ['电话已停用 138-0013-8000', true],
  ['请回电 +86 13800138000', true],
  ['请回电 8613800138000', true],
  // The check digit is wrong, so it is nobody's number; a credit code is open; days are days.
  ['110105194912310021', false],
  // Of the digits of a name that a machine gave some look like a telephone number.
  ['核对 3f0aa138-0013-8000-9b1d-5c0ffee01234', false],
  ['核对 3f0aa138-0013-8000-9b1d-5c0ffee01234，请回电 13800138000', true],
  ['住所与 91620100MA71A0000X 登记不符, since 2026-01-15', false],
])('%s', (words, names) => {
  expect(namesAPerson(words)).toBe(names);
});
