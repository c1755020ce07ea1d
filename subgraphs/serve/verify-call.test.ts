import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWarrantKey } from '@longyuan/trust/keys.ts';
import { signWarrant } from '@longyuan/trust/warrant.ts';
import { expect, test, vi } from 'vitest';
import { rememberWarrants } from './verify-call.ts';

const caller = { kind: 'internal-developer' } as const;
const gateway = await newKey();

function newKey() {
  return openWarrantKey(mkdtempSync(join(tmpdir(), 'longyuan-keys-')));
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = (more: object = {}) => {
  const now = Math.floor(Date.now() / 1_000);
  return { caller, iss: 'longyuan-gateway', aud: 'population', iat: now, exp: now + 60, ...more };
};

test("the gateway's warrant for this library names the caller", async () => {
  const callerOf = rememberWarrants('population', gateway);
  expect(await callerOf(await signWarrant({ library: 'population', caller }, gateway))).toEqual(caller);
});

test('no warrant, one for another library, one of another key: nobody', async () => {
  const callerOf = rememberWarrants('population', gateway);
  expect(await callerOf(undefined)).toBeNull();
  expect(await callerOf('')).toBeNull();
  expect(await callerOf('a.b.c')).toBeNull();
  expect(await callerOf(await signWarrant({ library: 'credit', caller }, gateway))).toBeNull();
  expect(await callerOf(await signWarrant({ library: 'population', caller }, await newKey()))).toBeNull();
});

test('a forged warrant is nobody: alg none, or signed with a key of the forger under another algorithm', async () => {
  const callerOf = rememberWarrants('population', gateway);
  expect(await callerOf(`${encode({ alg: 'none', typ: 'warrant+jwt' })}.${encode(claims())}.`)).toBeNull();
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signed = `${encode({ alg: 'RS256', typ: 'warrant+jwt' })}.${encode(claims())}`;
  expect(await callerOf(`${signed}.${sign('sha256', Buffer.from(signed), rsa.privateKey).toString('base64url')}`)).toBeNull();
});

test('an expired warrant is nobody, also when it was valid before', async () => {
  const signed = `${encode({ alg: 'EdDSA', typ: 'warrant+jwt' })}.${encode(claims({ iat: 1_000_000, exp: 1_000_060 }))}`;
  const signature = Buffer.from(await crypto.subtle.sign('Ed25519', gateway.privateKey, Buffer.from(signed))).toString('base64url');
  expect(await rememberWarrants('population', gateway)(`${signed}.${signature}`)).toBeNull();

  const callerOf = rememberWarrants('population', gateway);
  const token = await signWarrant({ library: 'population', caller }, gateway);
  expect(await callerOf(token)).toEqual(caller);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
  expect(await callerOf(token)).toBeNull();
  vi.useRealTimers();
});
