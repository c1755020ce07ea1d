import { expect, test } from 'vitest';
import { type Door, ORDER, stepsOf } from './pipeline.ts';

test('an operation goes through its door by these steps, in this order', () => {
  // The names that DESIGN gives them; `identify`, `parse` and `write` stand at the edge.
  expect(ORDER).toEqual(['limit', 'read', 'admit', 'tell', 'decide', 'spend', 'plan', 'ask', 'merge', 'record']);
  expect(Object.keys(stepsOf({} as Door))).toEqual([...ORDER]);
});
