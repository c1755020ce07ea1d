import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLittleHub } from './little-hub.ts';

const PORTAL = 'https://portal.example';
let hub: Awaited<ReturnType<typeof startLittleHub>>;
beforeAll(async () => {
  hub = await startLittleHub({ allowedOrigins: [PORTAL] });
  await hub.until('registry', 'READY');
});
afterAll(() => hub.close());

const JSON_TYPE = { 'content-type': 'application/json' };
const post = (body: unknown, headers: Record<string, string> = JSON_TYPE): RequestInit => ({
  method: 'POST',
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const search = (parts: Record<string, unknown>) =>
  new URLSearchParams(Object.entries(parts).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));
async function call(init: RequestInit, path = '/graphql') {
  const response = await fetch(`${hub.url}${path}`, init);
  const told = await response.text();
  return { status: response.status, headers: response.headers, body: told === '' ? null : JSON.parse(told) };
}
const get = (parts: Record<string, unknown>, headers: Record<string, string> = {}) => call({ headers }, `/graphql?${search(parts)}`);

const QUESTION = 'query Worst { worst }';
const CHANGE = 'mutation Rename { rename(idNumber: "11010519491231002X", name: "x") { name } }';
const renames = () => hub.libraries.registry.calls.filter(({ query }) => query.includes('rename')).length;

/** As a browser sends it: fetch lets nobody set these headers. */
function sendRaw(method: string, path: string, headers: Record<string, string>, body = '') {
  const { hostname, port } = new URL(hub.url);
  return new Promise<{ status: number; headers: Record<string, string | string[] | undefined>; body: string }>((resolve, reject) => {
    const sent = request({ host: hostname, port, method, path, headers }, async (answer) =>
      resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) }),
    );
    sent.once('error', reject).end(body);
  });
}

