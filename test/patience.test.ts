import { expect, test } from 'vitest';
import { measurePace, patience, tellPace } from './patience.ts';

test('a quiet machine is not spoken of, a slow one is, and of one that is too slow the results are doubted', () => {
  expect(measurePace()).toBeGreaterThanOrEqual(1);
  expect(tellPace(1.4)).toBe(null);
  expect(tellPace(2.5)).toBe(
    'This machine is 2.5 times slower just now than a quiet one of two cores; every time limit of the tests is as much longer.',
  );
  expect(tellPace(9)).toMatch(/too slow for tests that wait/);
});

test('what a test waits for at most grows with the pace that was measured', () => {
  expect(patience(1_000)).toBe(1_000 * Number(process.env['TEST_PACE']));
});
