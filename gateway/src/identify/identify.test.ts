import { createHmac, randomUUID } from 'node:crypto';
import { type IssuerKeys, keepIssuerKeys } from '@longyuan/trust/keep-issuer-keys.ts';
import { makeTokenCheck, type Verified } from '@longyuan/trust/verify-token.ts';
import { UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type LittleKey, startLittleIssuer } from '../../test/little-issuer.ts';
import { makeIdentify } from './identify.ts';

const CITIZEN = '11010519491231002X';
const DEPARTMENT = '11629901000000019M';

const issuer = await startLittleIssuer();
let key: LittleKey;
let keys: IssuerKeys;
let nowMs: number;
let personKeys: Record<string, string | undefined> | 'away' = {};
let personCalls = 0;
let identify: ReturnType<typeof makeIdentify>;

beforeAll(async () => {
  key = await issuer.newKey('EdDSA');
});
beforeEach(() => {
  nowMs = Date.now();
  issuer.silence(false);
  personKeys = {};
  personCalls = 0;
  keys = keepIssuerKeys(
    issuer.identity,
    () => {},
    () => nowMs,
  );
  identify = makeIdentify({
    check: makeTokenCheck(issuer.identity, keys.find),
    personKeys: {
      keyOf: async (idNumber) => {
        personCalls += 1;
        if (personKeys === 'away') return { kind: 'unavailable' };
        const known = personKeys[idNumber];
        return known ? { kind: 'known', key: known } : { kind: 'nobody' };
      },
      close: async () => {},
    },
  });
  return () => keys.close();
});
afterAll(() => issuer.close());

const withToken = (token: string) => identify({ authorization: `Bearer ${token}` }, 'request-1');
/** The caller, or status, code and challenge of the refusal. */
async function outcome(token: string) {
  const told = await withToken(token);
  if (told.kind === 'identified') return told.caller;
  return [told.refusal.status, told.refusal.code, /error="(\w+)"/.exec(told.challenge ?? '')?.[1] ?? null];
}
const INVALID = [401, 'UNAUTHENTICATED', 'invalid_token'];

test('no token is the public caller', async () => {
  expect(await identify({}, 'request-1')).toEqual({ kind: 'identified', caller: { kind: 'public' }, purpose: null });
});

test.each(['EdDSA', 'ES256', 'RS256', 'PS256'])('a token signed with %s is believed', async (alg) => {
  expect(await outcome(await issuer.sign(await issuer.newKey(alg)))).toEqual({ kind: 'auditor', sub: 'a1' });
});

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ['expired', { exp: Math.floor(Date.now() / 1_000) - 60 }, {}],
  ['without an expiry', { exp: undefined }, {}],
  ['of another issuer', { iss: 'https://elsewhere.example' }, {}],
  ['for another audience', { aud: 'elsewhere' }, {}],
  ['without an audience', { aud: undefined }, {}],
  ['valid only in five minutes', { nbf: Math.floor(Date.now() / 1_000) + 300 }, {}],
  ['without a subject', { sub: undefined }, {}],
  ['made for another use', {}, { typ: 'warrant+jwt' }],
  ['of a kind that the hub does not know', { kind: 'root' }, {}],
  ['of no kind', { kind: undefined }, {}],
  ['of a person without a number', { kind: 'person' }, {}],
  ['of a person with a malformed number', { kind: 'person', id_number: '110105194912310021' }, {}],
  ['of a person whose number is a list', { kind: 'person', id_number: [CITIZEN] }, {}],
  ['of a department without a code', { kind: 'department' }, {}],
  ['of a department in a role that there is not', { kind: 'department', uscc: DEPARTMENT, role: 'owner' }, {}],
  ['of a department with a region that is no code', { kind: 'department', uscc: DEPARTMENT, region: '62%' }, {}],
])('a token that is %s is refused', async (_what, changed, header) => {
  expect(await outcome(await issuer.sign(key, changed, header))).toEqual(INVALID);
});

