import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PUBLIC } from '@longyuan/access/caller.ts';
import { afterAll, expect, test, vi } from 'vitest';
import { openWarrantCheckingKeys, openWarrantKeys } from './follow-keys.ts';
import { rotateKeyFile } from './key-file.ts';
import { openOwnerKey, openPseudonymKey, ownerKeyPath, warrantKeyPath } from './keys.ts';
import { openOwnerCheckingKeys } from './owner-keys.ts';
import { readKeyFile } from './read-keys-of-file.ts';
import { signWarrant, verifyWarrant } from './warrant.ts';

const folder = mkdtempSync(join(tmpdir(), 'longyuan-keys-'));
const newPlace = () => ({ dataDir: mkdtempSync(join(folder, 'data-')), warrantKeyFile: null });
afterAll(() => rmSync(folder, { recursive: true }));

const warrant = { library: 'credit', caller: PUBLIC, purpose: null, items: ['Query.penalties'] };

/** Runs on with a clock that stands this much later. */
function later<T>(ms: number, run: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: Date.now() + ms });
  vi.advanceTimersByTime(ms);
  return run().finally(() => vi.useRealTimers());
}

test('the warrant key is rotated while both sides run: the new one counts at once, the old one until what it signed has expired', async () => {
  const place = newPlace();
  const [gateway, library] = [await openWarrantKeys(place), await openWarrantCheckingKeys(place)];
  const old = await gateway.current();
  const before = await signWarrant(warrant, old);
  expect(await verifyWarrant(before, 'credit', library)).not.toBeNull();

  await rotateKeyFile(warrantKeyPath(place.dataDir), 100);
  // Both look again a second after they last did, by the clock of the machine.
  await new Promise((wake) => setTimeout(wake, 1_050));
  const current = await gateway.current();
  expect(current.kid).not.toBe(old.kid);
  expect(await verifyWarrant(await signWarrant(warrant, current), 'credit', library)).not.toBeNull();
  expect(await verifyWarrant(before, 'credit', library)).not.toBeNull();
  expect(await library.find(old.kid)).not.toBeNull();
  await later(101_000, async () => expect(await library.find(old.kid)).toBeNull());
});

test('of a key that was replaced only the public half is kept', async () => {
  const place = newPlace();
  await openWarrantKeys(place);
  await rotateKeyFile(warrantKeyPath(place.dataDir), 100);
  const [current, old] = await readKeyFile(warrantKeyPath(place.dataDir));
  expect([Boolean(current?.d), Boolean(old?.d)]).toEqual([true, false]);
});

test('a library that is given a public half by path checks with it, and cannot sign', async () => {
  const gateway = await openWarrantKeys(newPlace());
  const place = newPlace();
  const warrantKeyFile = join(place.dataDir, 'gateway.jwk');
  const { kid } = await gateway.current();
  const x = Buffer.from(await crypto.subtle.exportKey('raw', (await gateway.current()).publicKey)).toString('base64url');
  writeFileSync(warrantKeyFile, JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x }));
  const library = await openWarrantCheckingKeys({ ...place, warrantKeyFile });
  expect(await library.find(kid)).not.toBeNull();
  expect(await verifyWarrant(await signWarrant(warrant, await gateway.current()), 'credit', library)).not.toBeNull();
  await expect(openWarrantKeys({ ...place, warrantKeyFile })).rejects.toThrow('holds no secret key');
  await expect(openWarrantCheckingKeys({ ...place, warrantKeyFile: join(folder, 'missing') })).rejects.toThrow('ENOENT');
});

test('an owner’s key is the library’s own; others find its public half by its id', async () => {
  const { dataDir } = newPlace();
  const [credit, population] = [await openOwnerKey(dataDir, 'credit'), await openOwnerKey(dataDir, 'population')];
  expect(credit.kid).not.toBe(population.kid);
  expect((await openOwnerKey(dataDir, 'credit')).kid).toBe(credit.kid);
  expect(await (await openOwnerCheckingKeys(dataDir, 'credit')).find(credit.kid)).toMatchObject({ kid: credit.kid });
  expect(await (await openOwnerCheckingKeys(dataDir, 'population')).find(credit.kid)).toBeNull();
  expect(await (await openOwnerCheckingKeys(dataDir, 'nowhere')).find(credit.kid)).toBeNull();
  await rotateKeyFile(ownerKeyPath(dataDir, 'credit'), null);
  expect((await openOwnerKey(dataDir, 'credit')).kid).not.toBe(credit.kid);
  expect(await (await openOwnerCheckingKeys(dataDir, 'credit')).find(credit.kid)).toMatchObject({ kid: credit.kid });
});

test('keys are made once, by whoever comes first, and are for their owner’s eyes', async () => {
  const { dataDir } = newPlace();
  const made = await Promise.all(Array.from({ length: 8 }, () => openPseudonymKey(dataDir)));
  expect(new Set(made.map((each) => each.toString('hex'))).size).toBe(1);
  expect(made[0]).toHaveLength(32);
  const kids = await Promise.all(Array.from({ length: 8 }, async () => (await openOwnerKey(dataDir, 'credit')).kid));
  expect(new Set(kids).size).toBe(1);
  expect(readdirSync(join(dataDir, 'keys'))).toEqual(['owner-credit.jwk', 'pseudonym.key']);
  for (const name of readdirSync(join(dataDir, 'keys'))) expect(statSync(join(dataDir, 'keys', name)).mode & 0o777).toBe(0o600);
});

test('a key file of before, a single JWK, is read as it is', async () => {
  const place = newPlace();
  const { kid } = await openOwnerKey(place.dataDir, 'old');
  const set: { keys: Record<string, unknown>[] } = JSON.parse(readFileSync(ownerKeyPath(place.dataDir, 'old'), 'utf8'));
  const { kid: _named, ...single } = set.keys[0] ?? {};
  writeFileSync(warrantKeyPath(place.dataDir), JSON.stringify(single));
  expect((await (await openWarrantKeys(place)).current()).kid).toBe(kid);
});
