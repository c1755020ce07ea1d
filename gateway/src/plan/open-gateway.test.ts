import { expect, test } from 'vitest';
import { keepPlans } from './open-gateway.ts';

/** A plan whose JSON has about so many characters. */
const plan = (characters: number) => ({ kind: 'QueryPlan', node: { kind: 'Fetch', operation: 'x'.repeat(characters) } }) as never;

test('plans are kept by number, and those that were not asked for longest go first', async () => {
  const plans = keepPlans();
  await plans.set('used', plan(10));
  for (let place = 0; place < 5_000; place += 1) {
    await plans.set(String(place), plan(10));
    await plans.get('used');
  }
  expect(await plans.get('used')).toBeDefined();
  expect(await plans.get('4001')).toBeDefined();
  expect(await plans.get('4000')).toBeUndefined();
});

test('plans are kept by what they cost in heap, not in JSON', async () => {
  const plans = keepPlans();
  for (let place = 0; place < 100; place += 1) await plans.set(String(place), plan(100_000));
  const kept = await Promise.all(Array.from({ length: 100 }, (_, place) => plans.get(String(place))));
  // 1.6 MB each.
  expect(kept.filter(Boolean)).toHaveLength(19);
  await plans.set('without end', plan(3_000_000));
  expect(await plans.get('without end')).toBeUndefined();
  expect(await plans.get('99')).toBeDefined();
});
