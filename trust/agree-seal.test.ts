import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, expect, test } from 'vitest';
import { answerOffer, offerSeal } from './agree-seal.ts';
import { openWarrantKeys } from './follow-keys.ts';
import { keepSeals } from './keep-seals.ts';
import { openOwnerKey } from './keys.ts';
import { openOwnerKeys } from './owner-keys.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'longyuan-seal-'));
afterAll(() => rmSync(dataDir, { recursive: true }));
const gateway = await openWarrantKeys({ dataDir, warrantKeyFile: null });
const owner = await openOwnerKey(dataDir, 'credit');
const parties = { library: 'credit', gateway, owner };
const offer = async (library = 'credit', key = owner) =>
  offerSeal(library, await gateway.current(), async (kid) => (kid === key.kid ? key : null));

test('gateway and library end up with the same key, another one each time', async () => {
  const signed = new Set<string>();
  for (const _time of [1, 2]) {
    const { token, conclude } = await offer();
    const answered = await answerOffer(token, parties);
    const key = await conclude(answered?.answer ?? '');
    expect(key?.keyid).toBe(answered?.key.keyid);
    expect(key?.sign('a call')).toBe(answered?.key.sign('a call'));
    signed.add(String(key?.sign('a call')));
  }
  expect(signed.size).toBe(2);
});

test('an offer for another library, of another gateway, or none is not answered', async () => {
  expect(await answerOffer((await offer('population')).token, parties)).toBeNull();
  const stranger = await openWarrantKeys({ dataDir: mkdtempSync(join(dataDir, 'other-')), warrantKeyFile: null });
  expect(await answerOffer((await offer()).token, { ...parties, gateway: stranger })).toBeNull();
  for (const nonsense of ['', 'a.b.c', 'x'.repeat(100_000)]) expect(await answerOffer(nonsense, parties)).toBeNull();
});

test('an offer whose half is no key of the curve, or is old, is not answered', async () => {
  const forge = async (half: string, iat: string, exp: string) => {
    const { kid, privateKey } = await gateway.current();
    return new SignJWT({ half, jti: 'a' })
      .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'seal-offer+jwt' })
      .setIssuer('longyuan-gateway')
      .setAudience('credit')
      .setIssuedAt(iat)
      .setExpirationTime(exp)
      .sign(privateKey);
  };
  const half = Buffer.alloc(32, 9).toString('base64url');
  expect(await answerOffer(await forge(half, '0s', '60s'), parties)).not.toBeNull();
  expect(await answerOffer(await forge('AAAA', '0s', '60s'), parties)).toBeNull();
  // The point of order 1: whatever the other half is, the secret would be zero.
  expect(await answerOffer(await forge(Buffer.alloc(32).toString('base64url'), '0s', '60s'), parties)).toBeNull();
  expect(await answerOffer(await forge(half, '-1h', '1h'), parties)).toBeNull();
});

test('an answer of someone who is not the owner, or to another offer, makes no key', async () => {
  const [first, second] = [await offer(), await offer()];
  const answered = await answerOffer(first.token, parties);
  expect(await second.conclude(answered?.answer ?? '')).toBeNull();
  const impostor = await openOwnerKey(dataDir, 'geospatial');
  expect(await first.conclude((await answerOffer(first.token, { ...parties, owner: impostor }))?.answer ?? '')).toBeNull();
  expect(await first.conclude('')).toBeNull();
  expect(await first.conclude(first.token)).toBeNull();
});

test('an offer is answered once', async () => {
  const seals = keepSeals(parties);
  const { token } = await offer();
  expect(await seals.agree(token)).not.toBeNull();
  expect(await seals.agree(token)).toBeNull();
});

test('offers are remembered until they have expired: while a thousand are, no other is taken', async () => {
  const seals = keepSeals(parties);
  const agreed: (string | null)[] = [];
  for (let place = 0; place < 1_001; place += 1) agreed.push(await seals.agree((await offer()).token));
  expect(agreed.slice(0, 1_000)).not.toContain(null);
  expect(agreed[1_000]).toBeNull();
});

test('an owner’s keys are those of its file: ids that others make up leave nothing behind', async () => {
  const folder = mkdtempSync(join(dataDir, 'owner-'));
  await openOwnerKey(folder, 'credit');
  const keys = openOwnerKeys(folder, 'credit');
  const { kid } = await keys.current();
  for (let place = 0; place < 60; place += 1) expect(await keys.find(`made up ${place}`)).toBeNull();
  expect(await keys.find(kid)).not.toBeNull();
});
