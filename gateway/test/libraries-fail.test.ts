import { afterEach, beforeEach, expect, test } from 'vitest';
import { startLittleHub } from './little-hub.ts';

let hub: Awaited<ReturnType<typeof startLittleHub>>;
beforeEach(async () => {
  hub = await startLittleHub();
  await hub.until('registry', 'READY');
  await hub.until('rating', 'READY');
});
afterEach(() => hub.close());

const QUESTION = '{ person(idNumber: "11010519491231002X") { name score } }';
const WHOLE = { status: 200, data: { person: { name: '马建国', score: 100 } } };
const withoutScore = (code: string, finding: string) => ({
  status: 200,
  data: { person: { name: '马建国', score: null } },
  errors: [{ message: `The library rating (信用) ${finding}.`, path: ['person', 'score'], extensions: { code, library: 'rating' } }],
});

test('one question is answered by two libraries, each asked with a warrant of its own', async () => {
  expect(await hub.ask(QUESTION)).toEqual(WHOLE);
  expect(await hub.ask(QUESTION)).toEqual(WHOLE);
  const { registry, rating } = hub.libraries;
  expect(registry.calls).toHaveLength(2);
  expect(rating.calls).toHaveLength(2);
  expect(registry.calls[0]?.warrant).not.toBe(rating.calls[0]?.warrant);
  // Signed once, used twice.
  expect(registry.calls[0]?.warrant).toBe(registry.calls[1]?.warrant);
});

test('a library that is gone loses its items alone, and is back by itself', async () => {
  await hub.libraries.rating.stop();
  expect(await hub.ask(QUESTION)).toEqual(withoutScore('LIBRARY_UNAVAILABLE', 'does not answer'));
  await hub.until('rating', 'DOWN');
  const before = performance.now();
  expect(await hub.ask(QUESTION)).toEqual(withoutScore('LIBRARY_UNAVAILABLE', 'does not answer'));
  expect(performance.now() - before).toBeLessThan(700);
  await hub.libraries.rating.startAgain();
  await hub.until('rating', 'READY');
  expect(await hub.ask(QUESTION)).toEqual(WHOLE);
});

test('a library that hangs costs one timeout, and nothing once the gateway knows', async () => {
  const { rating } = hub.libraries;
  [rating.answers, rating.state] = ['never', null];
  const before = performance.now();
  expect(await hub.ask(QUESTION)).toEqual(withoutScore('LIBRARY_TIMEOUT', 'did not answer in time'));
  expect(performance.now() - before).toBeLessThan(1_550);
  await hub.until('rating', 'DOWN');
  const calls = rating.calls.length;
  expect(await hub.ask(QUESTION)).toEqual(withoutScore('LIBRARY_UNAVAILABLE', 'does not answer'));
  expect(rating.calls).toHaveLength(calls);
  [rating.answers, rating.state] = ['well', 'READY'];
  await hub.until('rating', 'READY');
  expect(await hub.ask(QUESTION)).toEqual(WHOLE);
});

test('one request waits for a silent library once, however often the plan would ask it', async () => {
  const { registry } = hub.libraries;
  registry.answers = 'never';
  const before = performance.now();
  const { data } = await hub.ask('{ a: person(idNumber: "11010519491231002X") { name } worst }');
  expect(data).toEqual({ a: null, worst: 1 });
  expect(performance.now() - before).toBeLessThan(1_550);
});

test('when every library hangs the request still ends in its time', async () => {
  const slow = await startLittleHub({ libraryTimeoutMs: 5_000, requestTimeoutMs: 400 });
  await slow.until('registry', 'READY');
  slow.libraries.registry.answers = 'never';
  const before = performance.now();
  const { status, data, errors } = await slow.ask(QUESTION);
  expect({ status, data, code: errors?.[0]?.extensions['code'] }).toEqual({ status: 200, data: { person: null }, code: 'LIBRARY_TIMEOUT' });
  expect(performance.now() - before).toBeLessThan(1_550);
  await slow.close();
});

test('a library that is being filled says so, and is not called', async () => {
  const { rating } = hub.libraries;
  rating.state = 'SEEDING';
  await hub.until('rating', 'SEEDING');
  expect(await hub.ask(QUESTION)).toEqual(withoutScore('LIBRARY_UNAVAILABLE', 'is being filled for the first time'));
  expect(rating.calls).toHaveLength(0);
});

test('a library that cannot use its database says DOWN, and is not called', async () => {
  const { rating } = hub.libraries;
  rating.state = 'DOWN';
  await hub.until('rating', 'DOWN');
  expect(await hub.ask(QUESTION)).toEqual(withoutScore('LIBRARY_UNAVAILABLE', 'does not answer'));
  expect(rating.calls).toHaveLength(0);
});

test('a library that is not waited for any longer is told so: the connection of the call is closed', async () => {
  const { registry } = hub.libraries;
  registry.answers = 'never';
  const { errors } = await hub.ask('{ persons { name } }');
  expect(errors?.[0]?.extensions['code']).toBe('LIBRARY_TIMEOUT');
  await expect.poll(() => registry.abandoned).toBe(1);
});

test('a client that leaves takes its calls to libraries with it', async () => {
  const { registry } = hub.libraries;
  registry.answers = 'never';
  const leaving = new AbortController();
  const asked = fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ persons { name } }' }),
    signal: leaving.signal,
  });
  await expect.poll(() => registry.calls.length).toBe(1);
  leaving.abort();
  await expect(asked).rejects.toThrow();
  await expect.poll(() => registry.abandoned).toBe(1);
});

