import { expect, test } from 'vitest';
import { readMoment } from './moment.ts';

test('a moment is read in whatever offset it comes, and has one form', () => {
  expect(readMoment('2026-06-30T08:00:00Z')).toBe('2026-06-30T08:00:00.000Z');
  expect(readMoment('2026-06-30T08:00:00.1234567+08:00')).toBe('2026-06-30T00:00:00.123Z');
  expect(readMoment('2199-12-31T23:59:59.999Z')).toBe('2199-12-31T23:59:59.999Z');
});

test('its bounds are those of the moment, not of the text', () => {
  // In UTC it is of the year 10000, whose text nobody reads.
  expect(readMoment('9999-12-31T23:59:59-23:59')).toBeNull();
  expect(readMoment('2199-12-31T23:59:59-00:01')).toBeNull();
  expect(readMoment('2000-01-01T00:00:00+00:01')).toBeNull();
  expect(readMoment('1999-12-31T23:59:00-00:01')).toBe('2000-01-01T00:00:00.000Z');
  expect(readMoment('0000-01-01T00:00:00Z')).toBeNull();
});

test('what no calendar and no clock has is none', () => {
  for (const text of [
    '2026-02-30T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:60Z',
    '2026-01-01T00:00:00+24:00',
    '2026-01-01',
    '1',
  ])
    expect(readMoment(text)).toBeNull();
});
