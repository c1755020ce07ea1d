import { openLog } from '@longyuan/settings/log.ts';
import { readTracing } from '@longyuan/settings/tracing.ts';
import { openTracing } from '@longyuan/telemetry/open-tracing.ts';
import { NO_SPAN, type Span } from '@longyuan/telemetry/span.ts';
import { expect, onTestFinished, test } from 'vitest';
import { startOtlpReceiver } from '../../test/otlp-receiver.ts';
import { startLittleHub } from './little-hub.ts';

const NUMBER = '11010519491231002X';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const TRACEPARENT = `00-${TRACE}-b7ad6b7169203331-01`;

/** A log whose lines can be read. */
function openReadableLog(logLevel: 'info' | 'warn' = 'info') {
  const lines: Record<string, unknown>[] = [];
  const log = openLog('gateway', { logLevel }, { write: (line) => void lines.push(JSON.parse(line)) });
  return { log, lines, requests: () => lines.filter(({ msg }) => msg === 'request') };
}

type Hub = Awaited<ReturnType<typeof startLittleHub>>;

async function open(...[settings, parts]: Parameters<typeof startLittleHub>): Promise<Hub> {
  const hub = await startLittleHub(settings, parts);
  onTestFinished(() => hub.close());
  await Promise.all(['registry', 'rating'].map((library) => hub.until(library, 'READY')));
  return hub;
}

const figuresOf = async ({ url }: Hub): Promise<string> => (await fetch(`${url}/metrics`)).text();
/** Waits for what follows an answer: the request is over once its connection says so. */
async function until<Value>(read: () => Value | undefined | false | Promise<Value | undefined | false>): Promise<Value> {
  for (;;) {
    const value = await read();
    if (value) return value;
    await new Promise((wake) => setTimeout(wake, 5));
  }
}

test('requests are counted by door, status and code, and fetches by library and how they ended', async () => {
  const hub = await open({}, { load: { arrive: () => {}, isBusy: () => false } });
  await hub.ask(`query OnePerson { person(idNumber: "${NUMBER}") { name score } }`);
  await hub.ask('{ person(idNumber: "1") { name } }');
  hub.libraries.rating.answers = { status: 503, text: '{}' };
  await hub.ask('{ worst }');
  await fetch(`${hub.url}/nothing/here`);
  await fetch(`${hub.url}/%zz`);
  const figures = await until(async () => {
    const text = await figuresOf(hub);
    return text.includes('door="none",status="400"') && text;
  });
  for (const line of [
    'longyuan_requests_total{door="graphql",status="200",code="NONE"} 1',
    'longyuan_requests_total{door="graphql",status="400",code="BAD_USER_INPUT"} 1',
    'longyuan_requests_total{door="graphql",status="200",code="LIBRARY_UNAVAILABLE"} 1',
    'longyuan_requests_total{door="none",status="404",code="BAD_USER_INPUT"} 1',
    'longyuan_requests_total{door="none",status="400",code="BAD_USER_INPUT"} 1',
    'longyuan_refusals_total{door="graphql",code="LIBRARY_UNAVAILABLE"} 1',
    'longyuan_request_duration_seconds_count{door="graphql"} 3',
    'longyuan_fetch_duration_seconds_count{library="registry",outcome="answered"} 1',
    'longyuan_fetch_duration_seconds_count{library="rating",outcome="answered"} 1',
    'longyuan_fetch_duration_seconds_count{library="rating",outcome="unreadable"} 1',
    'longyuan_library_calls_waiting{library="registry"} 0',
    'longyuan_library_state{library="registry",state="READY"} 1',
    'longyuan_library_state{library="registry",state="DOWN"} 0',
    'longyuan_busy 0',
  ])
    expect(figures.split('\n'), line).toContain(line);
  expect(figures).toMatch(/^longyuan_kept_bytes\{what="plans"\} [1-9]/m);
  expect(figures).toMatch(/^nodejs_eventloop_lag_p99_seconds [\d.]/m);
  expect(figures).toMatch(/^nodejs_heap_size_used_bytes \d/m);
});

