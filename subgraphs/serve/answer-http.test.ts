import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import { type AccessOf, keepAccessSets } from '@longyuan/access/access-set.ts';
import { type Caller, PUBLIC } from '@longyuan/access/caller.ts';
import { EVERYTHING_VISIBLE } from '@longyuan/access/everything-visible.ts';
import { type Call, callNow } from '@longyuan/prisma/store/connect/call.ts';
import { readTrouble } from '@longyuan/prisma/store/connect/database-trouble.ts';
import { StoreRefusal } from '@longyuan/prisma/store/connect/turns.ts';
import type { StoreState } from '@longyuan/prisma/store/connect/watch-store.ts';
import { readArgumentFormats } from '@longyuan/schema/src/argument-formats.ts';
import { readLibrary } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { type Logger, openLog } from '@longyuan/settings/log.ts';
import { openMetricsDoor } from '@longyuan/telemetry/metrics-door.ts';
import { NO_SPAN, NO_TRACING, type Tracing } from '@longyuan/telemetry/span.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { openOwnerKey } from '@longyuan/trust/keys.ts';
import { holdingsRoute } from '@longyuan/trust/routes/holdings.ts';
import { qualityRoute } from '@longyuan/trust/routes/quality.ts';
import { openSealedCursors } from '@longyuan/trust/sealed-cursor.ts';
import { afterAll, expect, test } from 'vitest';
import { actAsGateway } from '../../test/act-as-gateway.ts';
import { operationIn } from '../../test/operation-in.ts';
import { damaged, specimens } from '../../test/route-specimens.ts';
import { answerHttp } from './answer-http.ts';
import { buildLibrarySchema } from './build-schema.ts';
import { openSecondDoor } from './door/second-door.ts';
import { openLibraryFigures } from './observe/library-figures.ts';
import { openGraphQL } from './open-graphql.ts';

