import { createSecretKey, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { type CallToSeal, digestOf, isSealed, readSeal, sealCall } from './call-seal.ts';
import { openHmac } from './hmac.ts';

test('RFC 9421, B.2.5: the HMAC of the signature base is that of the standard', () => {
  const secret = createSecretKey('uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==', 'base64');
  const base = [
    '"date": Tue, 20 Apr 2021 02:07:55 GMT',
    '"@authority": example.com',
    '"content-type": application/json',
    '"@signature-params": ("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"',
  ].join('\n');
  expect(openHmac(secret)(base)).toBe('pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=');
});

test('RFC 9530, appendix D: the digest of a body is that of the standard', () => {
  expect(digestOf('{"hello": "world"}\n')).toBe('sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:');
  expect(digestOf('')).toBe('sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:');
});

const key = { keyid: randomBytes(16).toString('base64url'), sign: openHmac(createSecretKey(randomBytes(32))) };
const headers = { 'x-hub-warrant': 'e30.e30.sig', 'x-request-id': 'request-1' };
const call: CallToSeal = { method: 'POST', path: '/graphql', headers, contentDigest: digestOf('{}') };
const sealed = (of: CallToSeal = call, count = 1, nowMs?: number): CallToSeal => ({
  ...of,
  headers: { ...of.headers, ...sealCall(of, key, count, nowMs) },
});
const isGood = (of: CallToSeal) => {
  const seal = readSeal(of);
  return seal !== null && isSealed(of, seal, key);
};

test('the headers of a seal are those of HTTP Message Signatures', () => {
  const sign = openHmac(createSecretKey(Buffer.alloc(32)));
  expect(sealCall(call, { keyid: 'AAAAAAAAAAAAAAAAAAAAAA', sign }, 7, 1_764_000_000_000)).toEqual({
    'content-digest': 'sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:',
    'signature-input':
      'seal=("@method" "@path" "content-digest" "x-hub-warrant" "x-request-id");created=1764000000;nonce="7";keyid="AAAAAAAAAAAAAAAAAAAAAA";alg="hmac-sha256";tag="longyuan-hub"',
    signature: expect.stringMatching(/^seal=:[A-Za-z0-9+/]{43}=:$/),
  });
});

test('a call under its own seal is good, one with anything changed is not', () => {
  expect(isGood(sealed())).toBe(true);
  for (const changed of [{ method: 'PUT' }, { path: '/seal' }, { contentDigest: digestOf('[]') }])
    expect(isGood({ ...sealed(), ...changed })).toBe(false);
  const other = { ...key, sign: openHmac(createSecretKey(randomBytes(32))) };
  const seal = readSeal(sealed());
  expect(seal && isSealed(sealed(), seal, other)).toBe(false);
});

test('a token that travels along is sealed where it is there: it can be neither put in, nor taken out, nor changed', () => {
  const carrying: CallToSeal = { ...call, headers: { ...headers, authorization: 'Bearer a' } };
  const good = sealed(carrying);
  expect(isGood(good)).toBe(true);
  expect(isGood({ ...good, headers: { ...good.headers, authorization: 'Bearer b' } })).toBe(false);
  expect(isGood({ ...good, headers: { ...good.headers, authorization: undefined } })).toBe(false);
  const without = sealed();
  expect(isGood({ ...without, headers: { ...without.headers, authorization: 'Bearer a' } })).toBe(false);
});

test('a seal of a moment that is not now is not good', () => {
  for (const [seconds, expected] of [
    [0, true],
    [-29, true],
    [29, true],
    [-33, false],
    [33, false],
    [-86_400, false],
  ] as const) {
    expect(isGood(sealed(call, 1, Date.now() + seconds * 1_000)), `${seconds} s`).toBe(expected);
  }
});
