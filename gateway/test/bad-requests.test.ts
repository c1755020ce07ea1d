import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway } from '../src/start-gateway.ts';
import { startLittleHub } from './little-hub.ts';

let hub: Awaited<ReturnType<typeof startLittleHub>>;
beforeAll(async () => {
  hub = await startLittleHub({ maxBodyBytes: 100_000 });
  await hub.until('registry', 'READY');
});
afterAll(() => hub.close());

const JSON_TYPE = { 'content-type': 'application/json' };
const post = (body: string | Uint8Array, headers: Record<string, string> = JSON_TYPE): RequestInit => ({ method: 'POST', headers, body });
const send = (operation: unknown) => post(JSON.stringify(operation));
const get = (): RequestInit => ({});

test.each<[string, number, RequestInit, string?]>([
  ['malformed JSON', 400, post('{"query": "{ worst }')],
  ['JSON with a prototype in it', 400, post('{"query":"{ worst }","__proto__":{"a":1}}')],
  ['an empty body', 400, post('')],
  ['a body of null', 400, post('null')],
  ['a body that is text', 400, post('"{ worst }"')],
  ['a body without a query', 400, post('{"variables":{}}')],
  ['a query that is a number', 400, send({ query: 7 })],
  ['several operations in a list', 400, send([{ query: '{ worst }' }])],
  ['variables in a list', 400, send({ query: '{ worst }', variables: [] })],
  ['an empty query', 400, send({ query: '' })],
  ['a query that is no GraphQL', 400, send({ query: '{ worst' })],
  ['a field that does not exist', 400, send({ query: '{ wurst }' })],
  ['a document without an operation', 400, send({ query: 'fragment F on Query { worst }' })],
  ['two operations and no name', 400, send({ query: 'query A { worst } query B { worst }' })],
  ['the name of no operation', 400, send({ query: 'query A { worst }', operationName: 'B' })],
  ['a subscription', 400, send({ query: 'subscription { worst }' })],
  ['a missing variable', 400, send({ query: 'query($n: String!) { person(idNumber: $n) { name } }' })],
  [
    'a variable of the wrong type',
    400,
    send({ query: 'query($n: String!) { person(idNumber: $n) { name } }', variables: { n: { a: 1 } } }),
  ],
  [
    'null for a variable that skips or includes',
    400,
    send({ query: 'query($b: Boolean = true) { worst @include(if: $b) }', variables: { b: null } }),
  ],
  ['a citizen number with a wrong check digit', 400, send({ query: '{ person(idNumber: "110105194912310021") { name } }' })],
  ['a persisted query', 400, send({ query: '{ worst }', extensions: { persistedQuery: { version: 1, sha256Hash: 'ab' } } })],
  ['text/plain', 415, post('{"query":"{ worst }"}', { 'content-type': 'text/plain' })],
  ['a form', 415, post('query=%7Bworst%7D', { 'content-type': 'application/x-www-form-urlencoded' })],
  ['a content type that is none', 415, post('{"query":"{ worst }"}', { 'content-type': 'nonsense' })],
  ['bytes that are no UTF-8', 400, post(new Uint8Array([0xff, 0xfe, 0x00]))],
  ['a body of 10 MB', 413, send({ query: `{ worst } # ${'x'.repeat(10_000_000)}` })],
  ['a GET with a mutation', 405, get(), '?query=mutation{rename(idNumber:"1",name:"2"){name}}'],
  ['a GET without a query', 400, get()],
  ['a GET with variables that are no JSON', 400, get(), '?query={worst}&variables={'],
  ['PUT', 405, { ...send({ query: '{ worst }' }), method: 'PUT' }],
  ['DELETE', 405, { method: 'DELETE' }],
  ['an answer asked for as a picture', 406, post('{"query":"{ worst }"}', { ...JSON_TYPE, accept: 'image/png' })],
])('%s is told what is wrong, with status %i', async (_name, status, init, search = '') => {
  const response = await fetch(`${hub.url}/graphql${search}`, init);
  const body = await response.text();
  const { errors, ...rest } = JSON.parse(body);
  expect(response.status).toBe(status);
  expect(rest).toEqual({});
  expect(errors[0].extensions.code).toBe('BAD_USER_INPUT');
  expect(errors[0].message.length).toBeGreaterThan(10);
  expect(response.headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
  expect(response.headers.get('x-request-id')).toMatch(/^[\w.-]{8,64}$/);
  expect(body).not.toMatch(/Did you mean|node_modules|\bat [^ ]+ \(|\.ts:\d|stacktrace/);
});

test('an operation that is named with no letter at all is not named', async () => {
  const named = send({ query: '{ worst }', operationName: '' });
  expect(await (await fetch(`${hub.url}/graphql`, named)).json()).toEqual({ data: { worst: 1 } });
  const got = await fetch(`${hub.url}/graphql?query={worst}&operationName=`, get());
  expect([got.status, await got.json()]).toEqual([200, { data: { worst: 1 } }]);
  expect((await fetch(`${hub.url}/graphql`, send({ query: 'query A { worst } query B { worst }', operationName: '' }))).status).toBe(400);
});

test('the hub answers on as before after all of that', async () => {
  expect(await hub.ask('{ worst persons { name } }')).toEqual({
    status: 200,
    data: { worst: 1, persons: [{ name: '马建国' }, { name: '祁月兰' }] },
  });
});

test('what is no HTTP gets an answer in the same shape, and so do headers without end', async () => {
  for (const [sent, status] of [
    ['hello\r\n\r\n', '400'],
    [`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, '431'],
    ['GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', '400'],
  ] as const) {
    const socket = connect(Number(new URL(hub.url).port), '127.0.0.1');
    socket.write(sent);
    const answer = await text(socket);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status}`));
    expect(answer.toLowerCase()).toContain('x-request-id: ');
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))).errors[0].extensions.code).toBe('BAD_USER_INPUT');
  }
});

