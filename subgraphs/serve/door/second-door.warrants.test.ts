import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PUBLIC } from '@longyuan/access/caller.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { openOwnerKey } from '@longyuan/trust/keys.ts';
import { signOwnRows } from '@longyuan/trust/own-rows.ts';
import { signWarrant } from '@longyuan/trust/warrant.ts';
import { afterAll, expect, test, vi } from 'vitest';
import { makeToldReader } from './find-own-rows.ts';
import { rememberWarrants } from './second-door.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'longyuan-keys-'));
afterAll(() => rmSync(dataDir, { recursive: true }));
const keys = await openWarrantKeys({ dataDir, warrantKeyFile: null });
const warrant = { library: 'population', caller: PUBLIC, purpose: 'p', items: ['Query.person', 'Person.name'] };
const sign = async (changed: Partial<typeof warrant> = {}) => signWarrant({ ...warrant, ...changed }, await keys.current());

test("the gateway's warrant for this library names the caller, the purpose and the items", async () => {
  const warrantIn = rememberWarrants('population', keys);
  expect(await warrantIn(await sign())).toMatchObject({ caller: PUBLIC, purpose: 'p', items: new Set(warrant.items) });
});

test('no warrant, and one for another library: nothing', async () => {
  const warrantIn = rememberWarrants('population', keys);
  expect(await warrantIn(undefined)).toBeNull();
  expect(await warrantIn('')).toBeNull();
  expect(await warrantIn('a.b.c')).toBeNull();
  expect(await warrantIn(await sign({ library: 'credit' }))).toBeNull();
});

test('a warrant is verified once and remembered until it expires, and no longer', async () => {
  const warrantIn = rememberWarrants('population', keys);
  const token = await sign();
  const first = await warrantIn(token);
  expect(await warrantIn(token)).toBe(first);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
  expect(await warrantIn(token)).toBeNull();
  vi.useRealTimers();
});

test('of ever other warrants those that came last are remembered, fewer where each names more', async () => {
  const warrantIn = rememberWarrants('population', keys);
  const signAs = (sub: string, items: readonly string[]) => sign({ caller: { kind: 'auditor', sub } as never, items: [...items] });
  const few = await signAs('first', warrant.items);
  const first = await warrantIn(few);
  for (let place = 0; place < 100; place += 1) await warrantIn(await signAs(String(place), warrant.items));
  expect(warrantIn(few)).toBe(first);
  // Some 400 that name as much as a warrant can.
  const many = Array.from({ length: 380 }, (_, place) => `T.f${place}`);
  for (let place = 0; place < 450; place += 1) await warrantIn(await signAs(`m${place}`, many));
  expect(await warrantIn(few)).not.toBe(first);
});

test('what is told of a caller’s own rows comes with the warrant; one whose teller’s key is not known yet is looked at again', async () => {
  const caller = { kind: 'citizen', sub: 's', person: 'fu' } as const;
  const population = await openOwnerKey(dataDir, 'population');
  const own = [await signOwnRows({ from: 'population', to: 'geospatial', person: 'fu', keys: { StandardAddress: ['a'] } }, population)];
  const warnings: string[] = [];
  let found: typeof population | null = null;
  const tellers = new Map([['population', { find: async (kid: string) => (found?.kid === kid ? found : null) }]]);
  const readTold = makeToldReader({
    library: 'geospatial',
    tellers,
    log: { warn: (_about: object, what: string) => warnings.push(what) } as never,
  });
  const warrantIn = rememberWarrants('geospatial', keys, readTold);
  const token = await signWarrant({ library: 'geospatial', caller, purpose: null, items: ['Query.address'], own }, await keys.current());
  expect((await warrantIn(token))?.told).toEqual(new Map());
  expect(warnings).toEqual(['a call carries own rows of its caller that nobody told who should: they count for nothing']);
  found = population;
  const whole = await warrantIn(token);
  expect(whole?.told).toEqual(new Map([['population', { StandardAddress: ['a'] }]]));
  expect(warrantIn(token)).toBe(whole);
});
