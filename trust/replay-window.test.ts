import { expect, test } from 'vitest';
import { openReplayWindow } from './keep-seals.ts';

test('each count is let in once, in any order', () => {
  const isFirst = openReplayWindow();
  expect([1, 3, 2, 0, 40, 39].map(isFirst)).toEqual([true, true, true, true, true, true]);
  expect([1, 3, 2, 0, 40, 39].map(isFirst)).toEqual([false, false, false, false, false, false]);
});

test('what lies too far behind to be remembered is refused rather than forgotten', () => {
  const isFirst = openReplayWindow(64);
  expect(isFirst(100)).toBe(true);
  expect(isFirst(37)).toBe(true);
  expect(isFirst(36)).toBe(false);
  expect(isFirst(37)).toBe(false);
});

test('counts that jump ahead leave no traces of those before them', () => {
  const isFirst = openReplayWindow(64);
  for (let count = 0; count < 64; count += 1) expect(isFirst(count)).toBe(true);
  expect(isFirst(70)).toBe(true);
  // 64 to 69 have the places that 0 to 5 had.
  for (let count = 64; count < 70; count += 1) expect(isFirst(count)).toBe(true);
  expect(isFirst(63)).toBe(false);
  expect(isFirst(1_000_000)).toBe(true);
  expect(isFirst(999_999)).toBe(true);
  expect(isFirst(70)).toBe(false);
});

test('what is no count is refused', () => {
  const isFirst = openReplayWindow();
  for (const count of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) expect(isFirst(count)).toBe(false);
});

test('over a long run in disorder it agrees with remembering everything', () => {
  const isFirst = openReplayWindow(128);
  const seen = new Set<number>();
  let highest = -1;
  for (let step = 0; step < 20_000; step += 1) {
    const count = Math.floor(step / 3) + ((step * 7_919) % 300);
    const expected = count > highest - 128 && !seen.has(count);
    expect(isFirst(count), `step ${step}`).toBe(expected);
    seen.add(count);
    highest = Math.max(highest, count);
  }
});
