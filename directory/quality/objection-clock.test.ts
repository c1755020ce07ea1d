import { expect, test } from 'vitest';
import { dueDay, isPast } from './objection-room.ts';

test('an owner has five working days, holidays and the days worked instead of them counted as announced', () => {
  // A Tuesday, 14:00 in the province.
  expect(dueDay(Date.parse('2026-11-24T06:00:00Z'))).toBe('2026-12-01');
  // The day in the province counts: it is Wednesday there already.
  expect(dueDay(Date.parse('2026-11-24T17:00:00Z'))).toBe('2026-12-02');
  // National Day of 2025, 1 to 8 October; Sunday 28 September and Saturday 11 October were worked.
  expect(dueDay(Date.parse('2025-09-26T02:00:00Z'))).toBe('2025-10-10');
});

test('an answer is in time until the end of the last day', () => {
  expect(isPast('2026-12-01', Date.parse('2026-12-01T15:59:59Z'))).toBe(false);
  expect(isPast('2026-12-01', Date.parse('2026-12-01T16:00:00Z'))).toBe(true);
});