const NOW = Math.floor(Date.now() / 1_000);
const DAY = 86_400;
/** Claims that JSON.stringify would not write: the numbers of a token as its issuer wrote them. */
const written = (claims: Record<string, unknown>, numbers: string) => JSON.stringify({ ...claims, X: 0 }).replace('"X":0', numbers);
test.each<[string, string]>([
  ['that expires in 30 years', `"iat":${NOW},"exp":${NOW + 30 * 365 * DAY}`],
  ['that lasts a day and a second', `"iat":${NOW},"exp":${NOW + DAY + 1}`],
  ['that was made long ago, for long', `"iat":${NOW - DAY},"exp":${NOW + 60}`],
  ['that never expires', `"iat":${NOW},"exp":1e400`],
  ['that expires before time began', `"iat":${NOW},"exp":-1e400`],
  ['whose expiry is text', `"iat":${NOW},"exp":"${NOW + 300}"`],
  ['whose expiry is a list', `"iat":${NOW},"exp":[${NOW + 300}]`],
  ['whose expiry is null', `"iat":${NOW},"exp":null`],
  ['whose expiry is beyond every date', `"iat":${NOW},"exp":1e300`],
  ['made in an hour', `"iat":${NOW + 3_600},"exp":${NOW + 7_200}`],
  ['made at the end of time', `"iat":1e400,"exp":${NOW + 300}`],
  ['made before time began', `"iat":-1e400,"exp":${NOW + 300}`],
  ['made in the year 1', `"iat":-62135596800,"exp":${NOW + 300}`],
  ['that says in text when it was made', `"iat":"${NOW}","exp":${NOW + 300}`],
  ['that says no moment from which it is valid', `"iat":${NOW},"nbf":-1e400,"exp":${NOW + 300}`],
  ['that is valid from text on', `"iat":${NOW},"nbf":"0","exp":${NOW + 300}`],
  ['that lasts two days and says not since when', `"exp":${NOW + 2 * DAY}`],
])('a token %s is refused', async (_what, numbers) => {
  expect(await outcome(await issuer.signText(key, written({ ...issuer.claims(), ...NO_TIMES }, numbers)))).toEqual(INVALID);
});
const NO_TIMES = { iat: undefined, nbf: undefined, exp: undefined };

test.each<[string, string]>([
  ['that lasts a day', `"iat":${NOW},"exp":${NOW + DAY}`],
  ['whose times are fractions', `"iat":${NOW}.5,"nbf":${NOW}.25,"exp":${NOW + 300}.75`],
  ['made by a clock that is 20 seconds ahead', `"iat":${NOW + 20},"exp":${NOW + 20 + DAY}`],
  ['that lasts an hour and says not since when', `"exp":${NOW + 3_600}`],
])('a token %s is believed', async (_what, numbers) => {
  const token = await issuer.signText(key, written({ ...issuer.claims(), ...NO_TIMES }, numbers));
  expect(await outcome(token)).toEqual({ kind: 'auditor', sub: 'a1' });
});

test('how long a token may last, and what it may say that it is, are settings', async () => {
  const check = (changed: object) => makeTokenCheck({ ...issuer.identity, ...changed }, keys.find);
  const token = await issuer.sign(key);
  expect(await check({ longestLifeSeconds: 299 })(token)).toEqual({
    kind: 'invalid',
    reason: expect.stringContaining('OIDC_LONGEST_LIFE_SECONDS'),
  });
  expect(await check({ longestLifeSeconds: 300 })(token)).toMatchObject({ kind: 'valid' });
  const kinds = async (tokenTypes: readonly string[], typ: string | undefined) =>
    (await check({ tokenTypes })(await issuer.sign(key, {}, { typ }))).kind;
  expect(await kinds(['at+jwt'], 'application/AT+JWT')).toBe('valid');
  expect(await kinds(['application/at+jwt'], 'at+jwt')).toBe('valid');
  for (const typ of ['jwt', undefined, '', 'at+jwt;x']) expect(await kinds(['at+jwt'], typ), typ).toBe('invalid');
  expect(await kinds(['none'], undefined)).toBe('valid');
});

test.each(['RS256', 'PS256', 'ES256', 'EdDSA'])(
  'of several %s keys, that one counts which a token without kid is signed with',
  async (alg) => {
    const made = [await issuer.newKey(alg), await issuer.newKey(alg), await issuer.newKey(alg)];
    for (const one of made) expect(await outcome(await issuer.sign(one, {}, { kid: undefined }))).toEqual({ kind: 'auditor', sub: 'a1' });
    // Also by another that was published since, and by none that was not.
    const [later, never] = [await issuer.newKey(alg, false), await issuer.newKey(alg, false)];
    const token = await issuer.sign(later, {}, { kid: undefined });
    expect(await outcome(token)).toEqual(INVALID);
    issuer.publish(later);
    nowMs += 1_000;
    expect(await outcome(token)).toEqual({ kind: 'auditor', sub: 'a1' });
    expect(await outcome(await issuer.sign(never, {}, { kid: undefined }))).toEqual(INVALID);
  },
);

