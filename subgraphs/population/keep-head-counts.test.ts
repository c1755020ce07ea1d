import { expect, test } from 'vitest';
import { keepHeadCounts } from './keep-head-counts.ts';

test('of ever other divisions the last 24 counts are kept', async () => {
  let counted = 0;
  const countHeads = async () => {
    counted += 1;
    return [];
  };
  // Nothing else of the store is asked.
  const store = keepHeadCounts({ countHeads } as never);
  const today = new Date('2026-11-24');
  const countsFor = async (division: string): Promise<number> => {
    const before = counted;
    await store.countHeadsAbove(division, ['SEX'], today);
    return counted - before;
  };
  for (let place = 0; place < 24; place += 1) await countsFor(String(place));
  expect(await countsFor('0')).toBe(0);
  await countsFor('one more');
  expect([await countsFor('0'), await countsFor('1')]).toEqual([0, 1]);
});
