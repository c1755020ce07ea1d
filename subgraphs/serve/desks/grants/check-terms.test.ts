import { readDemoGrants } from '@longyuan/prisma/country/demo-grants.ts';
import { serviceItems } from '@longyuan/prisma/country/purposes.ts';
import { readDirectory } from '@longyuan/schema/src/read-directory.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { expect, test } from 'vitest';
import { checkTerms, narrowTerms, rowsOf } from './check-terms.ts';
import { type GrantTerms, readTerms } from './grant-terms.ts';

const now = new Date('2026-06-30T00:00:00Z');
const [errand, other] = serviceItems.map(({ implCode }) => implCode);
const rules = {
  resources: readDirectory(readLibraries()).resources,
  purposes: new Set(serviceItems.map(({ implCode }) => implCode)),
};
/** Name and phone of people, for one errand, in one prefecture, for a year. */
const asked = {
  resource: '101001/1',
  items: [
    { code: 'P002', access: 'READ' },
    { code: 'P032', access: 'MASKED' },
  ],
  purposes: [errand],
  basis: '社会救助暂行办法',
  scenario: '低保核对',
  division: '620100',
  level: 3,
  until: '2027-06-30T00:00:00Z',
  callsPerDay: 1_000,
};
const check = (change: object) => () => checkTerms('Mutation.apply(input:)', readTerms({ ...asked, ...change }, now), rules, now);
const terms = readTerms(asked, now);

test('terms as they should be are accepted, and begin now where nothing is said', () => {
  expect(check({})()).toBeUndefined();
  expect(terms).toMatchObject({ from: '2026-06-30T00:00:00.000Z', until: '2027-06-30T00:00:00.000Z' });
});

test.each([
  ['a resource of nobody', { resource: '999/1' }, 'resource must be the code of a resource of this library'],
  ['an item of another resource', { items: [{ code: 'L006', access: 'READ' }] }, '"L006" is none'],
  ['an item twice', { items: [asked.items[0], asked.items[0]] }, 'must name each item once'],
  ['what every department has', { resource: '102001/1', items: [{ code: 'L002', access: 'READ' }] }, 'no grant is needed'],
  ['what nobody has', { items: [{ code: 'P008', access: 'READ' }], level: 4 }, 'is not shared'],
  ['the value of what is verified only', { items: [{ code: 'P030', access: 'READ' }], level: 4 }, 'must be VERIFY'],
  ['a mask where there is none', { items: [{ code: 'P003', access: 'MASKED' }] }, 'has no mask'],
  ['a sensitive item without its level', { items: [{ code: 'P041', access: 'READ' }] }, 'the level of the grant must be 4'],
  ['an errand that there is not', { purposes: ['x'] }, 'purposes must be codes of service items'],
  ['a division that there is not', { division: '110000' }, 'division must be the code of a division of the province'],
  ['a person’s number in the basis', { basis: '王某 110105 19491231 002X' }, 'basis must not hold a citizen number'],
  ['a telephone number in the scenario', { scenario: '致电 138 0013 8000' }, 'scenario must not hold a citizen number'],
  ['a term without end', { until: '2126-06-30T00:00:00Z' }, 'at most 5 years'],
  ['a term that is over', { from: '2025-01-01T00:00:00Z', until: '2026-06-29T00:00:00Z' }, 'must not be over already'],
  ['a term that ends before it begins', { from: '2028-01-01T00:00:00Z' }, 'must be after the beginning'],
])('%s cannot be granted', (_what, change, rule) => {
  expect(check(change)).toThrow(rule);
});

test.each([
  ['no basis', { basis: ' ' }, 'basis must be text'],
  ['no rows', { rowsPerDay: 0 }, 'rowsPerDay must be a whole number'],
  ['no calls', { callsPerDay: 0 }, 'callsPerDay must be a whole number'],
  ['a level of 5', { level: 5 }, 'level must be a whole number from 1 to 4'],
  ['an access that there is not', { items: [{ code: 'P002', access: 'WRITE' }] }, 'READ, MASKED or VERIFY'],
  ['a day in place of a moment', { until: '2027-06-30' }, 'until must be a moment'],
  ['no purposes', { purposes: [] }, 'purposes must be a list'],
  ['no scenario', { scenario: undefined }, 'scenario is missing'],
])('%s is malformed', (_what, change, rule) => {
  expect(check(change)).toThrow(rule);
});

test('an answer may narrow every term', () => {
  const narrower: Partial<GrantTerms> = {
    items: [{ code: 'P002', access: 'VERIFY' }],
    division: '620102',
    level: 3,
    from: '2026-07-01T00:00:00.000Z',
    until: '2026-12-31T00:00:00.000Z',
    callsPerDay: 10,
    rowsPerDay: 99,
  };
  expect(narrowTerms(terms, narrower)).toEqual({ ...terms, ...narrower });
});

test.each<[string, Partial<GrantTerms>]>([
  ['resource', { resource: '101002/1' }],
  ['items', { items: [{ code: 'P003', access: 'READ' }] }],
  ['items', { items: [{ code: 'P032', access: 'READ' }] }],
  ['items', { items: [{ code: 'P032', access: 'VERIFY' }] }],
  ['purposes', { purposes: [errand ?? '', other ?? ''] }],
  ['division', { division: '620000' }],
  ['division', { division: '620200' }],
  ['level', { level: 4 }],
  ['callsPerDay', { callsPerDay: 1_001 }],
  ['rowsPerDay', { rowsPerDay: 100_001 }],
  ['from', { from: '2026-06-29T00:00:00.000Z' }],
  ['until', { until: '2027-07-01T00:00:00.000Z' }],
])('an answer may not widen %s', (term, said) => {
  expect(() => narrowTerms(terms, said)).toThrow(`Mutation.answer(terms:).${term} `);
});

test('the moment that bounds an answer is told as every answer writes moments', () => {
  expect(() => narrowTerms(terms, { until: '2027-07-01T00:00:00.000Z' })).toThrow('must not be after 2027-06-30T00:00:00Z: ');
});

test('rows that nobody speaks of follow from the calls that are granted; those applied for stay', () => {
  expect(rowsOf(terms)).toBe(100_000);
  expect(rowsOf(narrowTerms(terms, { callsPerDay: 10 }))).toBe(1_000);
  const said = readTerms({ ...asked, rowsPerDay: 50_000 }, now);
  expect(rowsOf(narrowTerms(said, { callsPerDay: 10 }))).toBe(50_000);
  expect(() => narrowTerms(said, { rowsPerDay: 50_001 })).toThrow('rowsPerDay must be at most 50000');
  expect(rowsOf({ callsPerDay: 100_000_000 })).toBe(10_000_000);
});

test('the demo grants could have been applied for', () => {
  const grants = readDemoGrants();
  expect(grants.length).toBeGreaterThanOrEqual(12);
  // On the day they were granted; one of them is over by now.
  for (const grant of grants) expect(checkTerms('Mutation.apply(input:)', grant, rules, new Date(grant.from)), grant.id).toBeUndefined();
  expect(grants.filter(({ until }) => Date.parse(until) < now.getTime())).toHaveLength(1);
  const accesses = new Set(grants.flatMap(({ items }) => items.map(({ access }) => access)));
  expect(accesses).toEqual(new Set(['READ', 'MASKED', 'VERIFY']));
  const [first] = grants;
  expect(new Set(grants.filter(({ consumer }) => consumer === first?.consumer).map(({ library }) => library))).toEqual(
    new Set(readLibraries().map(({ name }) => name)),
  );
});
