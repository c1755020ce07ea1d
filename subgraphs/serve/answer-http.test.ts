import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAccessFacts } from '@longyuan/schema/src/access/access-facts.ts';
import { PUBLIC } from '@longyuan/schema/src/access/caller.ts';
import { EVERYTHING_VISIBLE } from '@longyuan/schema/src/access/everything-visible.ts';
import { type AccessOf, keepAccessSets } from '@longyuan/schema/src/access/keep-access-sets.ts';
import { coordinatesOf } from '@longyuan/schema/src/access/operation-coordinates.ts';
import { readArgumentFormats } from '@longyuan/schema/src/argument-formats.ts';
import { readLibrary } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { signWarrant } from '@longyuan/trust/warrant.ts';
import { parse } from 'graphql';
import { afterAll, expect, test } from 'vitest';
import { answerHttp } from './answer-http.ts';
import { buildLibrarySchema } from './build-schema.ts';
import { openGraphQL } from './open-graphql.ts';
import type { LibraryState } from './readiness.ts';
import { rememberWarrants } from './verify-call.ts';

const library = readLibrary(
  'population.graphql',
  `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    @library(name: "population", title: "人口", department: "公安厅", uscc: "11629901000000019M", order: 1)
  type Query {
    person(idNumber: String! @format(is: CITIZEN_NUMBER)): Person @structure
    broken: String
    gone: String
    slow: String
  }
  type Person @key(fields: "id") {
    id: ID!
    name: String @item(code: "P002", title: "姓名", share: CONDITIONAL, basis: "法", open: false, level: 3, type: C)
  }
`,
);
const { document } = library;
const facts = readSharingFacts([library]);
const decided = keepAccessSets({ facts: readAccessFacts(facts), grants: { grantsOf: () => [], version: () => 0 } });
let accessOf: AccessOf = () => EVERYTHING_VISIBLE;
const gone = Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:5432'), { code: 'ECONNREFUSED' });
const resolvers = {
  Query: {
    person: () => ({ id: '1', name: '王五' }),
    broken: () => Promise.reject(new Error('column "phone" of 13800000000 does not exist')),
    gone: () => Promise.reject(new Error('fetch failed', { cause: gone })),
    slow: () => new Promise(() => {}),
  },
};

let state: LibraryState = 'READY';
const doubts: string[] = [];
const logged: unknown[] = [];
const note = (...line: unknown[]) => logged.push(line);
const keys = await openWarrantKeys({ dataDir: mkdtempSync(join(tmpdir(), 'longyuan-keys-')), warrantKeyFile: null });
const schema = buildLibrarySchema(library, { resolvers });
const apollo = await openGraphQL({
  library: 'population',
  schema,
  rules: readArgumentFormats([{ document }]),
  facts,
  log: { error: note, warn: note, info: note, debug: note },
  onDatabaseGone: () => doubts.push('gone'),
});
const app = answerHttp({
  library: 'population',
  apollo,
  state: () => state,
  warrantIn: rememberWarrants('population', keys),
  accessOf: (caller, purpose) => accessOf(caller, purpose),
  makeLoaders: () => ({}),
  personKey: async (idNumber) => (idNumber === '11010519491231002X' ? 'p1' : null),
  onTimeout: () => doubts.push('timeout'),
  timeoutMs: 50,
  maxBodyBytes: 1_000,
});
afterAll(async () => {
  await app.close();
  await apollo.stop();
});

/** Every field of the test's library. */
const EVERYTHING = ['Query.person', 'Query.broken', 'Query.gone', 'Query.slow', 'Person.id', 'Person.name'];
const warrant = async (library = 'population', items: readonly string[] = EVERYTHING) =>
  signWarrant({ library, caller: PUBLIC, purpose: null, items }, await keys.current());

async function ask(query: string, headers: Record<string, string> = {}) {
  const answer = await app.inject({ method: 'POST', url: '/graphql', headers, payload: { query } });
  return { status: answer.statusCode, body: answer.json() };
}
const asGateway = async (items?: readonly string[]) => ({ 'x-hub-warrant': await warrant('population', items) });
const onlyError = (body: { errors: { message: string; extensions: { code: string } }[] }) =>
  body.errors.map((error) => error.extensions.code);

test('the owner decides again: an item the caller may not have is null with an error, and what is left is answered', async () => {
  accessOf = decided;
  const query = '{ person(idNumber: "11010519491231002X") { id name } }';
  const { body } = await ask(query, await asGateway());
  accessOf = () => EVERYTHING_VISIBLE;
  expect(body.data).toEqual({ person: { id: '1', name: null } });
  expect(body.errors).toMatchObject([
    { path: ['person', 'name'], extensions: { code: 'UNAUTHENTICATED', item: 'Person.name', owner: '公安厅' } },
  ]);
  expect((await ask(query, await asGateway())).body.data).toEqual({ person: { id: '1', name: '王五' } });
});

