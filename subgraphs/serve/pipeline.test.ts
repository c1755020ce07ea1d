import { expect, test } from 'vitest';
import { ORDER, type Parts, stepsOf } from './pipeline.ts';

test('an operation goes through a library by these steps, in this order', () => {
  // The names that DESIGN gives them; `door`, `parse` and `write` stand at the edge, `rows` is asked while resolvers answer.
  expect(ORDER).toEqual(['withinWarrant', 'formats', 'decide', 'answer', 'merge', 'record']);
  expect(Object.keys(stepsOf({} as Parts))).toEqual([...ORDER]);
});
