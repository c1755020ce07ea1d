import { expect, test } from 'vitest';
import { readGrant } from './read-grant.ts';

const deed = {
  ...{ id: 'population-1', library: 'population', consumer: 'A', resource: '101001/1', items: [{ code: 'P002', access: 'READ' }] },
  ...{ purposes: ['p'], basis: 'b', division: '620000', level: 3, callsPerDay: 1_000 },
  ...{ from: '2026-01-01T00:00:00.000Z', until: '2027-01-01T00:00:00.000Z' },
};

test('a deed that was signed before rows were counted bounds them by its calls, and never without end', () => {
  expect(readGrant(deed)?.rowsPerDay).toBe(100_000);
  expect(readGrant({ ...deed, callsPerDay: 100_000_000 })?.rowsPerDay).toBe(10_000_000);
  expect(readGrant({ ...deed, rowsPerDay: 7 })?.rowsPerDay).toBe(7);
});

test.each([[0.5], ['7'], [null], [Number.POSITIVE_INFINITY], [-1]])('rows a day of %s are no grant', (rowsPerDay) => {
  expect(readGrant({ ...deed, rowsPerDay })).toBeNull();
});
