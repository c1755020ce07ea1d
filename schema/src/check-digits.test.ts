import { expect, test } from 'vitest';
import { isCalendarDay, isCitizenNumber, isCreditCode, isLicenseIdentifier, organisationCheck } from './check-digits.ts';

test.each(['11010519491231002X', '440524188001010014', '629901199003071235', '629901201506308812'])('%s is a citizen number', (number) => {
  expect(isCitizenNumber(number)).toBe(true);
});

test('a child is born on a day of the province, where midnight comes eight hours before UTC', () => {
  // 2026-11-30, 00:30 in the province.
  const nowMs = Date.parse('2026-11-29T16:30:00Z');
  expect(isCitizenNumber('629901202611300016', { nowMs })).toBe(true);
  expect(isCitizenNumber('629901202612010010', { nowMs })).toBe(false);
});

test.each([
  ['110105194912310021', 'its check digit is wrong'],
  ['110105199002300010', 'the thirtieth of February is no day'],
  ['11010519491231002x', 'the check character is a capital X'],
  ['1101051949123100', 'it is too short'],
])('%s is none: %s', (number) => {
  expect(isCitizenNumber(number)).toBe(false);
});

test.each(['91350100M000100Y43', '11430000006122244L', '11100000MB03271699', '113700000045030270', '91629901MA00000154'])(
  '%s is a credit code, and the organisation code in it agrees',
  (code) => {
    expect(isCreditCode(code)).toBe(true);
    expect(organisationCheck(code.slice(8, 16))).toBe(code[16]);
  },
);

test('a credit code with one letter changed is none', () => {
  expect(isCreditCode('91350100M000100Y44')).toBe(false);
  expect(isCreditCode('91350100I000100Y43')).toBe(false);
});

test.each([
  '1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U',
  '1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F',
  '1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9',
])('%s is a license identifier', (identifier) => {
  expect(isLicenseIdentifier(identifier)).toBe(true);
});

test('a license identifier with an altered serial is none', () => {
  expect(isLicenseIdentifier('1.2.156.3005.2.11100000000013661B006.113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49.001.M')).toBe(false);
});

test('only real days are days', () => {
  expect(isCalendarDay('2024-02-29')).toBe(true);
  expect(isCalendarDay('2023-02-29')).toBe(false);
  expect(isCalendarDay('2023-2-9')).toBe(false);
});