test.each([
  ['curl -G', { accept: '*/*' }, 'application/json'],
  ['a browser', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }, 'application/json'],
  ['graphql-request', { accept: 'application/graphql-response+json, application/json' }, 'application/graphql-response+json'],
  [
    'urql',
    { accept: 'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed' },
    'application/graphql-response+json',
  ],
])('a question by GET, as %s sends it, is answered without a header of its own', async (_client, headers, type) => {
  const told = await get({ query: QUESTION, operationName: 'Worst', variables: {} }, headers);
  expect([told.status, told.body]).toEqual([200, { data: { worst: 1 } }]);
  expect(told.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
  expect(told.headers.get('cache-control')).toBe('no-store');
  expect(told.headers.get('vary')).toMatch(/Accept\b.*Authorization/i);
});

test('by GET nothing is changed, whatever the client says of itself', async () => {
  for (const headers of [{}, { 'apollo-require-preflight': '1' }, JSON_TYPE]) {
    const told = await get({ query: CHANGE }, headers);
    expect([told.status, told.headers.get('allow')]).toEqual([405, 'POST']);
  }
  const chosen = await get({ query: `${QUESTION} ${CHANGE}`, operationName: 'Rename' });
  expect(chosen.status).toBe(405);
  expect((await call({ method: 'HEAD' }, `/graphql?${search({ query: CHANGE })}`)).status).toBeGreaterThanOrEqual(400);
  expect(renames()).toBe(0);
});

test('what a page can send without being let is no operation: a form, plain text, a beacon, whatever JSON stands in it', async () => {
  const types = [
    ...['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'text/plain; charset=application/json'],
    ...['text/plain;application/json', 'text/plain, application/json', 'application/x-www-form-urlencoded;a=application/json', ''],
  ];
  for (const type of types) {
    const headers = type === '' ? {} : { 'content-type': type };
    const told = await sendRaw('POST', '/graphql', { ...headers, origin: 'https://evil.example' }, JSON.stringify({ query: CHANGE }));
    expect([type, told.status]).toEqual([type, type === '' ? told.status : 415]);
    expect(told.status).toBeGreaterThanOrEqual(400);
  }
  const inSearch = await sendRaw('POST', `/graphql?${search({ query: CHANGE })}`, { origin: 'https://evil.example' });
  expect(inSearch.status).toBeGreaterThanOrEqual(400);
  expect(renames()).toBe(0);
});

test('pages of an origin that is named may read the hub, with a token that they send themselves', async () => {
  const preflight = await sendRaw('OPTIONS', '/graphql', {
    ...{ origin: PORTAL, 'access-control-request-method': 'POST' },
    'access-control-request-headers': 'authorization,content-type,x-purpose',
  });
  expect([preflight.status, preflight.body]).toEqual([204, '']);
  expect(preflight.headers).toMatchObject({ 'access-control-allow-origin': PORTAL, vary: 'Origin' });
  expect(preflight.headers['access-control-allow-headers']).toMatch(/^Authorization, X-Purpose, Content-Type/);
  const answers = [
    await sendRaw('POST', '/graphql', { ...JSON_TYPE, origin: PORTAL }, JSON.stringify({ query: QUESTION })),
    await sendRaw('POST', '/graphql', { ...JSON_TYPE, origin: PORTAL, authorization: 'Bearer none' }, JSON.stringify({ query: QUESTION })),
    await sendRaw('POST', '/graphql', { ...JSON_TYPE, origin: PORTAL }, '{'),
    await sendRaw('PUT', '/graphql', { origin: PORTAL }),
    await sendRaw('GET', '/health/ready', { origin: PORTAL }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 401, 400, 405, 200]);
  for (const { headers } of [preflight, ...answers]) {
    expect(headers).toMatchObject({ 'access-control-allow-origin': PORTAL, vary: expect.stringMatching(/\bOrigin\b/) });
    expect(headers['access-control-expose-headers']).toMatch(/x-request-id, Retry-After/);
    expect(headers['access-control-allow-credentials']).toBeUndefined();
  }
});

test.each([
  ...['null', 'https://evil.example', 'https://portal.example.evil.example', 'https://xportal.example', 'http://portal.example'],
  ...[
    'https://portal.example:8443',
    'https://PORTAL.example',
    'https://portal.example/',
    'https://portal.example, https://evil.example',
    '',
  ],
])('pages of %s may not', async (origin) => {
  for (const sent of [
    await sendRaw('OPTIONS', '/graphql', {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-purpose',
    }),
    await sendRaw('POST', '/graphql', { ...JSON_TYPE, origin }, JSON.stringify({ query: QUESTION })),
    await sendRaw('GET', '/health', { origin }),
  ]) {
    expect(sent.headers['access-control-allow-origin']).toBeUndefined();
    // What is kept of this answer is kept for this origin.
    expect(sent.headers['vary']).toMatch(/\bOrigin\b/);
  }
});

test('where no origin is named no page may read the hub, and an address beside it is nobody’s', async () => {
  const alone = await startLittleHub();
  const headers = { origin: PORTAL, 'access-control-request-method': 'POST' };
  const told = await fetch(`${alone.url}/graphql`, { method: 'OPTIONS', headers });
  expect([told.status, told.headers.get('access-control-allow-origin')]).toEqual([405, null]);
  await alone.close();
  for (const path of ['/', '/graphiql', '/graphqlx', '/nothing', '//graphql']) {
    expect((await sendRaw('GET', path, { origin: PORTAL })).headers['access-control-allow-origin'], path).toBeUndefined();
  }
});

const sha256 = (query: string) => createHash('sha256').update(query).digest('hex');
const named = (query: string, hash = sha256(query)) => ({ extensions: { persistedQuery: { version: 1, sha256Hash: hash } } });
const NOT_FOUND = { errors: [{ message: 'PersistedQueryNotFound', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] };

test('an operation that was sent once is known by its hash from then on, by POST and by GET', async () => {
  const query = 'query Kept { worst persons { name } }';
  const unknown = await call(post(named(query)));
  expect([unknown.status, unknown.body]).toEqual([200, NOT_FOUND]);
  expect(unknown.headers.get('cache-control')).toMatch(/no-cache|no-store/);
  const [first, again] = [await call(post({ query, ...named(query) })), await call(post(named(query)))];
  expect([again.status, again.body]).toEqual([200, first.body]);
  expect(first.body.data.worst).toBe(1);
  expect((await get({ ...named(query), variables: {} })).body).toEqual(first.body);
});

test.each<[string, string]>([
  ['no GraphQL', '{ worst'],
  ['a field that does not exist', '{ wurst }'],
  ['an introspection without a token', '{ __schema { queryType { name } } }'],
  ['what is too deep', `{ ${'persons { friends { '.repeat(10)} name ${'} }'.repeat(10)} }`],
  ['what is too costly', `{ ${Array.from({ length: 600 }, (_, place) => `a${place}: worst`).join(' ')} }`],
  ['a wrong value', '{ person(idNumber: "1") { name } }'],
])('of %s nothing is kept under its hash, and it is refused as without one', async (_name, query) => {
  const plain = await call(post({ query }));
  expect(plain.status).toBeGreaterThanOrEqual(400);
  const told = await call(post({ query, ...named(query) }));
  expect([told.status, told.body]).toEqual([plain.status, plain.body]);
  expect((await call(post(named(query)))).body).toEqual(NOT_FOUND);
});

test('a hash that is not that of the text, another version and no hash are told as such, and keep nothing', async () => {
  const query = 'query Other { worst }';
  const [other] = [sha256(QUESTION)];
  for (const sent of [
    { query, ...named(query, other) },
    { query, ...named(query, sha256(query).toUpperCase()) },
    { query, extensions: { persistedQuery: { version: 2, sha256Hash: sha256(query) } } },
    { query, extensions: { persistedQuery: 7 } },
    { query, extensions: { persistedQuery: { version: 1, sha256Hash: { toString: 1 } } } },
  ]) {
    const told = await call(post(sent));
    expect([told.status, told.body.errors[0].extensions.code, 'data' in told.body]).toEqual([400, 'BAD_USER_INPUT', false]);
    expect(told.body.errors[0].message).toMatch(/^extensions\.persistedQuery/);
  }
  expect((await call(post(named(query)))).body).toEqual(NOT_FOUND);
  for (const hash of ['', '__proto__', 'constructor', 7, null, [other], sha256('x')])
    expect((await call(post(named('', hash as string)))).body, String(hash)).toEqual(NOT_FOUND);
});

test('a change that is known by its hash is none by GET, and passes the same checks by POST', async () => {
  const before = renames();
  const change = `${CHANGE} # by hash`;
  expect((await call(post({ query: change, ...named(change) }))).status).toBe(200);
  const after = renames();
  expect(after).toBeGreaterThan(before);
  const told = await get(named(change));
  expect([told.status, told.headers.get('allow')]).toEqual([405, 'POST']);
  expect(renames()).toBe(after);
  const asks = 'query Needs($n: String!) { person(idNumber: $n) { name } }';
  await call(post({ query: asks, ...named(asks), variables: { n: '11010519491231002X' } }));
  expect((await call(post({ ...named(asks), variables: { n: '11010519491231002X' } }))).body.data.person.name).toBe('马建国');
  const wrong = await call(post({ ...named(asks), variables: { n: '1' } }));
  expect([wrong.status, wrong.body.errors[0].extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
});

test('several operations in a list stay refused, with hashes too', async () => {
  for (const batch of [[{ query: QUESTION }, { query: QUESTION }], [named(QUESTION), named(QUESTION)], []])
    expect((await call(post(batch))).status).toBe(400);
});
