import { expect, test } from 'vitest';
import { makeDownloadSlots, type Slot } from './download-slots.ts';

const giveBack = (slot: Slot | undefined): void => {
  if (slot?.kind === 'free') slot.giveBack();
};

test('one address holds no more than its part of the downloads, and another finds room', () => {
  const take = makeDownloadSlots({ most: 8, mostOfOne: 4 });
  const held = Array.from({ length: 4 }, () => take('203.0.113.9'));
  expect(held.map(({ kind }) => kind)).toEqual(['free', 'free', 'free', 'free']);
  expect(take('203.0.113.9')).toEqual({ kind: 'fullOfOne' });
  for (let n = 0; n < 4; n += 1) expect(take(`198.51.100.${n}`).kind).toBe('free');
  expect(take('198.51.100.9')).toEqual({ kind: 'full' });
  // Given back twice it is one slot all the same.
  giveBack(held[0]);
  giveBack(held[0]);
  expect(take('203.0.113.9').kind).toBe('free');
  expect(take('198.51.100.9')).toEqual({ kind: 'full' });
});
