import { generateKeyPairSync } from 'node:crypto';
import { PUBLIC } from '@longyuan/access/caller.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { openWarrantKeys, type SigningKeys } from '@longyuan/trust/follow-keys.ts';
import { openOwnerKey, type SigningKey } from '@longyuan/trust/keys.ts';
import { SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { type ActingGateway, actAsGateway } from './act-as-gateway.ts';
import { askWell } from './ask.ts';
import { timed } from './processor-time.ts';

const hub = inject('embedded');
const dataDir = String(hub.environment['HUB_DATA_DIR']);
const libraries = readLibraries();
const urlOf = (order: number) => `http://127.0.0.1:${Number(hub.environment['HUB_PORT']) + order}`;

/** A question to each library that its own schema answers, and what its warrant has to hold. */
const TYPENAME = JSON.stringify({ query: '{ __typename }' });
const SERVICE = JSON.stringify({ query: '{ _service { sdl } }' });
const ENTITIES = JSON.stringify({ query: '{ _entities(representations: []) { __typename } }' });

type Sent = Readonly<{ status: number; body: string }>;

async function send(url: string, headers: Record<string, string>, body: string, path = '/graphql', method = 'POST'): Promise<Sent> {
  const answer = await fetch(`${url}${path}`, { method, headers, ...(method === 'GET' ? {} : { body }) });
  return { status: answer.status, body: await answer.text() };
}

describe.each(libraries.map(({ name, order }) => ({ name, url: urlOf(order) })))('$name, called directly', ({ name, url }) => {
  let keys: SigningKeys;
  let key: SigningKey;
  let gateway: ActingGateway;
  beforeAll(async () => {
    // Whoever can read the folder of keys is the gateway; so this test can do what nobody else can, and try what follows from it.
    keys = await openWarrantKeys({ dataDir, warrantKeyFile: null });
    key = await keys.current();
    gateway = await connect(name, url, keys);
  });
  const refused: Sent = {
    status: 401,
    body: JSON.stringify({
      errors: [
        {
          message: `The library ${name} answers the gateway alone: this call carries no valid warrant for it.`,
          extensions: { code: 'UNAUTHENTICATED' },
        },
      ],
    }),
  };
  const forge = (claims: object = {}, header: object = {}) =>
    new SignJWT({ caller: PUBLIC, purpose: null, items: { Query: '_service', _Service: 'sdl' }, ...claims })
      .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'warrant+jwt', ...header })
      .setIssuer('longyuan-gateway')
      .setAudience(name)
      .setIssuedAt()
      .setExpirationTime('60s');

  test('the gateway’s call is answered, so that what follows is refused for what is wrong with it', async () => {
    expect(await send(url, await gateway.headersFor(TYPENAME), TYPENAME)).toMatchObject({ status: 200 });
  });

  test.each([
    ['POST', '/graphql', SERVICE],
    ['POST', '/graphql', ENTITIES],
    ['GET', '/graphql?query={__typename}', ''],
    ['POST', '/subject-key', '{}'],
    ['POST', '/', '{}'],
    ['GET', '/metrics', ''],
    ['POST', '/health', '{}'],
    ['POST', '/seal', '{}'],
    ['POST', '/seal', '{"offer":"e30.e30.e30"}'],
  ])('without a warrant: %s %s is 401', async (method, path, body) => {
    expect(await send(url, { 'content-type': 'application/json' }, body, path, method)).toEqual(refused);
  });

  test('a captured call is answered once: not again, not with another body, not on another path', async () => {
    const captured = await gateway.headersFor(TYPENAME);
    expect((await send(url, captured, SERVICE)).status).toBe(401);
    expect((await send(url, captured, TYPENAME, '/subject-key')).status).toBe(401);
    expect((await send(url, captured, TYPENAME, '/graphql?query={_service{sdl}}')).status).toBe(401);
    expect((await send(url, captured, TYPENAME)).status).toBe(200);
    expect(await send(url, captured, TYPENAME)).toEqual(refused);
  });

  test('a captured call opens no other library', async () => {
    for (const other of libraries.filter((library) => library.name !== name)) {
      const captured = await gateway.headersFor(TYPENAME);
      expect((await send(urlOf(other.order), captured, TYPENAME)).status).toBe(401);
      // Also where it is sealed for that one: the warrant is for this library alone.
      const there = await connect(other.name, urlOf(other.order), keys);
      const token = captured['x-hub-warrant'] ?? '';
      expect((await send(urlOf(other.order), await there.headersFor(TYPENAME, { token }), TYPENAME)).status).toBe(401);
    }
  });

  test('an old call, and one from the future, are refused', async () => {
    for (const seconds of [-60, 60]) {
      const headers = await gateway.headersFor(TYPENAME, { sealedAtMs: Date.now() + seconds * 1_000 });
      expect(await send(url, headers, TYPENAME)).toEqual(refused);
    }
    const old = await forge().setIssuedAt('-5m').setExpirationTime('-4m').sign(key.privateKey);
    expect(await send(url, await gateway.headersFor(SERVICE, { token: old }), SERVICE)).toEqual(refused);
  });

  test('tokens of other kinds, algorithms and keys are no warrants', async () => {
    const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', key.publicKey));
    const pem = Buffer.from(await crypto.subtle.exportKey('spki', key.publicKey)).toString('base64');
    const ownKey = generateKeyPairSync('ed25519');
    const withItsOwnKey = { jwk: ownKey.publicKey.export({ format: 'jwk' }) };
    const tokens = [
      '',
      'null',
      new UnsecuredJWT({ caller: PUBLIC, purpose: null, items: {} })
        .setIssuer('longyuan-gateway')
        .setAudience(name)
        .setIssuedAt()
        .setExpirationTime('60s')
        .encode(),
      await forge({}, { alg: 'HS256' }).sign(publicKey),
      await forge({}, { alg: 'HS256' }).sign(new TextEncoder().encode(pem)),
      await forge({}, { typ: 'JWT' }).sign(key.privateKey),
      await forge({}, withItsOwnKey).sign(ownKey.privateKey),
      await forge({}, { jku: 'http://127.0.0.1:1/keys', kid: 'mine' }).sign(ownKey.privateKey),
      await forge({}, { kid: '../../etc/passwd' }).sign(key.privateKey),
      await forge({ items: ['Query._service'] }).sign(key.privateKey),
      await forge({ caller: { kind: 'root' } }).sign(key.privateKey),
    ];
    for (const token of tokens) expect(await send(url, await gateway.headersFor(SERVICE, { token }), SERVICE)).toEqual(refused);
    expect((await send(url, await gateway.headersFor(SERVICE, { token: await forge().sign(key.privateKey) }), SERVICE)).status).toBe(200);
  });

  test('nothing beyond the warrant is answered: the whole is refused, and the field named', async () => {
    const both = JSON.stringify({ query: '{ _service { sdl } __typename }' });
    const answer = await send(url, await gateway.headersFor(both, { items: ['Query._service'] }), both);
    expect(answer.status).toBe(403);
    expect(JSON.parse(answer.body)).toMatchObject({ errors: [{ extensions: { code: 'ITEM_NOT_SHARED', item: '_Service.sdl' } }] });
    expect(answer.body).not.toContain('extend');
  });
});

const PLAIN = '{ division(code: "620000") { name } }';
// Planned and connected once, as in a hub that has been asked before.
beforeAll(() => askWell(hub, PLAIN));

test('after all of this a plain question through the gateway is answered, and costs no more than it should', async () => {
  const { result, ms } = await timed(Object.values(hub.pids), () => askWell(hub, PLAIN));
  expect(result).toEqual({ division: { name: '甘肃省' } });
  expect(ms).toBeLessThan(1_000);
});

async function connect(library: string, url: string, keys: SigningKeys): Promise<ActingGateway> {
  const owner = await openOwnerKey(dataDir, library);
  const post = async (path: string, body: string) => JSON.parse((await send(url, { 'content-type': 'application/json' }, body, path)).body);
  return actAsGateway({ library, keys, owner, post });
}
