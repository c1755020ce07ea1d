import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PUBLIC } from '@longyuan/access/caller.ts';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, expect, test } from 'vitest';
import { openWarrantKeys } from './follow-keys.ts';
import { signWarrant, verifyWarrant } from './warrant.ts';

const folder = mkdtempSync(join(tmpdir(), 'longyuan-trust-'));
const newKeys = () => openWarrantKeys({ dataDir: mkdtempSync(join(folder, 'keys-')), warrantKeyFile: null });
const keys = await newKeys();
const key = await keys.current();
afterAll(() => rmSync(folder, { recursive: true }));

const steward = { kind: 'department', sub: 'd1', uscc: '11620000013896000U', role: 'steward', region: '620100' } as const;
const warrant = {
  library: 'credit',
  caller: steward,
  purpose: '62000000000000000000000000000000a',
  items: ['Penalty.id', 'Query.penalties'],
};

/** A token like the gateway's, with something changed. */
function forge(change: (jwt: SignJWT) => SignJWT, claims: object = {}, header: Record<string, string | undefined> = {}): SignJWT {
  const jwt = new SignJWT({ caller: PUBLIC, purpose: null, items: { Query: 'penalties' }, ...claims })
    .setProtectedHeader({ alg: 'EdDSA', typ: 'warrant+jwt', kid: key.kid, ...header })
    .setIssuer('longyuan-gateway')
    .setAudience('credit')
    .setIssuedAt()
    .setExpirationTime('60s');
  return change(jwt);
}
const opens = async (token: string) => (await verifyWarrant(token, 'credit', keys)) !== null;
const asIs = (jwt: SignJWT) => jwt;

test('a warrant opens the library it is for, and no other', async () => {
  const token = await signWarrant(warrant, key);
  const expiresAtMs: unknown = expect.any(Number);
  expect(await verifyWarrant(token, 'credit', keys)).toEqual({ ...warrant, own: [], expiresAtMs });
  expect(await verifyWarrant(token, 'population', keys)).toBeNull();
});

test('a token made as the gateway makes it opens: what follows is refused for what was changed', async () => {
  expect(await opens(await forge(asIs).sign(key.privateKey))).toBe(true);
});

test('no warrant, nonsense, a huge one and an unsigned one open nothing', async () => {
  const claims = { caller: PUBLIC, purpose: null, items: {} };
  const unsigned = new UnsecuredJWT(claims)
    .setIssuer('longyuan-gateway')
    .setAudience('credit')
    .setIssuedAt()
    .setExpirationTime('60s')
    .encode();
  for (const token of [undefined, '', 'x.y.z', unsigned, 'e'.repeat(1_000_000)])
    expect(await verifyWarrant(token, 'credit', keys)).toBeNull();
});

test('a warrant signed with another key, without its id, or with the public key as a secret, opens nothing', async () => {
  const other = await (await newKeys()).current();
  expect(await opens(await signWarrant(warrant, other))).toBe(false);
  expect(await opens(await forge(asIs, {}, { kid: key.kid }).sign(other.privateKey))).toBe(false);
  expect(await opens(await forge(asIs, {}, { kid: undefined }).sign(key.privateKey))).toBe(false);
  const secret = new Uint8Array(await crypto.subtle.exportKey('raw', key.publicKey));
  expect(await opens(await forge(asIs, {}, { alg: 'HS256' }).sign(secret))).toBe(false);
});

test.each<[string, (jwt: SignJWT) => SignJWT]>([
  ['expired', (jwt) => jwt.setIssuedAt('-5m').setExpirationTime('-4m')],
  ['issued long ago for a long time', (jwt) => jwt.setIssuedAt('-1h').setExpirationTime('1h')],
  ['issued now for an hour', (jwt) => jwt.setExpirationTime('1h')],
  ['of tomorrow', (jwt) => jwt.setIssuedAt('1d').setExpirationTime('25h')],
  ['issued by someone else', (jwt) => jwt.setIssuer('someone')],
  ['for another library', (jwt) => jwt.setAudience('population')],
  ['for many libraries', (jwt) => jwt.setAudience(['credit', 'geospatial'])],
])('a warrant that is %s opens nothing', async (_what, change) => {
  expect(await opens(await forge(change).sign(key.privateKey))).toBe(false);
});

test('another token of the same key is no warrant', async () => {
  expect(await opens(await forge(asIs, {}, { typ: 'JWT' }).sign(key.privateKey))).toBe(false);
});

test.each<[string, object]>([
  ['without a caller', { caller: undefined }],
  ['of a caller of no kind', { caller: { kind: 'internal-developer' } }],
  ['of a citizen without a key', { caller: { kind: 'citizen', sub: 'a' } }],
  ['without a purpose said', { purpose: undefined }],
  ['for a purpose that is no text', { purpose: ['a'] }],
  ['without items', { items: undefined }],
  ['with items in a list', { items: ['Query.penalties'] }],
  ['with items that are no names', { items: { Query: 'penalties *' } }],
  ['with a claim that is not known', { admin: true }],
  ['with own rows that nobody can have signed', { own: [{ StandardAddress: [] }] }],
  ['with own rows told by more than there are', { own: Array.from({ length: 9 }, () => 'a.b.c') }],
])('a warrant %s opens nothing, though the gateway signed it', async (_what, claims) => {
  expect(await opens(await forge(asIs, claims).sign(key.privateKey))).toBe(false);
});

test('a warrant that names every field of a large library still fits Node’s headers', async () => {
  const items = Array.from({ length: 400 }, (_, n) => `Resource${n % 20}.itemWithALongName${n}`);
  const token = await signWarrant({ ...warrant, items }, key);
  expect(token.length).toBeLessThan(12_000);
  expect((await verifyWarrant(token, 'credit', keys))?.items.toSorted()).toEqual(items.toSorted());
});
