import type { Grant } from '@longyuan/schema/src/access/grant.ts';
import { afterEach, expect, test, vi } from 'vitest';
import type { CallEnding } from '../call-library.ts';
import { type GrantCache, keepGrants, libraryOf } from './keep-grants.ts';

const grant: Grant = {
  ...{ id: 'credit-1', library: 'credit', consumer: 'A', resource: '104004/1', items: [{ code: 'X001', access: 'READ' }] },
  ...{ purposes: ['p'], basis: 'b', division: '620000', level: 3, callsPerDay: 10, rowsPerDay: 1_000 },
  ...{ from: '2026-01-01T00:00:00.000Z', until: '2027-01-01T00:00:00.000Z' },
};
const opened: GrantCache[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

/** A gateway over one library that answers as `answers` says, in turn; then it says that nothing has changed. */
async function follow(...answers: unknown[]) {
  const asked: unknown[] = [];
  let place: unknown = { epoch: 'e', version: 0 };
  const callSealed = async ({ body }: { body: string }): Promise<CallEnding> => {
    asked.push(JSON.parse(body));
    const next = answers.length > 0 ? answers.shift() : { place, isWhole: false, isLast: true, changes: [] };
    if (next === 'late') return { kind: 'late' };
    if (typeof next === 'object' && next !== null && 'place' in next) place = next.place;
    return { kind: 'answered', status: 200, text: typeof next === 'string' ? next : JSON.stringify(next) };
  };
  const owner = { name: 'credit', title: '信用', uscc: 'U', callSealed };
  const cache = keepGrants({ owners: [owner], itemsOf: () => new Set(['X001', 'X020']), log: { warn: () => {} } });
  opened.push(cache);
  await cache.refresh('credit');
  return { cache, asked };
}
const page = (version: number, changes: unknown[], more: object = {}) => ({
  ...{ place: { epoch: 'e', version }, isWhole: false, isLast: true, changes },
  ...more,
});

test('a grant is known until it is ended, and every change has a version of its own', async () => {
  const { cache, asked } = await follow(page(1, [{ version: 1, grant }], { isWhole: true }));
  expect(cache.grantsOf('A')).toEqual([grant]);
  expect(cache.grantsOf('B')).toEqual([]);
  expect(cache.grant('credit-1')).toEqual(grant);
  expect(asked).toEqual([
    { epoch: '', version: 0 },
    { epoch: 'e', version: 1 },
  ]);

  const ended = await follow(page(1, [{ version: 1, grant }], { isWhole: true }), page(2, [{ version: 2, ended: 'credit-1' }]));
  expect(ended.cache.grantsOf('A')).toEqual([]);
  expect(ended.cache.version()).toBeGreaterThan(cache.version());
});

test('pages are read to the last, and a whole list forgets what was known', async () => {
  const first = page(1, [{ version: 1, grant }], { isWhole: true, isLast: false });
  const { cache, asked } = await follow(first, page(2, [{ version: 2, grant: { ...grant, id: 'credit-2' } }]));
  expect(cache.grantsOf('A').map(({ id }) => id)).toEqual(['credit-1', 'credit-2']);
  expect(asked[1]).toEqual({ epoch: 'e', version: 1 });

  const other = { ...grant, id: 'credit-3' };
  const anew = await follow(
    first,
    page(2, []),
    page(1, [{ version: 1, grant: other }], { isWhole: true, place: { epoch: 'f', version: 1 } }),
  );
  await anew.cache.refresh('credit');
  expect(anew.cache.grantsOf('A')).toEqual([other]);
});

test('an owner gives nothing of others’ libraries and items, and nonsense is no grant', async () => {
  const foreign = { ...grant, id: 'population-1', library: 'population' };
  const mixed = { ...grant, id: 'credit-4', items: [...grant.items, { code: 'P002', access: 'READ' }] };
  const changes = [
    foreign,
    mixed,
    { ...grant, id: 'credit-5', level: 9 },
    { ...grant, id: 'credit-6', items: [{ code: 'P001', access: 'READ' }] },
    null,
  ];
  const { cache } = await follow(
    page(5, [...changes.map((each, place) => ({ version: place, grant: each })), 'x', null], { isWhole: true }),
  );
  expect(cache.grantsOf('A')).toEqual([{ ...mixed, items: grant.items }]);
});

test('what is known of a library that does not answer, or answers nonsense, is kept', async () => {
  const { cache } = await follow(page(1, [{ version: 1, grant }], { isWhole: true }), 'late', '{"changes":1}', 'no JSON');
  await cache.refresh('credit');
  await cache.refresh('credit');
  expect(cache.grantsOf('A')).toEqual([grant]);
});

test('owners are asked again and again', async () => {
  const { asked } = await follow();
  const before = asked.length;
  await vi.waitFor(() => expect(asked.length).toBeGreaterThan(before), { timeout: 1_000 });
});

test('a number says which library keeps it', () => {
  expect(libraryOf('e-license-7f3a')).toBe('e-license');
  expect(libraryOf('nonsense')).toBe('');
});
