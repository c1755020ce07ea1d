import { type Grant, libraryOf } from '@longyuan/access/grant.ts';
import { afterEach, expect, test } from 'vitest';
import type { CallEnding, SealedCalls } from '../libraries/sealed-calls.ts';
import { type GrantCache, keepGrants } from './keep-grants.ts';

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
  const clock = { nowMs: 0, isUp: true };
  const asked: unknown[] = [];
  let place: unknown = { epoch: 'e', version: 0 };
  const callSealed = async ({ body }: { body: string }): Promise<CallEnding> => {
    asked.push(JSON.parse(body));
    const next = answers.length > 0 ? answers.shift() : { place, isWhole: false, isLast: true, changes: [], isStale: false };
    if (next === 'late') return { kind: 'late' };
    if (typeof next === 'object' && next !== null && 'place' in next) place = next.place;
    return { kind: 'answered', status: 200, text: typeof next === 'string' ? next : JSON.stringify(next) };
  };
  const held: ((ending: CallEnding) => void)[] = [];
  const ends = { silence: 0 };
  const callHeld: SealedCalls = ({ body, cancellations }) =>
    new Promise((resolve) => {
      asked.push(JSON.parse(body));
      held.push(resolve);
      cancellations.add(() => resolve({ kind: 'cancelled' }));
    });
  const owner = { name: 'credit', title: '信用', department: '发改委', uscc: 'U', callSealed, callHeld, words: () => ({ message: '' }) };
  const cache = keepGrants({
    ...{ owners: [owner], itemsOf: () => new Set(['X001', 'X020']), log: { warn: () => {} } },
    ...{ maxAgeMs: 5_000, isUp: () => clock.isUp, nowMs: () => clock.nowMs },
    onSilence: () => {
      ends.silence += 1;
    },
  });
  opened.push(cache);
  await cache.refresh('credit');
  return { cache, asked, held, ends, clock };
}
const page = (version: number, changes: unknown[], more: object = {}) => ({
  ...{ place: { epoch: 'e', version }, isWhole: false, isLast: true, changes, isStale: false },
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
    // Under this number the limits of another library's grant would be counted.
    { ...grant, id: 'population-7' },
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

test('an owner that always tells of more is asked no more at once than a list can hold', async () => {
  const endless = Array.from({ length: 2_000 }, (_, version) => page(version, [{ version, grant }], { isLast: false }));
  const { cache, asked } = await follow(...endless);
  expect(cache.grantsOf('A')).toEqual([grant]);
  expect(asked.length).toBeLessThan(1_000);
});

test('what is known of a library that does not answer, or answers nonsense, is kept', async () => {
  const { cache } = await follow(page(1, [{ version: 1, grant }], { isWhole: true }), 'late', '{"changes":1}', 'no JSON');
  await cache.refresh('credit');
  await cache.refresh('credit');
  expect(cache.grantsOf('A')).toEqual([grant]);
});

const answered = (told: unknown): CallEnding => ({ kind: 'answered', status: 200, text: JSON.stringify(told) });

test('one question is open at an owner, and asked again as soon as it was answered', async () => {
  const { cache, asked, held } = await follow(page(1, [{ version: 1, grant }], { isWhole: true }));
  await expect.poll(() => held).toHaveLength(1);
  expect(asked.at(-1)).toEqual({ epoch: 'e', version: 1, holdMs: 20_000 });
  held[0]?.(answered(page(2, [{ version: 2, ended: 'credit-1' }])));
  await expect.poll(() => cache.grantsOf('A')).toEqual([]);
  await expect.poll(() => held).toHaveLength(2);
  expect(asked.at(-1)).toEqual({ epoch: 'e', version: 2, holdMs: 20_000 });
});

test('an answer to a question that was open while another was answered changes nothing', async () => {
  const first = page(1, [{ version: 1, grant }], { isWhole: true });
  const { cache, held } = await follow(first, page(1, []), page(3, [{ version: 3, ended: 'credit-1' }]));
  await expect.poll(() => held).toHaveLength(1);
  await cache.refresh('credit');
  expect(cache.grantsOf('A')).toEqual([]);
  held[0]?.(answered(page(2, [{ version: 2, grant }])));
  await expect.poll(() => held).toHaveLength(2);
  expect(cache.grantsOf('A')).toEqual([]);
});

test('an owner that ends a held question without an answer is told of, and asked again until it answers', async () => {
  const { cache, held, ends } = await follow(page(1, [{ version: 1, grant }], { isWhole: true }));
  await expect.poll(() => held).toHaveLength(1);
  held[0]?.({ kind: 'unreachable' });
  await expect.poll(() => ends.silence).toBe(1);
  await expect.poll(() => held).toHaveLength(2);
  expect(cache.grantsOf('A')).toEqual([grant]);
});

const untold = (cache: GrantCache) => [...cache.untoldBy()];

test('of an owner that has not answered yet nothing is known, and the version says when that changes', async () => {
  const { cache } = await follow('late', 'late');
  expect([untold(cache), cache.grantsOf('A')]).toEqual([['credit'], []]);
  const before = cache.version();
  await cache.refresh('credit');
  expect(untold(cache)).toEqual([]);
  expect(cache.version()).toBeGreaterThan(before);
});

test('while a question is held open its owner would tell; when it is broken off, what was told holds for the limit and no longer', async () => {
  const { cache, held, ends, clock } = await follow(page(1, [{ version: 1, grant }], { isWhole: true }), ...Array(50).fill('late'));
  await expect.poll(() => held).toHaveLength(1);
  clock.nowMs = 19_000;
  expect(untold(cache)).toEqual([]);
  held[0]?.({ kind: 'unreachable' });
  await expect.poll(() => ends.silence).toBe(1);
  clock.nowMs = 24_000;
  expect(untold(cache)).toEqual([]);
  const before = cache.version();
  clock.nowMs = 24_001;
  expect(untold(cache)).toEqual(['credit']);
  expect(cache.version()).toBeGreaterThan(before);
  // What is known is kept: the owner decides by its own when it answers.
  expect(cache.grantsOf('A')).toEqual([grant]);
});

test('a question that is held by a library that hangs tells nothing', async () => {
  const { cache, held, clock } = await follow(page(1, [{ version: 1, grant }], { isWhole: true }));
  await expect.poll(() => held).toHaveLength(1);
  clock.nowMs = 5_001;
  expect(untold(cache)).toEqual([]);
  clock.isUp = false;
  expect(untold(cache)).toEqual(['credit']);
});

test('an owner that cannot tell which grants are in force says so, and nothing of its list is taken up', async () => {
  const stale = page(2, [{ version: 2, ended: 'credit-1' }], { isStale: true });
  const { cache } = await follow(page(1, [{ version: 1, grant }], { isWhole: true }), stale, ...Array(50).fill(stale));
  await cache.refresh('credit');
  expect([untold(cache), cache.grantsOf('A')]).toEqual([['credit'], [grant]]);
});

test('a gateway that closes waits for no answer', async () => {
  const { cache, held } = await follow();
  await expect.poll(() => held).toHaveLength(1);
  await cache.close();
});

test('a number says which library keeps it', () => {
  expect(libraryOf('e-license-7f3a')).toBe('e-license');
  expect(libraryOf('nonsense')).toBe('');
});