const library = readLibrary(
  'population.graphql',
  `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
    @library(name: "population", title: "人口", department: "公安厅", uscc: "11629901000000019M", order: 1)
  type Query {
    person(idNumber: String! @format(is: CITIZEN_NUMBER)): Person @structure
    broken: String @structure
    gone: String @structure
    slow: String @structure
    people: [Person!] @structure @lists(for: OWNER)
    damaged: String @structure
    late: String @structure
    busy: String @structure
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
const calls: (Call | null)[] = [];
const gone = Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:5432'), { code: 'ECONNREFUSED' });
let searches = 0;
const resolvers = {
  Query: {
    person: () => ({ id: '1', name: '王五' }),
    broken: () => Promise.reject(new Error('column "phone" of 13800000000 does not exist')),
    gone: () => Promise.reject(new Error('fetch failed', { cause: gone })),
    slow: () =>
      new Promise(() => {
        calls.push(callNow());
      }),
    damaged: () => Promise.reject(Object.assign(new Error('invalid page in block 0 of relation base/16384/16385'), { code: 'XX001' })),
    late: () => Promise.reject(Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' })),
    busy: () => Promise.reject(new StoreRefusal('STORE_BUSY')),
    people: () => {
      searches += 1;
      return [{ id: '1', name: '王五' }];
    },
  },
};

let state: StoreState = 'READY';
const doubts: string[] = [];
const logged: unknown[] = [];
const note = (...line: unknown[]) => void logged.push(line);
// What a library needs of a logger; each call's own line (info) is not of interest here.
const log = { error: note, warn: note, debug: () => {}, info: () => {}, isLevelEnabled: () => false } as unknown as Logger;
const dataDir = mkdtempSync(join(tmpdir(), 'longyuan-keys-'));
const keys = await openWarrantKeys({ dataDir, warrantKeyFile: null });
const owner = await openOwnerKey(dataDir, 'population');
const schema = buildLibrarySchema(library, { resolvers });
const apollo = await openGraphQL({
  library: 'population',
  schema,
  rules: readArgumentFormats([{ document }]),
  facts,
  log,
  doubt: (error) => {
    const trouble = readTrouble(error);
    if (trouble) doubts.push(trouble.code ?? '');
    return trouble;
  },
});
const figures = openLibraryFigures('population');
const answering: Parameters<typeof answerHttp>[0] = {
  library: 'population',
  observe: { log, figures, tracing: NO_TRACING, mayMeasure: await openMetricsDoor(null) },
  apollo,
  state: () => state,
  door: openSecondDoor({ library: 'population', gateway: keys, owner }),
  accessOf: (caller, purpose) => accessOf(caller, purpose),
  makeLoaders: () => ({}),
  verificationsFor: () => ({ guess: () => ({ settle: () => {} }), receipt: async () => '' }),
  cursors: openSealedCursors(async () => new Uint8Array(32)),
  personKey: async (idNumber) => (idNumber === '11010519491231002X' ? 'p1' : null),
  tellOwnRows: async ({ person }, to) => `own rows of ${person} in ${to}`,
  ownRowsOf: async () => undefined,
  quality: async ({ ask }) => (ask === 'outline' ? { tables: ['Person'], unique: [], unmeasurable: [] } : null),
  holdings: () => ({ library: 'population', measuredAt: null, asOf: null, tables: null, unlisted: [] }),
  onTimeout: () => doubts.push('timeout'),
  timeoutMs: 1_000,
  maxBodyBytes: 1_000,
  tls: null,
};
const app = answerHttp(answering);
afterAll(async () => {
  await app.close();
  await apollo.stop();
  rmSync(dataDir, { recursive: true });
});

let listening: Promise<string> | undefined;
const listen = (): Promise<string> => {
  listening ??= app.listen({ port: 0, host: '127.0.0.1' });
  return listening;
};
/** Every field of the test's library. */
const EVERYTHING = [
  'Query.person',
  'Query.broken',
  'Query.gone',
  'Query.slow',
  'Query.damaged',
  'Query.late',
  'Query.busy',
  'Person.id',
  'Person.name',
];
const inject = async (path: string, payload: string, headers: Record<string, string>) => {
  const answer = await app.inject({ method: 'POST', url: path, headers, payload });
  return { status: answer.statusCode, body: answer.json() };
};
const post = async (path: string, body: string) => (await inject(path, body, { 'content-type': 'application/json' })).body;
const gateway = await actAsGateway({ library: 'population', keys, owner, post });

/** Asks as the gateway does, with a warrant for these items. */
async function ask(query: string, items: readonly string[] = EVERYTHING, caller: Caller = PUBLIC) {
  const body = JSON.stringify({ query });
  return inject('/graphql', body, await gateway.headersFor(body, { items, caller }));
}
/** The same over HTTP: what is told of a call is told when its connection says that it is over. */
async function askOver(url: string, operation: { query: string }, order = { items: EVERYTHING, caller: PUBLIC as Caller }, more = {}) {
  const body = JSON.stringify(operation);
  const headers = { ...(await gateway.headersFor(body, order)), ...more };
  await (await fetch(`${url}/graphql`, { method: 'POST', body, headers })).text();
}
const onlyError = (body: { errors: { message: string; extensions: { code: string } }[] }) =>
  body.errors.map((error) => error.extensions.code);

test('the owner decides again: an item the caller may not have is null with an error, and what is left is answered', async () => {
  accessOf = decided;
  const query = '{ person(idNumber: "11010519491231002X") { id name } }';
  const { body } = await ask(query);
  accessOf = () => EVERYTHING_VISIBLE;
  expect(body.data).toEqual({ person: { id: '1', name: null } });
  expect(body.errors).toMatchObject([
    { path: ['person', 'name'], extensions: { code: 'UNAUTHENTICATED', item: 'Person.name', owner: '公安厅' } },
  ]);
  expect((await ask(query)).body.data).toEqual({ person: { id: '1', name: '王五' } });
});

test('a list that is its owner’s alone is refused at the owner’s own door, whatever the gateway asked for; nothing is searched', async () => {
  accessOf = decided;
  const asked = (uscc: string, region: string | null = null) =>
    ask('{ people { id name } }', ['Query.people', 'Person.id', 'Person.name'], {
      kind: 'department',
      sub: 'd',
      uscc,
      role: 'developer',
      region,
    });
  const others = [await asked('11629901000000027G'), await asked('11629901000000019M', '620199')];
  const searchesOfOthers = searches;
  const own = await asked('11629901000000019M');
  accessOf = () => EVERYTHING_VISIBLE;
  for (const { body } of others) expect(body.data).toEqual({ people: null });
  expect(others.map(({ body }) => body.errors[0])).toMatchObject([
    { path: ['people'], extensions: { code: 'ITEM_NOT_SHARED', item: 'Query.people', owner: '公安厅' } },
    { path: ['people'], extensions: { code: 'ITEM_NOT_GRANTED', item: 'Query.people' } },
  ]);
  expect(searchesOfOthers).toBe(0);
  expect(own.body.data).toEqual({ people: [{ id: '1', name: '王五' }] });
});

test('an operation beyond its warrant is refused as a whole and reported by the field alone', async () => {
  const query = '{ person(idNumber: "11010519491231002X") { id name } }';
  expect((await ask(query, operationIn(schema, query).coordinates)).status).toBe(200);
  logged.length = 0;
  expect(await ask(query, ['Query.person', 'Person.id'])).toEqual({
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
    expect((await ask(hidden, ['Query.person', 'Person.name'])).status).toBe(403);
  }
});

test("the gateway's call is answered, in a compact line", async () => {
  const answer = await ask('{ person(idNumber: "11010519491231002X") { name } }');
  expect(answer).toEqual({ status: 200, body: { data: { person: { name: '王五' } } } });
});

test.each(['{ _service { sdl } }', '{ __schema { types { name } } }', '{ person(idNumber: "11010519491231002X") { name } }', '{ nothing'])(
  'without a warrant and a seal, or with one for another library, %s is 401 and tells nothing of the schema',
  async (query) => {
    const body = JSON.stringify({ query });
    const whole = await gateway.headersFor(body, { items: EVERYTHING });
    const { 'x-hub-warrant': _warrant, ...unordered } = whole;
    const { signature: _seal, ...unsealed } = whole;
    const others = [
      { 'content-type': 'application/json' },
      unordered,
      unsealed,
      await gateway.headersFor(body, { token: 'e30.e30.' }),
      await gateway.headersFor(body, { library: 'credit', items: EVERYTHING }),
    ];
    const answers = await Promise.all(others.map((headers) => inject('/graphql', body, headers)));
    for (const answer of answers) {
      expect(answer).toEqual(answers[0]);
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

test('no page of a browser is answered, under whatever name it calls', async () => {
  const calls = ['/health', '/seal', '/graphql', '/quality', '/nowhere'].flatMap((url) =>
    (['GET', 'POST', 'OPTIONS'] as const).map((method) => ({ method, url })),
  );
  for (const call of calls) {
    for (const [headers, status] of [
      [{ host: 'evil.example' }, 421],
      [{ host: 'localhost.evil.example:4001' }, 421],
      [{ host: 'localhost', origin: 'https://evil.example' }, 403],
      [{ host: 'localhost', origin: 'null' }, 403],
    ] as const) {
      const answer = await app.inject({ ...call, headers });
      expect([answer.statusCode, onlyError(answer.json())], `${call.method} ${call.url}`).toEqual([status, ['BAD_USER_INPUT']]);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  }
});

test('figures are for this machine alone; whoever else asks for them is refused as for any other path', async () => {
  for (const query of ['{ person(idNumber: "11010519491231002X") { id name } }', '{ broken }']) await askOver(await listen(), { query });
  const look = (headers: Record<string, string> = {}, remoteAddress = '127.0.0.1') =>
    app.inject({ url: '/metrics', headers, remoteAddress });
  const { statusCode, headers, body } = await look();
  expect([statusCode, headers['content-type']]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
  expect(body).toMatch(/^longyuan_calls_total\{path="\/graphql",status="200",code="NONE",library="population"\} [1-9]/m);
  expect(body).toMatch(/^longyuan_calls_total\{path="\/graphql",status="200",code="INTERNAL",library="population"\} [1-9]/m);
  expect(body).toMatch(/^longyuan_kept_entries\{what="warrants",library="population"\} [1-9]/m);
  const unknown = await app.inject({ url: '/metricz' });
  for (const refused of [await look({}, '10.0.0.9'), await look({ 'x-forwarded-for': '127.0.0.1' })])
    expect([refused.statusCode, refused.body]).toEqual([401, unknown.body]);
});

test('a call is one line at info, and nobody’s trace is taken on before the door has let them in', async () => {
  const taken: unknown[] = [];
  const lines: Record<string, unknown>[] = [];
  const tracing: Tracing = {
    take: (name, { traceparent }) => {
      taken.push([name, traceparent]);
      return NO_SPAN;
    },
    close: async () => {},
  };
  const seen = answerHttp({
    ...answering,
    observe: {
      ...answering.observe,
      tracing,
      log: openLog('population', { logLevel: 'info' }, { write: (line) => void lines.push(JSON.parse(line)) }),
    },
  });
  const url = await seen.listen({ port: 0, host: '127.0.0.1' });
  const ofAnyone = { 'content-type': 'application/json', traceparent: 'of-anyone', 'x-request-id': '629901198704270021' };
  await fetch(`${url}/graphql`, { method: 'POST', body: '{}', headers: ofAnyone });
  const caller: Caller = { kind: 'department', sub: 'd', uscc: '11629901000000019M', role: 'developer', region: null };
  await askOver(url, { query: '{ broken }' }, { items: EVERYTHING, caller }, { traceparent: 'of-the-gateway' });
  await fetch(`${url}/health`);
  await seen.close();
  expect(taken).toEqual([['POST /graphql', 'of-the-gateway']]);
  const calls = lines.filter(({ msg }) => msg === 'call');
  expect(
    calls.map(({ requestId, path, status, caller: kind, department, codes }) => [requestId, path, status, kind, department, codes]),
  ).toEqual([
    [null, '/graphql', 401, undefined, undefined, undefined],
    ['request-1', '/graphql', 200, 'department', '11629901000000019M', ['INTERNAL']],
  ]);
});

test('health is open and says the state; until READY queries are LIBRARY_UNAVAILABLE', async () => {
  state = 'SEEDING';
  expect((await app.inject('/health')).json()).toEqual({ state: 'SEEDING' });
  const answer = await ask('{ __typename }');
  expect([answer.status, onlyError(answer.body)]).toEqual([503, ['LIBRARY_UNAVAILABLE']]);
  state = 'READY';
});

test('a malformed argument is refused before anything is executed', async () => {
  const answer = await ask('{ person(idNumber: "110105194912310021") { name } }');
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' } }] });
  expect(JSON.stringify(answer.body)).not.toContain('110105194912310021');
});

test('introspection, batches, bad JSON, other types and huge bodies are refused as bad input', async () => {
  expect(onlyError((await ask('{ __schema { types { name } } }')).body)).toEqual(['BAD_USER_INPUT']);
  const send = async (payload: string, type = 'application/json') => {
    const headers = { ...(await gateway.headersFor(payload, { items: EVERYTHING })), 'content-type': type };
    const answer = await inject('/graphql', payload, headers);
    return [answer.status, ...onlyError(answer.body)];
  };
  expect(await send('[{"query":"{ __typename }"}]')).toEqual([400, 'BAD_USER_INPUT']);
  expect(await send('{')).toEqual([400, 'BAD_USER_INPUT']);
  expect(await send('{ __typename }', 'text/plain')).toEqual([415, 'BAD_USER_INPUT']);
  expect(await send('a=b', 'application/x-www-form-urlencoded')).toEqual([415, 'BAD_USER_INPUT']);
  expect(await send(`{"query":"${' '.repeat(5_000_000)}"}`)).toEqual([413, 'BAD_USER_INPUT']);
});

test('a fault is INTERNAL: the answer does not hold what the database said, and the log has its stack with the request’s id, and not what it said', async () => {
  logged.length = 0;
  const answer = await ask('{ broken }');
  expect(answer).toEqual({
    status: 200,
    body: {
      data: { broken: null },
      errors: [{ message: 'The library population met a fault of its own.', path: ['broken'], extensions: { code: 'INTERNAL' } }],
    },
  });
  expect(logged).toEqual([
    [
      {
        requestId: expect.stringMatching(/./),
        err: expect.any(Error),
        stack: expect.stringMatching(/^Error\n {4}at broken \(subgraphs\/serve\/answer-http\.test\.ts:\d+:\d+\)\n/),
      },
      'a field could not be answered',
    ],
  ]);
  expect(JSON.stringify(logged)).not.toMatch(/13800000000|phone/);
});

test('a database that is gone is LIBRARY_UNAVAILABLE, and the library looks again', async () => {
  doubts.length = 0;
  const answer = await ask('{ gone }');
  expect(answer.body.errors[0].extensions.code).toBe('LIBRARY_UNAVAILABLE');
  expect(JSON.stringify(answer.body)).not.toContain('10.1.2.3');
  expect(doubts).toEqual(['ECONNREFUSED']);
});

test('a database that is damaged or slow, and one that too many wait for, are told by their code and not by what the database says', async () => {
  logged.length = 0;
  const { body } = await ask('{ damaged late busy }');
  expect(body).toEqual({
    data: { damaged: null, late: null, busy: null },
    errors: [
      ['damaged', 'LIBRARY_UNAVAILABLE', 'The library population cannot use its database now.'],
      ['late', 'LIBRARY_TIMEOUT', 'The database of the library population did not answer in time.'],
      ['busy', 'LIBRARY_UNAVAILABLE', 'The library population is too busy: too many questions wait for its database.'],
    ].map(([field, code, message]) => ({ message, path: [field], extensions: { code } })),
  });
  // Whoever watches the database tells of it once, and not for every field.
  expect(logged).toEqual([]);
});

test('a call is over when it was given up: by its caller, who closes the connection, or by the library', async () => {
  calls.length = 0;
  await ask('{ slow }');
  expect([calls[0]?.room, calls[0]?.isOver()]).toEqual(['public', true]);

  const body = JSON.stringify({ query: '{ slow }' });
  const headers = await gateway.headersFor(body, { items: EVERYTHING });
  const port = Number(new URL(await listen()).port);
  const socket = connect(port, '127.0.0.1');
  const lines = Object.entries({ host: 'localhost', 'content-length': Buffer.byteLength(body), ...headers });
  socket.write(`POST /graphql HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`);
  await expect.poll(() => calls.length).toBe(2);
  const ended = new Promise<void>((resolve) => void calls[1]?.onEnd(resolve));
  socket.destroy();
  await ended;
});

test('a call that is not answered in time is LIBRARY_TIMEOUT, never a hang', async () => {
  doubts.length = 0;
  const answer = await ask('{ slow }');
  expect([answer.status, onlyError(answer.body), doubts]).toEqual([504, ['LIBRARY_TIMEOUT'], ['timeout']]);
});

test('questions about quality come from the gateway alone, like all others', async () => {
  const put = async (body: string, items?: readonly string[]) =>
    inject('/quality', body, items ? await gateway.headersFor(body, { path: '/quality', items }) : {});
  expect((await put('{"ask":"outline"}')).status).toBe(401);
  expect((await put('{"ask":"outline"}', EVERYTHING)).status).toBe(401);
  expect((await put('{"ask":"outline"}', qualityRoute.items)).body).toEqual({ tables: ['Person'], unique: [], unmeasurable: [] });
  expect((await put('"nothing"', qualityRoute.items)).status).toBe(400);
});

test('what the library holds is told to a warrant for that, and to no warrant for rows', async () => {
  const askHoldings = async (items?: readonly string[]) =>
    (await inject('/holdings', '{}', items ? await gateway.headersFor('{}', { path: '/holdings', items }) : {})).status;
  expect([await askHoldings(), await askHoldings(EVERYTHING), await askHoldings(holdingsRoute.items)]).toEqual([401, 401, 200]);
});

test('the library that knows persons tells the gateway, and nobody else, whose number it is', async () => {
  const askKey = async (asked: object, isGateway = true) => {
    const body = JSON.stringify(asked);
    const headers = isGateway ? await gateway.headersFor(body, { path: '/subject-key', items: [] }) : {};
    const answer = await inject('/subject-key', body, headers);
    return [answer.status, answer.body.key ?? answer.body.errors?.[0].extensions.code ?? null];
  };
  expect(await askKey({ idNumber: '11010519491231002X' })).toEqual([200, 'p1']);
  expect(await askKey({ idNumber: '629901198704270021' })).toEqual([200, null]);
  expect(await askKey({ idNumber: '110105194912310021' })).toEqual([400, 'BAD_USER_INPUT']);
  expect(await askKey({})).toEqual([400, 'BAD_USER_INPUT']);
  expect(await askKey({ idNumber: '11010519491231002X' }, false)).toEqual([401, 'UNAUTHENTICATED']);
  state = 'STARTING';
  expect(await askKey({ idNumber: '11010519491231002X' })).toEqual([503, 'LIBRARY_UNAVAILABLE']);
  state = 'READY';
});

test('every question of the gateway’s own needs a warrant for it, a library that is ready, and the form of its route', async () => {
  const served: unknown[] = [];
  const asking = answerHttp({
    ...answering,
    personKey: async () => 'p1',
    // The question as it comes to who answers it.
    routes: (serve) => {
      for (const { name, route, answer } of specimens.filter((each) => each.route.path.startsWith('/grants/')))
        serve(route, async (question) => {
          served.push([name, question]);
          return answer;
        });
    },
  });
  for (const { name, route, question } of specimens.filter((each) => each.name !== 'seal')) {
    const { path, items, notFor } = route;
    const caller: Caller = { kind: 'citizen', sub: 's', person: 'fu' };
    const put = async (body: unknown, order: object = { items }) => {
      const payload = JSON.stringify(body);
      const headers = await gateway.headersFor(payload, { path, caller, ...order });
      const { statusCode, json } = await asking.inject({ method: 'POST', url: path, headers, payload });
      return { status: statusCode, body: json() };
    };
    if (items.length > 0) {
      const other = await put(question, { items: EVERYTHING });
      expect([other.status, ...onlyError(other.body)], name).toEqual(notFor ? [401, 'UNAUTHENTICATED'] : [403, 'ITEM_NOT_SHARED']);
    }
    for (const [what, value] of [...damaged(question), ['nothing', null] as const, ['a list', []] as const]) {
      const refused = await put(value);
      expect([refused.status, ...onlyError(refused.body)], `${name} ${what}`).toEqual([400, 'BAD_USER_INPUT']);
    }
    state = 'STARTING';
    const early = await put(question);
    state = 'READY';
    expect([early.status, ...onlyError(early.body)], name).toEqual([503, 'LIBRARY_UNAVAILABLE']);
    // What may be measured is this test's owner's to say.
    if (path !== '/quality') expect((await put({ ...question, besides: 1 })).status, name).toBe(200);
  }
  expect(served).toEqual(specimens.flatMap(({ name, route, question }) => (route.path.startsWith('/grants/') ? [[name, question]] : [])));
  const offers = [{}, { offer: 1 }, null, { offer: 'a.b.c' }];
  for (const offer of offers) expect(onlyError(await post('/seal', JSON.stringify(offer)))).toEqual(['UNAUTHENTICATED']);
  await asking.close();
});

test('a call whose headers or body arrive too slowly is ended when its time is over', async () => {
  const url = await listen();
  const started = performance.now();
  const head = 'POST /graphql HTTP/1.1\r\nHost: localhost\r\n';
  for (const sent of [head, `${head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`]) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(sent);
    await text(socket);
  }
  // Left to itself, Node ends headers after a minute and a body never.
  expect(performance.now() - started).toBeLessThan(50_000);
});
