import { expect, test } from 'vitest';
import { escapeLike } from './put-to-prisma.ts';

test('wildcards of SQL stand for themselves', () => {
  expect(escapeLike('100%_\\')).toBe('100\\%\\_\\\\');
});
