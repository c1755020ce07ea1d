import { expect, test } from 'vitest';
import { readApplication } from './read-application.ts';

const terms = {
  ...{
    resource: '101001/1',
    items: [{ code: 'P002', access: 'READ' }],
    purposes: ['p'],
    basis: 'b',
    scenario: 's',
    division: '620000',
    level: 3,
  },
  ...{ from: '2026-01-01T00:00:00.000Z', until: '2027-01-01T00:00:00.000Z', callsPerDay: 10 },
};
const row = (more: object = {}) => ({
  ...{ no: 'population-1', consumer: 'A', state: 'OPEN', appliedAt: '2026-01-01T00:00:00.000Z', answeredAt: null, reason: null },
  ...{ terms: JSON.stringify(terms), deed: null, revokedAt: null, revokedFor: null, isAltered: false },
  ...more,
});

test('an application is read with its terms', () => {
  expect(readApplication(row(), 'population')).toMatchObject({ fault: null, no: 'population-1', scenario: 's', terms: { level: 3 } });
});

test('a library tells of no application, and of no grant, under another library’s number', () => {
  for (const no of ['credit-1', 'population', '-1', 'population-1-1', ''])
    expect(readApplication(row({ no }), 'population'), no).toBeNull();
  const deed = { ...terms, id: 'population-2', library: 'population', consumer: 'A', rowsPerDay: 1_000 };
  const tell = (id: string) => readApplication(row({ state: 'GRANTED', deed: JSON.stringify({ ...deed, id }) }), 'population');
  expect(tell('population-2')).toMatchObject({ fault: null, grant: { id: 'population-2' } });
  expect(tell('credit-2')?.fault).toBe('UNREADABLE_GRANT');
});

test('what cannot be read is told as such, with what is known of it', () => {
  const beyond = JSON.stringify({ ...terms, from: '+010000-01-01T23:58:59.000Z' });
  for (const more of [{ terms: beyond }, { terms: 'no JSON' }, { terms: null }, { consumer: null }, { state: 'LOST' }, { appliedAt: null }])
    expect(readApplication(row(more), 'population')).toMatchObject({ no: 'population-1', fault: 'UNREADABLE' });
  expect(readApplication(row({ state: 'GRANTED', deed: '{}' }), 'population')?.fault).toBe('UNREADABLE_GRANT');
  expect(readApplication(row({ isAltered: true }), 'population')?.fault).toBe('ALTERED');
  expect(readApplication(row({ isAltered: true, state: 'GRANTED' }), 'population')?.fault).toBe('ALTERED_GRANT');
  expect(readApplication(row({ terms: beyond }), 'population')).toMatchObject({ state: 'OPEN', appliedAt: '2026-01-01T00:00:00.000Z' });
});