test('an operation beyond its warrant is refused as a whole and reported by the field alone', async () => {
  const query = '{ person(idNumber: "11010519491231002X") { id name } }';
  expect((await ask(query, await asGateway(coordinatesOf(schema, parse(query))))).status).toBe(200);
  logged.length = 0;
  const answer = await ask(query, { ...(await asGateway(['Query.person', 'Person.id'])), 'x-request-id': 'request-1' });
  expect(answer).toEqual({
    status: 403,
    body: {
      errors: [
        {
          message: 'The warrant of this call does not hold Person.name; nothing was executed.',
          extensions: { item: 'Person.name', code: 'ITEM_NOT_SHARED' },
        },
      ],
    },
  });
  expect(logged).toEqual([[{ library: 'population', requestId: 'request-1', coordinate: 'Person.name' }, expect.any(String)]]);
  for (const hidden of [
    '{ _service { sdl } }',
    '{ _entities(representations: []) { ... on Person { name } } }',
    '{ ...F } fragment F on Query { broken }',
  ]) {
    expect((await ask(hidden, await asGateway(['Query.person', 'Person.name']))).status).toBe(403);
  }
});

test("the gateway's call is answered, in a compact line", async () => {
  const answer = await ask('{ person(idNumber: "11010519491231002X") { name } }', await asGateway());
  expect(answer).toEqual({ status: 200, body: { data: { person: { name: '王五' } } } });
});

test.each(['{ _service { sdl } }', '{ __schema { types { name } } }', '{ person(idNumber: "11010519491231002X") { name } }', '{ nothing'])(
  'without a warrant, or with one for another library, %s is 401 and tells nothing of the schema',
  async (query) => {
    for (const headers of [{}, { 'x-hub-warrant': 'e30.e30.' }, { 'x-hub-warrant': await warrant('credit') }]) {
      const answer = await ask(query, headers);
      expect(answer.status).toBe(401);
      expect(onlyError(answer.body)).toEqual(['UNAUTHENTICATED']);
      expect(JSON.stringify(answer.body)).not.toMatch(/Person|idNumber|type /);
    }
  },
);

test('every path but health is 401 without a warrant, whatever the method or body', async () => {
  const calls = [
    { method: 'GET', url: '/graphql?query={__typename}' },
    { method: 'GET', url: '/nowhere' },
    { method: 'POST', url: '/health' },
    { method: 'POST', url: '/graphql', headers: { 'content-type': 'application/json' }, payload: '{' },
    { method: 'POST', url: '/graphql', headers: { 'content-type': 'application/json' }, payload: 'x'.repeat(5_000_000) },
  ] as const;
  for (const call of calls) expect((await app.inject(call)).statusCode, `${call.method} ${call.url}`).toBe(401);
});

test('health is open and says the state; until READY queries are LIBRARY_UNAVAILABLE', async () => {
  state = 'SEEDING';
  expect((await app.inject('/health')).json()).toEqual({ state: 'SEEDING' });
  const answer = await ask('{ __typename }', await asGateway());
  expect([answer.status, onlyError(answer.body)]).toEqual([503, ['LIBRARY_UNAVAILABLE']]);
  state = 'READY';
});

test('a malformed argument is refused before anything is executed', async () => {
  const answer = await ask('{ person(idNumber: "110105194912310021") { name } }', await asGateway());
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  expect(JSON.stringify(answer.body)).not.toContain('110105194912310021');
});

test('introspection, batches, bad JSON, other types and huge bodies are refused as bad input', async () => {
  const headers = await asGateway();
  const json = { ...headers, 'content-type': 'application/json' };
  expect(onlyError((await ask('{ __schema { types { name } } }', headers)).body)).toEqual(['BAD_USER_INPUT']);
  const post = async (payload: string, with_: Record<string, string> = json) => {
    const answer = await app.inject({ method: 'POST', url: '/graphql', headers: with_, payload });
    return [answer.statusCode, ...onlyError(answer.json())];
  };
  expect(await post('[{"query":"{ __typename }"}]')).toEqual([400, 'BAD_USER_INPUT']);
  expect(await post('{')).toEqual([400, 'BAD_USER_INPUT']);
  expect(await post('{ __typename }', { ...headers, 'content-type': 'text/plain' })).toEqual([400, 'BAD_USER_INPUT']);
  expect(await post('a=b', { ...headers, 'content-type': 'application/x-www-form-urlencoded' })).toEqual([415, 'BAD_USER_INPUT']);
  expect(await post(`{"query":"${' '.repeat(5_000_000)}"}`)).toEqual([413, 'BAD_USER_INPUT']);
});

test('a fault is INTERNAL: the answer does not hold what the database said, and the log is given the error alone, of which it writes type and code', async () => {
  logged.length = 0;
  const answer = await ask('{ broken }', await asGateway());
  expect(answer).toEqual({
    status: 200,
    body: {
      data: { broken: null },
      errors: [{ message: 'The library population met a fault of its own.', path: ['broken'], extensions: { code: 'INTERNAL' } }],
    },
  });
  expect(logged).toEqual([[{ err: expect.any(Error) }, 'a field could not be answered']]);
});

test('a database that is gone is LIBRARY_UNAVAILABLE, and the library looks again', async () => {
  doubts.length = 0;
  const answer = await ask('{ gone }', await asGateway());
  expect(answer.body.errors[0].extensions.code).toBe('LIBRARY_UNAVAILABLE');
  expect(JSON.stringify(answer.body)).not.toContain('10.1.2.3');
  expect(doubts).toEqual(['gone']);
});

test('a call that is not answered in time is LIBRARY_TIMEOUT, never a hang', async () => {
  doubts.length = 0;
  const answer = await ask('{ slow }', await asGateway());
  expect([answer.status, onlyError(answer.body), doubts]).toEqual([504, ['LIBRARY_TIMEOUT'], ['timeout']]);
});
