import { expect, test } from 'vitest';
import { hasSeed } from './find-seeds.ts';

test('a library without a seed of its own waits for no rows: what its department keeps is what there is', () => {
  expect([hasSeed('credit'), hasSeed('directory'), hasSeed('tax')]).toEqual([true, false, false]);
});