test('keys of the issuer that are for another use, weak, secret or malformed are none, and cost the others nothing', async () => {
  const { modulus, exponent } = { modulus: Buffer.alloc(128, 0xc1).toString('base64url'), exponent: 'AQAB' };
  const encrypting = await issuer.newKey('RS256', false);
  const bad: unknown[] = [null, 7, 'x', [], { kty: 'oct', k: 'AAAA', kid: key.kid }, { kty: 'RSA', n: modulus, e: exponent, kid: 'weak' }];
  for (const one of [...bad, { ...encrypting.jwk, use: 'enc' }]) issuer.publish({ ...encrypting, jwk: one as object });
  const secret = await issuer.newKey('ES256', false);
  issuer.publish({ ...secret, jwk: { ...secret.jwk, d: Buffer.alloc(32, 1).toString('base64url') } });
  for (const one of [encrypting, secret]) {
    nowMs += 1_000;
    expect(await outcome(await issuer.sign(one))).toEqual(INVALID);
    expect(await outcome(await issuer.sign(one, {}, { kid: undefined }))).toEqual(INVALID);
  }
  expect(await outcome(await issuer.sign(key))).toEqual({ kind: 'auditor', sub: 'a1' });
});

test('a token that is forged is refused', async () => {
  const good = await issuer.sign(key);
  const [head = '', body = '', signature = ''] = good.split('.');
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
  // The public key as the secret of a keyed hash: what a verifier that trusts `alg` falls for.
  const hashed = `${part({ alg: 'HS256', kid: key.kid })}.${body}`;
  const confused = `${hashed}.${createHmac('sha256', JSON.stringify(key.jwk)).update(hashed).digest('base64url')}`;
  const stranger = await issuer.newKey('EdDSA', false);
  const forged = [
    new UnsecuredJWT(claims as Record<string, unknown>).encode(),
    `${part({ alg: 'none', kid: key.kid })}.${body}.`,
    confused,
    `${head}.${part({ ...claims, kind: 'department', uscc: DEPARTMENT })}.${signature}`,
    await issuer.sign(stranger),
    await issuer.sign(stranger, {}, { kid: key.kid }),
    await issuer
      .sign(key, {}, { alg: 'EdDSA', crit: ['exp'] })
      .catch(() => `${part({ alg: 'EdDSA', kid: key.kid, crit: ['x'], x: 1 })}.${body}.${signature}`),
    'x',
    'x.y.z',
    'e30.e30.e30',
    `${good}.${good}`,
    'A'.repeat(100_000),
    `${head}.${'A'.repeat(100_000)}.${signature}`,
  ];
  for (const token of forged) expect(await outcome(token), token.slice(0, 60)).toEqual(INVALID);
});

test.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer a b', 'Bearer "', `Bearer ${'é'}`])('%s is no token', async (authorization) => {
  expect(await identify({ authorization }, 'request-1')).toMatchObject({
    kind: 'refused',
    refusal: { status: 401, code: 'UNAUTHENTICATED' },
  });
});

test('claims become the caller that they name', async () => {
  expect(await outcome(await issuer.sign(key, { kind: 'department', uscc: DEPARTMENT }))).toEqual({
    ...{ kind: 'department', sub: 'a1', uscc: DEPARTMENT, role: 'developer', region: null },
  });
  expect(await outcome(await issuer.sign(key, { kind: 'department', uscc: DEPARTMENT, role: 'steward', region: '620102' }))).toEqual({
    ...{ kind: 'department', sub: 'a1', uscc: DEPARTMENT, role: 'steward', region: '620102' },
  });
  expect(await outcome(await issuer.sign(key, { kind: 'legal-entity', uscc: DEPARTMENT }))).toEqual({
    kind: 'agent',
    sub: 'a1',
    uscc: DEPARTMENT,
  });
});

test('a citizen is known by the key of the library that knows persons, asked once for a token; the number goes nowhere', async () => {
  personKeys = { [CITIZEN]: 'p1' };
  const token = await issuer.sign(key, { kind: 'person', id_number: CITIZEN });
  const all = await Promise.all([outcome(token), outcome(token), outcome(token)]);
  expect(all).toEqual(Array.from({ length: 3 }, () => ({ kind: 'citizen', sub: 'a1', person: 'p1' })));
  expect(personCalls).toBe(1);
});

