import { expect, test } from 'vitest';
import { secondsToReset } from './keep-quotas.ts';

const usedUp = { message: 'used up', extensions: { code: 'QUOTA_EXCEEDED', resetsAt: '2026-11-24T16:00:00.000Z' } };
const now = Date.parse('2026-11-24T15:59:00.500Z');

test('whoever used up a limit of the day is told how long that day lasts, where all of the request was refused for it', () => {
  expect(secondsToReset({ data: null, errors: [usedUp] }, now)).toBe(60);
  expect(secondsToReset({ data: null, errors: [usedUp] }, now + 60_000)).toBe(1);
  expect(secondsToReset({ data: { person: null }, errors: [usedUp] }, now)).toBeNull();
  expect(secondsToReset({ data: null, errors: [{ message: 'no', extensions: { code: 'INTERNAL' } }] }, now)).toBeNull();
});
