import { expect, test } from 'vitest';
import { today } from './province-day.ts';

test('a day begins at midnight in China', () => {
  expect(today(new Date('2026-06-30T15:59:59Z'))).toEqual(new Date('2026-06-30'));
  expect(today(new Date('2026-06-30T16:00:00Z'))).toEqual(new Date('2026-07-01'));
});