test('figures are in the format of Prometheus', async () => {
  const hub = await open();
  await hub.ask('{ worst }');
  const response = await fetch(`${hub.url}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(findMalformed(await response.text())).toEqual([]);
});

test('whatever callers send, there are no more series than doors, statuses and codes', async () => {
  const hub = await open();
  const seriesOf = async () =>
    (await figuresOf(hub)).split('\n').filter((line) => /^longyuan_(requests|refusals|request_)/.test(line)).length;
  const send = async (round: number) => {
    await hub.ask(`query Q${NUMBER}${round} { a${round}: person(idNumber: "${NUMBER}") { name } }`);
    await hub.ask(`{ nothing${round} }`);
    await fetch(`${hub.url}/${NUMBER}/${round}?q=${round}`, { headers: { 'x-request-id': `round-${round}-of`, traceparent: TRACEPARENT } });
    await fetch(`${hub.url}/public/datasets/${round}.csv`);
    await fetch(`${hub.url}/graphql`, { method: 'POST', body: `${round}`, headers: { 'content-type': `text/x${round}` } });
  };
  await send(0);
  await until(async () => (await figuresOf(hub)).includes('status="415"'));
  const before = await seriesOf();
  for (let round = 1; round < 6; round += 1) await send(round);
  expect(await seriesOf()).toBe(before);
  expect(await figuresOf(hub)).not.toContain(NUMBER);
});

test('that a library is not ready is no fault of the hub in its figures', async () => {
  const hub = await open();
  hub.libraries.rating.state = 'SEEDING';
  await hub.until('rating', 'SEEDING');
  expect((await fetch(`${hub.url}/health/ready`)).status).toBe(503);
  const figures = await until(async () => {
    const text = await figuresOf(hub);
    return text.includes('door="health",status="503"') && text;
  });
  expect(figures).toContain('longyuan_requests_total{door="health",status="503",code="LIBRARY_UNAVAILABLE"}');
  expect(figures).not.toContain('INTERNAL');
});

test('from outside there is nothing at /metrics, whoever is named as the client', async () => {
  const outside = await open({ trustedProxies: ['127.0.0.1'] });
  const look = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${outside.url}${path}`, { headers: { ...headers, 'x-request-id': 'the-same-one' } });
    const told = Object.fromEntries([...response.headers].filter(([name]) => name !== 'date'));
    return { status: response.status, told, body: await response.text() };
  };
  const unknown = await look('/metricz', { 'x-forwarded-for': '203.0.113.9' });
  expect(unknown.status).toBe(404);
  for (const client of ['203.0.113.9', '127.0.0.1, 203.0.113.9', '203.0.113.9, 127.0.0.1', '127.0.0.1', 'unknown', ''])
    expect(await look('/metrics', { 'x-forwarded-for': client }), client).toEqual(unknown);
  expect(await look('/metrics', { forwarded: 'for=_hidden' })).toEqual(unknown);
  expect((await look('/metrics')).status).toBe(200);
});

test('a request is one line at info: what it was, how it ended and for what kind of caller, and nothing of what it asked', async () => {
  const { log, requests } = openReadableLog();
  const hub = await open({}, { log });
  await hub.ask(`query OnePerson { person(idNumber: "${NUMBER}") { name score } }`);
  const [line] = await until(() => requests().length > 0 && requests());
  expect(line).toEqual({
    ...{ level: 'info', time: expect.any(String), part: 'gateway', msg: 'request', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    ...{ method: 'POST', path: '/graphql', status: 200, ms: expect.any(Number), bytes: 52, caller: 'public' },
    ...{ operation: 'OnePerson', kind: 'query' },
  });
  const headers = { traceparent: TRACEPARENT, authorization: `Bearer ${NUMBER}`, 'x-request-id': NUMBER };
  await fetch(`${hub.url}/public/datasets/${NUMBER}.csv?number=${NUMBER}`, { headers });
  await fetch(`${hub.url}/${NUMBER}`, { headers });
  await fetch(`${hub.url}/graphql`, { method: 'POST', headers, body: '{}' });
  await hub.ask(`query Q${NUMBER} { person(idNumber: "1") { name } }`);
  for (const path of ['/health', '/health/ready', '/metrics']) await fetch(`${hub.url}${path}`);
  const lines = await until(() => requests().length >= 5 && requests());
  expect(lines.map(({ path, status, codes, operation, traceId }) => [path, status, codes, operation, traceId])).toEqual([
    ['/graphql', 200, undefined, 'OnePerson', undefined],
    ['/public/datasets/:file', 404, ['BAD_USER_INPUT'], undefined, TRACE],
    [null, 404, ['BAD_USER_INPUT'], undefined, TRACE],
    ['/graphql', 401, ['UNAUTHENTICATED'], undefined, TRACE],
    ['/graphql', 400, ['BAD_USER_INPUT'], undefined, undefined],
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/1101051949|127\.0\.0\.1/);
});

test('the log says where a request comes from where it is set so', async () => {
  const { log, requests } = openReadableLog();
  const hub = await open({ logAddresses: true, trustedProxies: ['127.0.0.1'] }, { log });
  await fetch(`${hub.url}/graphql`, { method: 'POST', headers: { 'x-forwarded-for': '203.0.113.9' } });
  expect((await until(() => requests()[0])).address).toBe('203.0.113.9');
});

test('a client that leaves before its answer is told as 499', async () => {
  const { log, requests } = openReadableLog();
  const hub = await open({}, { log });
  hub.libraries.registry.answers = 'never';
  const leaving = new AbortController();
  const body = JSON.stringify({ query: '{ persons { name } }' });
  const asked = fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal: leaving.signal,
  });
  await until(() => hub.libraries.registry.calls.length > 0);
  leaving.abort();
  await asked.catch(() => {});
  expect((await until(() => requests()[0])).status).toBe(499);
  expect(await figuresOf(hub)).toContain('longyuan_requests_total{door="graphql",status="499",code="NONE"} 1');
});

