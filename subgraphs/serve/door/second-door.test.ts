import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, sealCall } from '@longyuan/trust/call-seal.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { openOwnerKey } from '@longyuan/trust/keys.ts';
import { expect, test } from 'vitest';
import { actAsGateway } from '../../../test/act-as-gateway.ts';
import { type CallHead, openSecondDoor } from './second-door.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'longyuan-door-'));
const keys = await openWarrantKeys({ dataDir, warrantKeyFile: null });
const BODY = '{"query":"{ person { name } }"}';
const items = ['Query.person', 'Person.name'];

/** A library that has just started, and a gateway that has agreed on a seal with it. */
async function start(library = 'population') {
  const owner = await openOwnerKey(dataDir, library);
  const door = openSecondDoor({ library, gateway: keys, owner });
  const post = async (_path: string, body: string) => ({ answer: await door.agree(JSON.parse(body).offer) });
  const connect = () => actAsGateway({ library, keys, owner, post });
  const call = async (headers: Record<string, string>, changed: Partial<CallHead> = {}, body = BODY) => {
    const admitted = await door.admit({ method: 'POST', target: '/graphql', headers, ...changed });
    return typeof admitted === 'string' ? admitted : admitted.isSealedBody(Buffer.from(body)) ? 'ANSWERED' : 'OTHER_BODY';
  };
  return { door, call, connect, gateway: await connect() };
}

const { call, gateway, connect } = await start();

test('a sealed call is answered once: the same again is not', async () => {
  const headers = await gateway.headersFor(BODY, { items });
  expect(await call(headers)).toBe('ANSWERED');
  expect(await call(headers)).toBe('OTHER_BODY');
  expect(await call(await gateway.headersFor(BODY, { items }))).toBe('ANSWERED');
});

test('a captured head opens nothing with another body, and does not use up the true call', async () => {
  const headers = await gateway.headersFor(BODY, { items });
  expect(await call(headers, {}, '{"query":"{ person { phone } }"}')).toBe('OTHER_BODY');
  expect(await call({ ...headers, 'content-digest': digestOf('{}') }, {}, '{}')).toBe('REFUSED');
  expect(await call(headers)).toBe('ANSWERED');
});

test('what is sealed cannot be changed: path, method, query, warrant, request id, time and nonce', async () => {
  const headers = await gateway.headersFor(BODY, { items });
  const { 'signature-input': input = '' } = headers;
  const other = await gateway.headersFor(BODY, { items: [...items, 'Person.phone'] });
  expect(await call(headers, { target: '/subject-key' })).toBe('REFUSED');
  expect(await call(headers, { target: '/graphql?query=x' })).toBe('REFUSED');
  expect(await call(headers, { method: 'PUT' })).toBe('REFUSED');
  for (const changed of [
    { 'x-hub-warrant': other['x-hub-warrant'] ?? '' },
    { 'x-request-id': 'another-request' },
    { 'signature-input': input.replace(/created=\d+/, (created) => `created=${Number(created.slice(8)) + 1}`) },
    { 'signature-input': input.replace(/nonce="\d+"/, 'nonce="999"') },
    { 'signature-input': input.replace(' "x-hub-warrant"', '') },
    { 'signature-input': `${input}, other=()` },
    { authorization: 'Bearer of-someone' },
    { signature: `seal=:${Buffer.alloc(32).toString('base64')}:` },
    { signature: 'seal=:AAAA:' },
  ]) {
    expect(await call({ ...headers, ...changed }), JSON.stringify(changed)).toBe('REFUSED');
  }
  for (const name of ['x-hub-warrant', 'x-request-id', 'content-digest', 'signature', 'signature-input']) {
    const { [name]: _left, ...rest } = headers;
    expect(await call(rest), name).toBe('REFUSED');
  }
  expect(await call(headers)).toBe('ANSWERED');
});

test('a seal is good for 30 seconds on either side of the receiver’s clock', async () => {
  const sealedAt = (seconds: number) => gateway.headersFor(BODY, { items, sealedAtMs: Date.now() + seconds * 1_000 });
  expect(await call(await sealedAt(-25))).toBe('ANSWERED');
  expect(await call(await sealedAt(25))).toBe('ANSWERED');
  expect(await call(await sealedAt(-35))).toBe('REFUSED');
  expect(await call(await sealedAt(35))).toBe('REFUSED');
});

test('a call to one library opens no other, sealed or not', async () => {
  const credit = await start('credit');
  const headers = await gateway.headersFor(BODY, { items });
  expect(await credit.call(headers)).toBe('SEAL_UNKNOWN');
  // A library that is hostile has a warrant for itself; sealed anew for another library it is still not for that one.
  expect(await credit.call(await credit.gateway.headersFor(BODY, { token: headers['x-hub-warrant'] ?? '' }))).toBe('REFUSED');
});

test('a sealed call without a valid warrant is refused', async () => {
  expect(await call(await gateway.headersFor(BODY, { token: 'e30.e30.' }))).toBe('REFUSED');
  expect(await call(await gateway.headersFor(BODY, { library: 'credit', items }))).toBe('REFUSED');
});

test('after a restart nothing that was sealed before is answered, until a new seal is agreed on', async () => {
  const headers = await gateway.headersFor(BODY, { items });
  const again = await start();
  expect(await again.call(headers)).toBe('SEAL_UNKNOWN');
  expect(await again.call(await gateway.headersFor(BODY, { items }))).toBe('SEAL_UNKNOWN');
  expect(await again.call(await again.gateway.headersFor(BODY, { items }))).toBe('ANSWERED');
});

test('several gateways are connected at once, each with a seal of its own', async () => {
  const second = await connect();
  expect(await call(await second.headersFor(BODY, { items }))).toBe('ANSWERED');
  expect(await call(await gateway.headersFor(BODY, { items }))).toBe('ANSWERED');
  const headers = { 'x-hub-warrant': (await gateway.headersFor(BODY, { items }))['x-hub-warrant'] ?? '', 'x-request-id': 'request-1' };
  const mixed = sealCall(
    { method: 'POST', path: '/graphql', headers, contentDigest: digestOf(BODY) },
    { keyid: second.key.keyid, sign: gateway.key.sign },
    77,
  );
  expect(await call({ ...headers, ...mixed })).toBe('REFUSED');
});
