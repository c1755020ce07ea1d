import { expect, test } from 'vitest';
import { workdayAfter } from './working-days.ts';

test('holidays that were announced count as they were, with the days worked instead', () => {
  expect(workdayAfter('2025-09-26', 5)).toBe('2025-10-10');
  expect(workdayAfter('2025-09-25', 10)).toBe('2025-10-15');
});

test.each([
  ['the end of 2026, a Friday', '2026-12-25', '2027-01-04'],
  ['New Year of 2027, a Friday', '2026-12-28', '2027-01-05'],
  ['New Year of 2031, a Wednesday', '2030-12-27', '2031-01-06'],
  ['the Spring Festival of 6 February 2027: its eve, three days, and two for the weekend', '2027-02-03', '2027-02-16'],
  ['1 to 3 October 2027, two of them on a weekend', '2027-09-28', '2027-10-08'],
  ['1 and 2 May 2028, a Monday and a Tuesday', '2028-04-28', '2028-05-09'],
  ['Qingming of 2028, a Tuesday', '2028-04-03', '2028-04-11'],
])('holidays of the law count in years that nobody has announced yet: %s', (_, day, fifth) => {
  expect(workdayAfter(day, 5)).toBe(fifth);
});