test('a trace that a caller began goes on in the gateway, and to the libraries with their calls; values are nowhere in it', async () => {
  const receiver = await startOtlpReceiver();
  onTestFinished(receiver.close);
  const tracing = await openTracing(
    'gateway',
    { tracing: readTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }, []) },
    openReadableLog().log,
  );
  const hub = await open({}, { tracing });
  const query = `query OnePerson { person(idNumber: "${NUMBER}") { name score } }`;
  await fetch(`${hub.url}/graphql`, {
    ...{ method: 'POST', body: JSON.stringify({ query }) },
    headers: { 'content-type': 'application/json', traceparent: TRACEPARENT, tracestate: 'vendor=1' },
  });
  // Its end is seen by the server a moment after the client has the answer.
  await until(async () => (await figuresOf(hub)).includes('code="NONE"} 1'));
  await tracing.close();
  const own = receiver.spans.filter(({ traceId }) => traceId === TRACE);
  expect(own.map(({ name }) => name).sort()).toEqual([
    ...['POST /graphql', 'decide', 'fetch rating', 'fetch registry', 'parse', 'plan', 'validate'],
  ]);
  const request = own.find(({ name }) => name === 'POST /graphql');
  expect(request).toMatchObject({
    ...{ service: 'longyuan-gateway', parentId: 'b7ad6b7169203331', failure: '' },
    attributes: {
      'http.route': '/graphql',
      'graphql.operation.name': 'OnePerson',
      'graphql.operation.type': 'query',
      'longyuan.caller': 'public',
    },
  });
  for (const span of own.filter((each) => each !== request)) expect(span.parentId, span.name).toBe(request?.spanId);
  const fetches = new Map(own.map(({ name, spanId }) => [name, spanId]));
  for (const { name, calls } of [hub.libraries.registry, hub.libraries.rating])
    expect(calls.at(-1)?.traceparent).toBe(`00-${TRACE}-${fetches.get(`fetch ${name}`)}-01`);
  expect(JSON.stringify(receiver.requests)).not.toMatch(/1101051949|马建国|idNumber/);
});

test('without an endpoint a trace is passed on as it came, where it is well formed', async () => {
  const hub = await open();
  const send = (traceparent: string) =>
    fetch(`${hub.url}/graphql`, {
      ...{ method: 'POST', body: JSON.stringify({ query: '{ worst }' }) },
      headers: { 'content-type': 'application/json', traceparent },
    });
  await send(TRACEPARENT);
  await send('00-nothing-at-all-01');
  await send(`00-${'0'.repeat(32)}-b7ad6b7169203331-01`);
  expect(hub.libraries.rating.calls.map(({ traceparent }) => traceparent)).toEqual([TRACEPARENT, undefined, undefined]);
});