const ENTITIES = (one: string) => `{"data":{"_entities":[${one}]}}`;
test.each([
  ['text that is no JSON', 200, '<html>502 Bad Gateway</html>'],
  ['an empty body', 200, ''],
  ['a list', 200, '[1,2]'],
  ['data that are text', 200, '{"data":"all of it"}'],
  ['no entities', 200, '{"data":{"_entities":null}}'],
  ['more entities than were asked for', 200, ENTITIES('{"score":1},{"score":2}')],
  ['an entity that is text', 200, ENTITIES('"p1"')],
  ['an object where a number belongs', 200, ENTITIES('{"score":{"a":{"b":1}}}')],
  ['a status of its own', 503, ENTITIES('{"score":1}')],
  ['a refusal of the warrant', 401, '{"errors":[{"message":"no warrant"}]}'],
  ['17 million bytes', 200, `{"data":{"_entities":[{"score":1}]},"more":"${'x'.repeat(17_000_000)}"}`],
])('%s instead of an answer costs that library’s items alone', async (_name, status, text) => {
  hub.libraries.rating.answers = { status, text };
  const { errors, ...answer } = await hub.ask(QUESTION);
  expect(answer).toEqual({ status: 200, data: { person: { name: '马建国', score: null } } });
  expect(errors?.map(({ path, extensions }) => ({ path, extensions }))).toEqual([
    { path: ['person', 'score'], extensions: { code: 'LIBRARY_UNAVAILABLE', library: 'rating' } },
  ]);
  hub.libraries.rating.answers = 'well';
  expect(await hub.ask(QUESTION)).toEqual(WHOLE);
});

test('of a library’s own errors, known codes pass with their message and what a refusal says of itself, and everything else stays inside', async () => {
  const { rating } = hub.libraries;
  const failing = (message: string, code: string, facts: object = {}) => {
    const error = {
      message,
      path: ['_entities', 0, 'score'],
      extensions: { code, ...facts, stacktrace: ['at store.ts:1'], exception: { sql: 'SELECT' } },
    };
    rating.answers = { status: 200, text: JSON.stringify({ data: { _entities: [{ score: null }] }, errors: [error] }) };
    return hub.ask(QUESTION);
  };
  const facts = { limit: 'HUB_MISMATCHES_OF_SUBJECT', value: 10, item: 'Person.score', owner: '信用中心' };
  const limited = await failing('Too many calls; wait a second.', 'RATE_LIMITED', { ...facts, apply: 'http://10.0.0.7:80', resource: {} });
  expect(limited.errors).toEqual([
    {
      ...{ message: 'Too many calls; wait a second.', path: ['person', 'score'] },
      extensions: { ...facts, code: 'RATE_LIMITED', library: 'rating' },
    },
  ]);
  const crashed = await failing('relation "CreditSummary" does not exist at 10.0.0.7:5432', 'INTERNAL_SERVER_ERROR');
  expect(crashed.data).toEqual({ person: { name: '马建国', score: null } });
  expect(crashed.errors?.[0]?.extensions['code']).toBe('INTERNAL');
  expect(JSON.stringify(crashed)).not.toMatch(/relation|10\.0|SELECT|store\.ts|serviceName/);
});

test.each([
  ['a prototype of its own', ENTITIES('{"score":1,"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')],
  ['a prototype written in escapes', ENTITIES('{"score":1,"\\u005f_proto__":{"polluted":true}}')],
  ['errors that are no errors', '{"data":{"_entities":[{"score":1}]},"errors":[null,7,"x",{"message":{"a":1},"path":[{}]}]}'],
])('%s does no harm', async (_name, text) => {
  hub.libraries.rating.answers = { status: 200, text };
  const { status, data } = await hub.ask(QUESTION);
  expect({ status, data }).toEqual({ status: 200, data: { person: { name: '马建国', score: 1 } } });
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test.each([
  [
    'text where a person belongs',
    '{ person(idNumber: "11010519491231002X") { name } worst }',
    '{"person":"马建国"}',
    { person: null, worst: 1 },
  ],
  [
    'one person where a list belongs',
    '{ persons { name score } worst }',
    '{"persons":{"name":"马建国","id":"p1"}}',
    { persons: null, worst: 1 },
  ],
  ['a list where a name belongs', '{ persons { name } worst }', '{"persons":[{"name":["马建国"]}]}', { persons: null, worst: 1 }],
])('%s costs that library’s items alone', async (_name, query, data, expected) => {
  hub.libraries.registry.answers = { status: 200, text: `{"data":${data}}` };
  const answer = await hub.ask(query);
  expect(answer.data).toEqual(expected);
  expect(answer.errors?.map(({ extensions }) => extensions)).toEqual([{ code: 'LIBRARY_UNAVAILABLE', library: 'registry' }]);
});

test('a key that a library leaves out makes null what cannot be told, with an error and without a crash', async () => {
  hub.libraries.registry.answers = { status: 200, text: '{"data":{"persons":[{"name":"马建国"},null]}}' };
  const { data, errors } = await hub.ask('{ persons { name score } worst }');
  expect({ data, codes: errors?.map(({ extensions }) => extensions['code']) }).toEqual({
    data: { persons: null, worst: 1 },
    codes: ['LIBRARY_UNAVAILABLE'],
  });
});
