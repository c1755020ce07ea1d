import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPseudonymKey, openWarrantKey, type SigningKey } from './keys.ts';
import { signWarrant, verifyWarrant } from './warrant.ts';

const folder = mkdtempSync(join(tmpdir(), 'longyuan-trust-'));
const caller = { kind: 'internal-developer' } as const;
let key: SigningKey;
beforeAll(async () => {
  key = await openWarrantKey(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A token like the gateway's, with something changed. */
function forge(change: (jwt: SignJWT) => SignJWT, header: Record<string, string> = {}): SignJWT {
  const jwt = new SignJWT({ caller })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'warrant+jwt', ...header })
    .setIssuer('longyuan-gateway')
    .setAudience('credit')
    .setIssuedAt()
    .setExpirationTime('60s');
  return change(jwt);
}

test('a warrant opens the library it is for, and no other', async () => {
  const token = await signWarrant({ library: 'credit', caller }, key);
  expect(await verifyWarrant(token, 'credit', key)).toEqual({ library: 'credit', caller });
  expect(await verifyWarrant(token, 'population', key)).toBeNull();
});

test('no warrant, nonsense and an unsigned one open nothing', async () => {
  const unsigned = new UnsecuredJWT({ caller }).setIssuer('longyuan-gateway').setAudience('credit').setExpirationTime('60s').encode();
  for (const token of [undefined, '', 'x.y.z', unsigned]) expect(await verifyWarrant(token, 'credit', key)).toBeNull();
});

test('a warrant signed with another key, or with the public key as a secret, opens nothing', async () => {
  const other = await openWarrantKey(mkdtempSync(join(folder, 'other-')));
  expect(await verifyWarrant(await signWarrant({ library: 'credit', caller }, other), 'credit', key)).toBeNull();
  const secret = new Uint8Array(await crypto.subtle.exportKey('raw', key.publicKey));
  expect(await verifyWarrant(await forge((jwt) => jwt, { alg: 'HS256' }).sign(secret), 'credit', key)).toBeNull();
});

test.each<[string, (jwt: SignJWT) => SignJWT]>([
  ['expired', (jwt) => jwt.setIssuedAt('-5m').setExpirationTime('-4m')],
  ['issued long ago for a long time', (jwt) => jwt.setIssuedAt('-1h').setExpirationTime('1h')],
  ['issued by someone else', (jwt) => jwt.setIssuer('someone')],
  ['for many libraries', (jwt) => jwt.setAudience(['population', 'geospatial'])],
])('a warrant that is %s opens nothing', async (_what, change) => {
  expect(await verifyWarrant(await forge(change).sign(key.privateKey), 'credit', key)).toBeNull();
});

test('a token of the same key that is no warrant opens nothing', async () => {
  expect(await verifyWarrant(await forge((jwt) => jwt, { typ: 'JWT' }).sign(key.privateKey), 'credit', key)).toBeNull();
});

test('keys are made once, by whoever comes first, and are for their owner’s eyes', async () => {
  const fresh = mkdtempSync(join(folder, 'keys-'));
  const made = await Promise.all(Array.from({ length: 8 }, () => openPseudonymKey(fresh)));
  expect(new Set(made.map((each) => each.toString('hex'))).size).toBe(1);
  expect(made[0]).toHaveLength(32);
  expect(readdirSync(join(fresh, 'keys'))).toEqual(['pseudonym.key']);
  expect(statSync(join(fresh, 'keys', 'pseudonym.key')).mode & 0o777).toBe(0o600);
});
