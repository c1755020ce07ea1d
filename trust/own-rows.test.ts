import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, expect, test, vi } from 'vitest';
import { rotateKeyFile } from './key-file.ts';
import { openOwnerKey, ownerKeyPath } from './keys.ts';
import { OWN_ROWS_LIFE_SECONDS, type OwnRows, readOwnRows, signOwnRows } from './own-rows.ts';
import { openOwnerCheckingKeys } from './owner-keys.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'longyuan-keys-'));
afterAll(() => rmSync(dataDir, { recursive: true }));
const key = await openOwnerKey(dataDir, 'population');
const keyOfCredit = await openOwnerKey(dataDir, 'credit');
const population = await openOwnerCheckingKeys(dataDir, 'population');

const FU = '00000000-0000-4000-8000-00000000000f';
const CUI = '00000000-0000-4000-8000-00000000000c';
const HOME = '00000000-0000-4000-8000-0000000000aa';
const own: OwnRows = { from: 'population', to: 'geospatial', person: FU, keys: { StandardAddress: [HOME] } };

/** As geospatial reads it, to which population alone tells anything. */
const read = (token: string, { to, person } = own) =>
  readOwnRows(token, { to, person }, (from) => (from === 'population' ? population : undefined));
const forge = (claims: object = {}, header: object = {}) =>
  new SignJWT({ keys: own.keys, ...claims })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'own-rows+jwt', ...header })
    .setIssuer('population')
    .setAudience('geospatial')
    .setSubject(FU)
    .setIssuedAt()
    .setExpirationTime('120s');

test('population tells geospatial which addresses are a person’s own', async () => {
  const told = { from: 'population', keys: { StandardAddress: [HOME] }, expiresAtMs: expect.any(Number) as unknown };
  expect(await read(await signOwnRows(own, key))).toEqual(told);
  expect(await read(await forge().sign(key.privateKey))).toEqual(told);
});

test('what was told of one person says nothing of another, and nothing to another library', async () => {
  const token = await signOwnRows(own, key);
  expect(await read(token, { ...own, person: CUI })).toBeNull();
  expect(await read(token, { ...own, to: 'e-license' })).toBeNull();
});

test('who tells is known by the key: another owner, a changed token and one without a signature tell nothing', async () => {
  expect(await read(await signOwnRows({ ...own, from: 'credit' }, keyOfCredit))).toBeNull();
  expect(await read(await signOwnRows(own, keyOfCredit))).toBeNull();
  expect(await read(await forge({}, { kid: keyOfCredit.kid }).sign(key.privateKey))).toBeNull();
  const stranger = generateKeyPairSync('ed25519');
  expect(await read(await forge({}, { jwk: stranger.publicKey.export({ format: 'jwk' }) }).sign(stranger.privateKey))).toBeNull();
  const [header = '', , signature = ''] = (await signOwnRows(own, key)).split('.');
  const more = { keys: { StandardAddress: [CUI] }, iss: 'population', aud: 'geospatial', sub: FU, iat: now(), exp: now() + 60 };
  expect(await read(`${header}.${Buffer.from(JSON.stringify(more)).toString('base64url')}.${signature}`)).toBeNull();
  expect(await read(new UnsecuredJWT(more).encode())).toBeNull();
  for (const token of ['', 'x.y.z', 'e'.repeat(100_000)]) expect(await read(token)).toBeNull();
});

test('a thing of another kind, with claims of another kind, or for longer than it may last, tells nothing', async () => {
  const signed = (jwt: SignJWT) => jwt.sign(key.privateKey);
  expect(await read(await signed(forge({}, { typ: 'warrant+jwt' })))).toBeNull();
  expect(await read(await signed(forge({ more: true })))).toBeNull();
  for (const keys of [null, [], 'StandardAddress', { StandardAddress: HOME }, { StandardAddress: [1] }, { StandardAddress: [''] }]) {
    expect(await read(await signed(forge({ keys })))).toBeNull();
  }
  expect(await read(await signed(forge({ keys: { StandardAddress: Array.from({ length: 51 }, () => HOME) } })))).toBeNull();
  expect(await read(await signed(forge().setExpirationTime('1h')))).toBeNull();
});

test('it lasts two minutes', async () => {
  const token = await signOwnRows(own, key);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + (OWN_ROWS_LIFE_SECONDS + 31) * 1_000 });
  expect(await read(token)).toBeNull();
  vi.useRealTimers();
  expect(await read(token)).not.toBeNull();
});

test('after a rotation both keys tell; after a key was lost and made anew, the new one alone', async () => {
  const before = await signOwnRows(own, key);
  await rotateKeyFile(ownerKeyPath(dataDir, 'population'), null);
  const rotated = await openOwnerKey(dataDir, 'population');
  expect(rotated.kid).not.toBe(key.kid);
  const followed = await openOwnerCheckingKeys(dataDir, 'population');
  const readNow = (token: string, keys = followed) => readOwnRows(token, own, () => keys);
  expect(await readNow(await signOwnRows(own, rotated))).not.toBeNull();
  expect(await readNow(before)).not.toBeNull();
  rmSync(ownerKeyPath(dataDir, 'population'));
  const another = await openOwnerKey(dataDir, 'population', true);
  const anew = await openOwnerCheckingKeys(dataDir, 'population');
  expect(await readNow(await signOwnRows(own, another), anew)).not.toBeNull();
  expect(await readNow(before, anew)).toBeNull();
});

function now(): number {
  return Math.floor(Date.now() / 1_000);
}
