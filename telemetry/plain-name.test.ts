import { expect, test } from 'vitest';
import { plainName } from './plain-name.ts';

test('an operation is told by its name where that is one, and never by what may be somebody’s number or token', () => {
  for (const name of ['OnePerson', 'form_fill_2', '_x', 'Q100']) expect(plainName(name)).toBe(name);
  for (const name of [
    null,
    undefined,
    '',
    'q629901198704270021',
    'Q13812345678',
    'eyJhbGciOiJFZERTQSJ9',
    'a'.repeat(61),
    '傅亚萍',
    'a b',
    'a1b2',
  ])
    expect(plainName(name)).toBeNull();
});
