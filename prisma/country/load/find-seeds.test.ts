import { expect, test } from 'vitest';
import { findSeeds } from './find-seeds.ts';

test('the made-up country has rows for the libraries that it has a seed of; what others keep is their departments’ own', () => {
  const names = findSeeds().map(({ name }) => name);
  expect([names.includes('credit'), names.includes('directory'), names.includes('tax')]).toEqual([true, false, false]);
});
