import { expect, test } from 'vitest';
import { countCalls } from './count-calls.ts';

const grant = { id: 'credit-1', callsPerDay: 2 };

test('a grant is used as often a day as it says, and again after the province’s midnight', () => {
  // 23:59 in the province.
  let nowMs = Date.parse('2026-06-30T15:59:00Z');
  const calls = countCalls(() => nowMs);
  expect([1, 2, 3].map(() => calls.useGrant(grant))).toEqual([true, true, false]);
  expect(calls.used(grant.id)).toBe(2);
  expect(calls.useGrant({ id: 'credit-2', callsPerDay: 1 })).toBe(true);
  nowMs += 60_000;
  expect(calls.used(grant.id)).toBe(0);
  expect(calls.useGrant(grant)).toBe(true);
});

test('of ever other grants the last 200,000 are counted', () => {
  const calls = countCalls(() => Date.parse('2026-06-30T04:00:00Z'));
  for (let place = 0; place < 200_000; place += 1) calls.useGrant({ id: `credit-${place}`, callsPerDay: 2 });
  expect([calls.used('credit-0'), calls.used('credit-1')]).toEqual([1, 1]);
  calls.useGrant({ id: 'credit-200000', callsPerDay: 2 });
  expect([calls.used('credit-0'), calls.used('credit-1')]).toEqual([0, 1]);
});
