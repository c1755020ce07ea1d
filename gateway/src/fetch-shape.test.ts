import { readLibrary } from '@longyuan/schema/src/read-libraries.ts';
import { expect, test } from 'vitest';
import { makeFetchReader } from './fetch-shape.ts';

const library = readLibrary(
  'registry.graphql',
  `extend schema @library(name: "registry", title: "人口", department: "公安厅", uscc: "11629901000000019M", order: 1)
  type Query {
    "The worst score there is."
    worst: Int @structure
  }`,
);

test('shapes of fetches are kept by number and by what they cost, those not asked for longest go first', () => {
  const read = makeFetchReader(library);
  const first = read('{ worst }');
  for (let place = 0; place < 499; place += 1) read(`{ w${place}: worst }`);
  expect(read('{ worst }')).toBe(first);
  for (let place = 0; place < 500; place += 1) read(`{ v${place}: worst }`);
  const again = read('{ worst }');
  expect(again).not.toBe(first);
  // Some 20 KB of text each: a dozen of them are as many bytes as may be kept.
  for (let place = 0; place < 14; place += 1)
    read(`{ ${Array.from({ length: 1_500 }, (_, each) => `x${place}x${each}: worst`).join(' ')} }`);
  expect(read('{ worst }')).not.toBe(again);
});