test('a well-formed request id of the caller is kept and passed on, any other is replaced', async () => {
  const idOf = async (id: string) =>
    (
      await fetch(`${hub.url}/graphql`, { ...send({ query: '{ persons { name } }' }), headers: { ...JSON_TYPE, 'x-request-id': id } })
    ).headers.get('x-request-id');
  expect(await idOf('errand-2026.11_24')).toBe('errand-2026.11_24');
  expect(hub.libraries.registry.calls.at(-1)?.requestId).toBe('errand-2026.11_24');
  expect(await idOf('short')).toMatch(/^[0-9a-f-]{36}$/);
  expect(await idOf(`${'x'.repeat(100)}`)).toMatch(/^[0-9a-f-]{36}$/);
});

test('an address where nothing is says so, and pages of other sites are told nothing', async () => {
  const missing = await fetch(`${hub.url}/nothing/here`);
  expect([missing.status, await missing.json()]).toEqual([
    404,
    { errors: [{ message: 'There is nothing at this address.', extensions: { code: 'BAD_USER_INPUT' } }] },
  ]);
  const foreign = await fetch(`${hub.url}/graphql`, {
    ...send({ query: '{ worst }' }),
    headers: { ...JSON_TYPE, origin: 'https://other.example' },
  });
  expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  expect(foreign.headers.get('content-security-policy')).toContain("default-src 'self'");
});

test('a call under another host name, as DNS rebinding makes it, is refused', async () => {
  const socket = connect(Number(new URL(hub.url).port), '127.0.0.1');
  socket.write('GET /health HTTP/1.1\r\nHost: rebound.example:4000\r\nConnection: close\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1.1 421/);
});

test('the gateway refuses to listen where others could reach it', async () => {
  // It refuses before it looks at anything else.
  await expect(startGateway({ settings: {}, host: '0.0.0.0' } as Parameters<typeof startGateway>[0])).rejects.toThrow('loopback only');
});

test.each([
  ['headers', 'POST /graphql HTTP/1.1\r\nHost: localhost\r\n'],
  ['body', 'POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"query":"'],
])('a request whose %s arrive too slowly is ended when a request’s time is over', async (_name, sent) => {
  const slow = await startLittleHub({ requestTimeoutMs: 200 });
  const started = performance.now();
  const socket = connect(Number(new URL(slow.url).port), '127.0.0.1');
  socket.write(sent);
  const answer = await text(socket);
  // Left to itself, Node ends headers after 30 seconds and a body after 60.
  expect(performance.now() - started).toBeLessThan(25_000);
  expect(answer).toMatch(/^HTTP\/1\.1 408 .*The request did not arrive in time/s);
  await slow.close();
});
