import { expect, test } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

test('the same value has one spelling, whatever the order of its members', () => {
  const spelling = '{"a":[1,{"x":null,"y":"甘\\n"}],"b":true}';
  expect(canonicalJson({ b: true, a: [1, { y: '甘\n', x: null }] })).toBe(spelling);
  expect(canonicalJson(JSON.parse(spelling))).toBe(spelling);
});

test('what JSON cannot say is refused', () => {
  expect(() => canonicalJson(Number.NaN)).toThrow(TypeError);
  expect(() => canonicalJson({ a: undefined as never })).toThrow(TypeError);
});
