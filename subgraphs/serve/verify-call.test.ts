import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PUBLIC } from '@longyuan/schema/src/access/caller.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { signWarrant } from '@longyuan/trust/warrant.ts';
import { afterAll, expect, test, vi } from 'vitest';
import { rememberWarrants } from './verify-call.ts';

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
