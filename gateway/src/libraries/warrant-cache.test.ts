import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PUBLIC } from '@longyuan/access/caller.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { verifyWarrant } from '@longyuan/trust/warrant.ts';
import { afterAll, expect, test } from 'vitest';
import { keepWarrants } from './warrant-cache.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'warrants-'));
afterAll(() => rmSync(dataDir, { recursive: true }));
const keys = await openWarrantKeys({ dataDir, warrantKeyFile: null });
const warrant = { library: 'credit', caller: PUBLIC, purpose: null, items: ['CreditScore.grade'] };

test('a warrant is signed once per library, caller, purpose and items', async () => {
  const warrantFor = keepWarrants(keys);
  const first = await warrantFor(warrant);
  expect(await verifyWarrant(first, 'credit', keys)).toMatchObject(warrant);
  // It is there at once, too.
  expect(warrantFor({ ...warrant, items: [...warrant.items] })).toBe(first);
  const others = [
    { ...warrant, library: 'population' },
    { ...warrant, caller: { kind: 'citizen', sub: 'a', person: 'k1' } as const },
    { ...warrant, caller: { kind: 'citizen', sub: 'a', person: 'k2' } as const },
    { ...warrant, purpose: '620000000000000000000000000000001' },
    { ...warrant, items: ['CreditScore.grade', 'CreditScore.score'] },
    { ...warrant, items: [] },
  ];
  expect(new Set([first, ...(await Promise.all(others.map(warrantFor)))]).size).toBe(7);
});

test('a warrant is renewed after half its life, and when the clock was set back', async () => {
  let now = Date.now();
  const warrantFor = keepWarrants(keys, () => now);
  const first = warrantFor(warrant);
  now += 29_000;
  expect(warrantFor(warrant)).toBe(first);
  now += 2_000;
  const second = warrantFor(warrant);
  expect(second).not.toBe(first);
  now -= 60_000;
  expect(warrantFor(warrant)).not.toBe(second);
});

test('of ever other items the last 4,000 warrants are kept', async () => {
  const warrantFor = keepWarrants(keys);
  const first = await warrantFor(warrant);
  const others = Array.from({ length: 3_999 }, (_, place) => ({ ...warrant, items: [`Item.f${place}`] }));
  await Promise.all(others.map(warrantFor));
  expect(warrantFor(warrant)).toBe(first);
  await warrantFor({ ...warrant, items: ['Item.one', 'Item.more'] });
  // Signed anew, and so not there at once; within one second it says the same as before.
  expect(warrantFor(warrant)).toBeInstanceOf(Promise);
});
