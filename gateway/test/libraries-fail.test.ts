import { errorCodes } from '@longyuan/schema/src/error-codes.ts';
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
  expect(await hub.ask(QUESTION)).toEqual(withoutScore('LIBRARY_UNAVAILABLE', 'does not answer'));
  await hub.libraries.rating.startAgain();
  await hub.until('rating', 'READY');
  expect(await hub.ask(QUESTION)).toEqual(WHOLE);
});

test('a library that hangs costs one timeout, and nothing once the gateway knows', async () => {
  const { rating } = hub.libraries;
  [rating.answers, rating.state] = ['never', null];
  expect(await hub.ask(QUESTION)).toEqual(withoutScore('LIBRARY_TIMEOUT', 'did not answer in time'));
  expect(rating.calls).toHaveLength(1);
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
  const { data } = await hub.ask('{ a: person(idNumber: "11010519491231002X") { name } worst }');
  expect(data).toEqual({ a: null, worst: 1 });
  expect(registry.calls).toHaveLength(1);
});

test('when every library hangs the request still ends in its time', async () => {
  const LIBRARY_TIMEOUT_MS = 60_000;
  const slow = await startLittleHub({ libraryTimeoutMs: LIBRARY_TIMEOUT_MS, requestTimeoutMs: 400 });
  await slow.until('registry', 'READY');
  slow.libraries.registry.answers = 'never';
  const before = performance.now();
  const { status, data, errors } = await slow.ask(QUESTION);
  expect({ status, data, code: errors?.[0]?.extensions['code'] }).toEqual({ status: 200, data: { person: null }, code: 'LIBRARY_TIMEOUT' });
  // A busy machine may be late, but nobody has waited for the library.
  expect(performance.now() - before).toBeLessThan(LIBRARY_TIMEOUT_MS / 2);
  await slow.close();
});