test('a receiver that fails, or never answers, costs no answer, is told of once, and holds the end up for a moment at most', async () => {
  const receiver = await startOtlpReceiver();
  receiver.answerWith(400);
  const { log, lines } = openReadableLog('warn');
  const open1 = (url: string) =>
    openTracing(
      'gateway',
      { tracing: readTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_BSP_SCHEDULE_DELAY: '5', OTEL_BSP_MAX_QUEUE_SIZE: '10' }, []) },
      log,
    );
  const tracing = await open1(receiver.url);
  const hub = await open({}, { tracing });
  for (let round = 0; round < 20; round += 1) expect(await hub.ask('{ worst }')).toEqual({ status: 200, data: { worst: 1 } });
  await until(() => lines.length > 0);
  receiver.answerWith('never');
  for (let round = 0; round < 20; round += 1) expect(await hub.ask('{ worst }')).toEqual({ status: 200, data: { worst: 1 } });
  // The exporter alone would wait ten seconds for an answer.
  const startedAtMs = performance.now();
  await tracing.close();
  expect(performance.now() - startedAtMs).toBeLessThan(8_000);
  expect(lines.map(({ msg }) => msg)).toEqual([expect.stringContaining('traces cannot be sent')]);
});

test('a fault is logged once, with its request’s id and every frame, and nothing that it says; its caller is told the id alone', async () => {
  const secrets = [NUMBER, '13812345678', 'eyJhbGciOiJFZERTQSJ9.e30.c2ln', '马建国'];
  let isArmed = false;
  const stumble = (): never => {
    isArmed = false;
    throw new TypeError(`invalid input syntax for "${secrets.join('", "')}"\n    at ${NUMBER} (/13812345678:1:1)`, {
      cause: new Error(`Key (phone)=(${secrets[1]}) already exists`),
    });
  };
  const { log, lines } = openReadableLog('warn');
  // One before GraphQL, at the limits of callers, and one in the middle of an operation, where it is decided.
  const atDoor = await open(
    { ratePublicCostPerSecond: 1_000_000 },
    { log, spendingClock: () => (isArmed ? stumble() : performance.now()) },
  );
  const stumbling: Span = { ...NO_SPAN, begin: (name) => (name === 'decide' ? stumble() : NO_SPAN) };
  const inside = await open({}, { log, tracing: { take: () => stumbling, close: async () => {} } });
  isArmed = true;
  for (const hub of [atDoor, inside]) {
    lines.length = 0;
    const response = await fetch(`${hub.url}/graphql`, {
      ...{ method: 'POST', body: JSON.stringify({ query: `{ person(idNumber: "${NUMBER}") { name } worst }` }) },
      headers: { 'content-type': 'application/json', 'x-request-id': 'the-fault-of-today' },
    });
    expect(await response.text()).toContain('"code":"INTERNAL"');
    const told = lines.filter(({ level }) => level !== 'warn');
    expect(told).toEqual([
      {
        ...{ level: 'error', time: expect.any(String), part: 'gateway', msg: 'fault of the hub', requestId: 'the-fault-of-today' },
        ...{
          err: { type: 'TypeError' },
          stack: expect.stringMatching(/^TypeError\n {4}at stumble \(gateway\/test\/observed\.test\.ts:\d+:\d+\)\n/),
        },
      },
    ]);
    expect(String(told[0]?.stack).split('\n').length).toBeGreaterThan(6);
    expect(told[0]?.stack).toMatch(/\ncaused by Error\n {4}at stumble/);
    for (const secret of secrets) expect(JSON.stringify(lines)).not.toContain(secret);
  }
});

/** What a scraper could not read: lines of another form, figures without a type, counters that are not named so. */
function findMalformed(text: string): readonly string[] {
  const types = new Map<string, string>();
  const seen = new Set<string>();
  const wrong: string[] = text.endsWith('\n') ? [] : ['no line feed at the end'];
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, name, type] = /^# TYPE ([a-z][a-z0-9_]*) (counter|gauge|histogram|summary)$/.exec(line) ?? [];
    if (name !== undefined && type !== undefined) types.set(name, type);
    if (/^# (HELP [a-z][a-z0-9_]* \S|TYPE )/.test(line)) continue;
    const [, series = ''] =
      /^([a-z][a-z0-9_]*)(?:\{(?:[a-z_]+="(?:[^"\\\n]|\\.)*",?)+\})? (?:[-+]?[\d.]+(?:e[-+]?\d+)?|NaN|Nan|\+Inf)$/.exec(line) ?? [];
    const [labelled = ''] = line.split(' ');
    const base = types.has(series) ? series : series.replace(/_(bucket|sum|count)$/, '');
    const isCounter = types.get(base) === 'counter';
    if (series === '' || !types.has(base) || isCounter !== base.endsWith('_total') || seen.has(labelled)) wrong.push(line);
    seen.add(labelled);
  }
  return wrong;
}
