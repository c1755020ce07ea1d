import { expect, test } from 'vitest';
import { escapeLike } from './escape-like.ts';

test('wildcards of SQL stand for themselves', () => {
  expect(escapeLike('100%_\\')).toBe('100\\%\\_\\\\');
});