test('a person of whom no row is held has a key of their own, and no two such persons the same, however many tokens', async () => {
  const [one, other, again] = await Promise.all(
    ['b1', 'b2', 'b1'].map(async (sub) => outcome(await issuer.sign(key, { kind: 'person', id_number: CITIZEN, sub, jti: randomUUID() }))),
  );
  expect(one).toEqual({ kind: 'citizen', sub: 'b1', person: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  expect(JSON.stringify(one)).not.toContain(CITIZEN);
  // Else each token would be a caller with a share of its own.
  expect(again).toEqual(one);
  expect((one as { person: string }).person).not.toBe((other as { person: string }).person);
});

test('while the library that knows persons is away a citizen is refused, and believed as soon as it is back', async () => {
  personKeys = 'away';
  const token = await issuer.sign(key, { kind: 'person', id_number: CITIZEN });
  expect(await outcome(token)).toEqual([503, 'LIBRARY_UNAVAILABLE', null]);
  personKeys = { [CITIZEN]: 'p1' };
  expect(await outcome(token)).toEqual({ kind: 'citizen', sub: 'a1', person: 'p1' });
});

test('a new key of the issuer is found when a token names it; made-up key ids do not make the hub ask on and on', async () => {
  expect(await outcome(await issuer.sign(key))).toMatchObject({ kind: 'auditor' });
  const asked = issuer.asked();
  const next = await issuer.newKey('ES256', false);
  const token = await issuer.sign(next);
  issuer.publish(next);
  expect(await outcome(token)).toEqual(INVALID);
  expect(issuer.asked()).toBe(asked);
  nowMs += 1_000;
  expect(await outcome(token)).toMatchObject({ kind: 'auditor' });
  const after = issuer.asked();
  for (let number = 0; number < 20; number += 1) expect(await outcome(await issuer.sign(key, {}, { kid: `k${number}` }))).toEqual(INVALID);
  expect(issuer.asked()).toBe(after);
});

test('while the issuer is silent known keys go on, unknown ones cannot be checked', async () => {
  expect(await outcome(await issuer.sign(key))).toMatchObject({ kind: 'auditor' });
  issuer.silence(true);
  nowMs += 20 * 60_000;
  expect(await outcome(await issuer.sign(key, { sub: 'a2' }))).toEqual({ kind: 'auditor', sub: 'a2' });
  nowMs += 1_000;
  expect(await outcome(await issuer.sign(await issuer.newKey('ES256')))).toEqual([503, 'UNAUTHENTICATED', null]);
  nowMs += 60 * 60_000;
  expect(await outcome(await issuer.sign(key, { sub: 'a3' }))).toEqual([503, 'UNAUTHENTICATED', null]);
  issuer.silence(false);
  nowMs += 1_000;
  expect(await outcome(await issuer.sign(key, { sub: 'a3' }))).toEqual({ kind: 'auditor', sub: 'a3' });
});

test('a caller is remembered no longer than the token lasts', async () => {
  let clock = Date.now();
  const check = makeTokenCheck(issuer.identity, keys.find);
  let checks = 0;
  const counted = makeIdentify({ check: (token) => check(token).finally(() => checks++), personKeys: null, now: () => clock });
  const headers = { authorization: `Bearer ${await issuer.sign(key)}` };
  for (let time = 0; time < 3; time += 1) await counted(headers, 'request-1');
  expect(checks).toBe(1);
  clock += 331_000;
  await counted(headers, 'request-1');
  expect(checks).toBe(2);
});

test('what for is the code of a service item, or nothing', async () => {
  const code = `${DEPARTMENT}2200620000001`;
  expect(await identify({ 'x-purpose': code }, 'request-1')).toMatchObject({ purpose: code });
  expect(await identify({ 'x-purpose': '' }, 'request-1')).toMatchObject({ purpose: null });
  for (const wrong of ['1', `${code}1`, code.toLowerCase(), `${code}, ${code}`]) {
    expect(await identify({ 'x-purpose': wrong }, 'request-1'), wrong).toMatchObject({ refusal: { status: 400, code: 'BAD_USER_INPUT' } });
  }
});

test('of ever other tokens the last 20,000 are remembered, and none that was refused', async () => {
  let checks = 0;
  const check = async (token: string): Promise<Verified> => {
    checks += 1;
    if (token.startsWith('wrong')) return { kind: 'invalid', reason: 'expired' };
    return { kind: 'valid', claims: { kind: 'auditor', sub: token }, expiresAtMs: Date.now() + 60_000 };
  };
  const ask = makeIdentify({ check, personKeys: null });
  const withOne = (token: string) => ask({ authorization: `Bearer ${token}` }, 'request-1');
  const checksFor = async (token: string) => {
    const before = checks;
    await withOne(token);
    return checks - before;
  };
  for (const token of ['first', 'second']) await withOne(token);
  for (let place = 0; place < 19_997; place += 1) await withOne(String(place));
  for (let place = 0; place < 1_000; place += 1) await withOne(`wrong${place}`);
  // One place was free, and each that was refused had it for a moment.
  expect([await checksFor('first'), await checksFor('wrong0')]).toEqual([0, 1]);
  for (const token of ['another', 'yet-another']) await withOne(token);
  expect([await checksFor('second'), await checksFor('first')]).toEqual([1, 0]);
});
