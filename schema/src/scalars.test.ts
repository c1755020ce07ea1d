import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { scalars, scalarsOf } from './scalars.ts';

test('a day is the day in UTC, a moment is RFC 3339 in UTC, a geometry is the JSON that PostGIS wrote', () => {
  expect(scalars['Date']?.serialize(new Date('1990-02-01T00:00:00Z'))).toBe('1990-02-01');
  expect(scalars['Date']?.serialize('1990-02-01')).toBe('1990-02-01');
  expect(scalars['DateTime']?.serialize(new Date('2026-06-30T08:00:00+08:00'))).toBe('2026-06-30T00:00:00Z');
  expect(scalars['GeoJSON']?.serialize('{"type":"Point","coordinates":[103.8,36]}')).toEqual({ type: 'Point', coordinates: [103.8, 36] });
});

test('a moment has one form, whoever answers it, and is taken with any offset', () => {
  const written = (value: unknown) => scalars['DateTime']?.serialize(value);
  expect(written('2026-11-28T15:59:59.000Z')).toBe('2026-11-28T15:59:59Z');
  expect(written('2026-06-30T08:00:00+08:00')).toBe('2026-06-30T00:00:00Z');
  expect(written(new Date('2026-06-30T00:00:00.120Z'))).toBe('2026-06-30T00:00:00.120Z');
  expect(() => written('soon')).toThrow('Not a moment');
  for (const given of ['2026-06-30T08:00:00+08:00', '2026-06-30T00:00:00.5Z']) expect(scalars['DateTime']?.parseValue(given)).toBe(given);
});

test('an SDL declares scalars that there are', () => {
  expect(Object.keys(scalarsOf(parse('scalar Date scalar GeoJSON type A { a: Date }'), 'schema/libraries/tax.graphql'))).toEqual([
    'Date',
    'GeoJSON',
  ]);
  expect(() => scalarsOf(parse('scalar Colour'), 'schema/libraries/tax.graphql')).toThrow(
    'schema/libraries/tax.graphql declares the scalar Colour',
  );
});

test('what is no day is not read and not written', () => {
  expect(() => scalars['Date']?.parseValue('1990-2-1')).toThrow('Must be a day');
  expect(() => scalars['Date']?.parseValue(19900201)).toThrow('Must be a day');
  expect(() => scalars['Date']?.serialize('yesterday')).toThrow('Not a day');
});