test('a library that is being filled says so, and is not called', async () => {
  const { rating } = hub.libraries;
  rating.state = 'SEEDING';
  await hub.until('rating', 'SEEDING');
  expect(await hub.ask(QUESTION)).toEqual(withoutScore('LIBRARY_UNAVAILABLE', 'is being filled with data'));
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

/** The question, to which the library that rates answers null and these errors. */
function failing(...errors: readonly object[]) {
  hub.libraries.rating.answers = { status: 200, text: JSON.stringify({ data: { _entities: [{ score: null }] }, errors }) };
  return hub.ask(QUESTION);
}
const AT_SCORE = ['_entities', 0, 'score'];

test('of a library’s own errors a known code passes, with what the hub knows, and everything else stays inside', async () => {
  const facts = { limit: 'HUB_MISMATCHES_OF_SUBJECT', value: 10 };
  const message =
    'Verification ended in 10 mismatches about one subject, and is refused until a day after the first of them (HUB_MISMATCHES_OF_SUBJECT).';
  const told = { ...facts, stacktrace: ['at store.ts:1'], exception: { sql: 'SELECT' }, resource: {}, apply: 'http://10.0.0.7:80' };
  const limited = await failing({ message, path: AT_SCORE, extensions: { code: 'RATE_LIMITED', ...told } });
  expect(limited.errors).toEqual([
    { message, path: ['person', 'score'], extensions: { ...facts, code: 'RATE_LIMITED', library: 'rating' } },
  ]);
  const crash = { message: 'relation "CreditSummary" does not exist at 10.0.0.7:5432', path: AT_SCORE };
  const crashed = await failing({ ...crash, extensions: { code: 'INTERNAL_SERVER_ERROR' } });
  expect(crashed.data).toEqual({ person: { name: '马建国', score: null } });
  expect(crashed.errors?.[0]?.extensions['code']).toBe('INTERNAL');
  expect(JSON.stringify([limited, crashed])).not.toMatch(/relation|10\.0|SELECT|store\.ts|serviceName/);
});

const LIES = [
  'connect 10.0.0.5 password=secret',
  'javascript:alert(1)',
  'Call 13800000000 for your grant',
  'Person.score (信用分, 发改委) is not answered: call 13800000000.',
  'Verification ended in 10 mismatches, see evil.example',
];
test.each(Object.keys(errorCodes))('what a lying library writes with %s is said in no field', async (code) => {
  for (const lie of LIES) {
    const extensions = {
      ...{ code, apply: lie, item: lie, itemCode: lie, owner: lie, resource: lie, argument: lie, limit: lie, value: lie, library: lie },
      ...{ requestId: lie, reason: lie, http: { status: 599, headers: [['x-lie', lie]] } },
    };
    const locations = [{ line: 13_800, column: 138 }];
    const { data, ...answer } = await failing(
      { message: lie, path: AT_SCORE, locations, extensions },
      { message: lie, path: [lie, 'score'], extensions },
      { message: `${lie} must be in the future`, extensions: { code, argument: lie } },
    );
    expect(data?.person ?? null, lie).toSatisfy((person) => person === null || person.score === null);
    const said = JSON.stringify(answer, (name, value) => (name === 'requestId' ? undefined : value));
    expect(said).not.toMatch(/10\.0\.0|javascript|138|evil/);
    for (const error of answer.errors ?? []) {
      expect(Object.keys(error).toSorted()).toEqual(expect.arrayContaining(['extensions', 'message']));
      // Of hashes of operations the hub alone speaks.
      expect(error.extensions['code']).toBe(code === 'PERSISTED_QUERY_NOT_FOUND' ? 'INTERNAL' : code);
      expect(error.path ?? ['person']).toEqual(expect.arrayContaining(['person']));
    }
  }
});

test('a refusal is worded by the hub from its own facts, whatever else the library writes', async () => {
  const extensions = { code: 'ITEM_NOT_SHARED', apply: 'javascript:alert(1)', item: 'Person.name', owner: 'nobody', resource: '000000/1' };
  const { errors } = await failing({ message: 'connect 10.0.0.5 password=…', path: AT_SCORE, extensions });
  expect(errors).toEqual([
    {
      message: 'Person.score is not answered: it is never shared with this kind of caller.',
      path: ['person', 'score'],
      extensions: { code: 'ITEM_NOT_SHARED', item: 'Person.score', library: 'rating' },
    },
  ]);
});

test.each<[string, unknown]>([
  ['a name nobody asked for', ['_entities', 0, 'salary']],
  ['an entity that there is not', ['_entities', 7, 'score']],
  ['a place below a value', ['_entities', 0, 'score', 'connect 10.0.0.5']],
  ['an index where there is no list', ['_entities', 0, 0]],
  ['a place of another library', ['person', 'name']],
  ['all entities', ['_entities']],
  ['one entity', ['_entities', 0]],
  ['no place', undefined],
  ['text', 'score'],
  ['a thousand steps', Array.from({ length: 1_000 }, () => 'score')],
])('an error at %s stands at the place of the fetch, or at none', async (_name, path) => {
  const { errors } = await failing({ message: 'x', path, extensions: { code: 'RATE_LIMITED' } });
  expect(errors?.map((error) => error.path ?? [])).toEqual([[]]);
});

test('of a thousand errors of one answer fifty pass', async () => {
  const { errors } = await failing(...Array.from({ length: 1_000 }, () => ({ message: 'x', extensions: { code: 'RATE_LIMITED' } })));
  expect(errors).toHaveLength(50);
});

const NOT_AS_PROMISED = (path: readonly (string | number)[], library: string) => ({
  message: 'A library did not answer in the promised shape.',
  path,
  extensions: { code: 'LIBRARY_UNAVAILABLE', library },
});

test('what a library leaves out is null with an error, and what nobody asked it for is not taken over what others said', async () => {
  const { registry, rating } = hub.libraries;
  rating.answers = { status: 200, text: ENTITIES('{}') };
  expect(await hub.ask(QUESTION)).toEqual({
    status: 200,
    data: { person: { name: '马建国', score: null } },
    errors: [NOT_AS_PROMISED(['person', 'score'], 'rating')],
  });
  rating.answers = { status: 200, text: ENTITIES('{"score":1,"name":"祁月兰","idNumber":"0","__typename":"Query","id":"p2"}') };
  expect(await hub.ask('{ person(idNumber: "11010519491231002X") { name idNumber score } }')).toEqual({
    status: 200,
    data: { person: { name: '马建国', idNumber: '11010519491231002X', score: 1 } },
  });
  rating.answers = 'well';
  registry.answers = { status: 200, text: '{"data":{"persons":[{"name":"a"},{"name":"b"},{}],"worst":9}}' };
  expect(await hub.ask('{ persons { name } worst }')).toEqual({
    status: 200,
    data: { persons: [{ name: 'a' }, { name: 'b' }, { name: null }], worst: 1 },
    errors: [NOT_AS_PROMISED(['persons', 2, 'name'], 'registry')],
  });
  // Said once of a whole list, without an index.
  registry.answers = { status: 200, text: '{"data":{"persons":[{},{},{}]}}' };
  expect((await hub.ask('{ persons { name } }')).errors).toEqual([NOT_AS_PROMISED(['persons', 'name'], 'registry')]);
  registry.answers = { status: 200, text: '{"data":{}}' };
  expect((await hub.ask('{ persons { name } }')).errors).toEqual([NOT_AS_PROMISED(['persons'], 'registry')]);
});

test('a field that is not asked for after all is not missed', async () => {
  const text = '{ persons { name idNumber @include(if: $more) friends @skip(if: $less) { name } } }';
  hub.libraries.registry.answers = { status: 200, text: '{"data":{"persons":[{"name":"a"}]}}' };
  const ask = (more: boolean, less: boolean) => hub.ask(`query ($more: Boolean!, $less: Boolean!) ${text}`, { more, less });
  expect((await ask(false, true)).errors).toBeUndefined();
  expect((await ask(true, true)).errors?.map(({ path }) => path)).toEqual([['persons', 0, 'idNumber']]);
  expect((await ask(false, false)).errors?.map(({ path }) => path)).toEqual([['persons', 0, 'friends']]);
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
    // For the person without a key, and for the null that the list may not hold.
    codes: ['LIBRARY_UNAVAILABLE', 'LIBRARY_UNAVAILABLE'],
  });
  expect(JSON.stringify(errors)).not.toMatch(/"id"|__typename/);
  for (const person of [
    '{"__typename":"Person","id":null,"name":"a"}',
    '{"__typename":null,"id":"p1","name":"a"}',
    '{"__typename":"Query","id":"p1","name":"a"}',
  ]) {
    hub.libraries.registry.answers = { status: 200, text: `{"data":{"persons":[${person}]}}` };
    const answer = await hub.ask('{ persons { name score } worst }');
    expect([answer.status, answer.data?.worst], person).toEqual([200, 1]);
    expect(
      answer.errors?.map(({ extensions }) => extensions['code']),
      person,
    ).not.toContain('INTERNAL');
  }
});
