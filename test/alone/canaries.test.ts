import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { expect, test } from 'vitest';
import { ask, until } from '../ask.ts';
import { findHubPort } from '../free-ports.ts';
import { type ReceivedSpan, startOtlpReceiver } from '../otlp-receiver.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

/** Long enough that the heaviest start fits in. */
const START_LIMIT_MS = 180_000;

test('personal data is in no line that any process writes, in no figure it shows, and in no trace it sends; and a trace spans gateway and libraries', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'longyuan-canaries-'));
  const port = await findHubPort();
  const receiver = await startOtlpReceiver();
  const environment = {
    ...{ HUB_PORT: String(port), HUB_DATA_DIR: folder, HUB_PERSONS: '1200', HUB_LOG_LEVEL: 'trace' },
    HUB_QUALITY_INTERVAL_HOURS: '0',
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '100', OTEL_BSP_MAX_QUEUE_SIZE: '20000' },
    OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=of-the-test',
  };
  const hub = spawn(process.execPath, ['deploy/start.ts'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let written = '';
  for (const stream of [hub.stdout, hub.stderr]) stream.on('data', (chunk: Buffer) => (written += chunk.toString('utf8')));
  const url = `http://127.0.0.1:${port}`;
  try {
    await until('the hub says where it listens', START_LIMIT_MS, async () => written.includes('Ctrl-C'));
    const { people, legalEntities, departments } = readWorld();
    const [person] = people;
    if (!person) throw new Error('The world is empty.');
    const settings = readEnvironment(environment);
    const owner = departments.find(({ libraries }) => libraries.includes('population'));
    const tokens = [
      null,
      await askToken(settings, { kind: 'person', idNumber: person.idNumber }),
      await askToken(settings, { kind: 'legal-entity', uscc: legalEntities[0]?.uscc ?? '', idNumber: person.idNumber }),
      await askToken(settings, { kind: 'department', uscc: owner?.uscc ?? '', role: 'developer', region: null }),
    ];
    const { idNumber, name, phone } = person;
    const verify = `verifyIdentity(input: { idNumber: ${JSON.stringify(idNumber)}, name: ${JSON.stringify(name)} }) { result }`;
    const questions: [string, Record<string, unknown>][] = [
      [
        'query($n: String!) { person(idNumber: $n) { idNumber name phone licenses { number holderName } represents { phone } } }',
        { n: idNumber },
      ],
      [`{ person(idNumber: ${JSON.stringify(idNumber)}) { name } searchPersons(name: ${JSON.stringify(name)}) { total } ${verify} }`, {}],
      // Refused in each place where something is refused: the form, the limits, the operation itself.
      [`{ person(idNumber: ${JSON.stringify(`${phone}-${name}`)}) { name } }`, {}],
      [`{ person(idNumber: ${JSON.stringify(idNumber)}) { ${name} } }`, {}],
      [
        `{ ${Array.from({ length: 600 }, (_, place) => `a${place}: person(idNumber: ${JSON.stringify(idNumber)}) { name }`).join(' ')} }`,
        {},
      ],
      ['query($n: String!) { person(idNumber: $n) { name } }', { n: { name, phone } }],
    ];
    for (const token of tokens) for (const [query, variables] of questions) await ask({ url }, query, variables, '/graphql', token);
    await ask({ url }, '{ __typename }', {}, '/graphql', `${name}.${phone}.${idNumber}`.replace(/[^\w.]/g, ''));
    const uscc = JSON.stringify(legalEntities[0]?.uscc);
    const { headers } = await fetch(`${url}/graphql`, {
      ...{
        method: 'POST',
        body: JSON.stringify({ query: `query Traced { legalEntity(uscc: ${uscc}) { name } permits(uscc: ${uscc}) { recordedOn } }` }),
      },
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens[3]}`, traceparent: `00-${TRACE}-b7ad6b7169203331-01` },
    });
    await fetch(`${url}/graphql?query=${encodeURIComponent(`{person(idNumber:"${idNumber}"){name}}`)}&note=${phone}`);
    await fetch(`${url}/${idNumber}`, { headers: { 'x-request-id': idNumber, 'user-agent': phone } });
    const shown = await Promise.all(
      [0, ...readLibraries().map(({ order }) => order)].flatMap((order) =>
        ['/metrics', '/health', '/ready'].map(async (path) => (await fetch(`http://127.0.0.1:${port + order}${path}`)).text()),
      ),
    );
    hub.kill('SIGINT');
    await new Promise((ended) => hub.once('exit', ended));
    const all = `${written}\n${shown.join('\n')}\n${receiver.requests.map(({ raw }) => raw).join('\n')}`;
    // The search is shown to find: what a process says when it starts is there.
    expect(all).toContain('Longyuan');
    const carried = tokens.flatMap((token) => (token === null ? [] : [token]));
    const found = [idNumber, name, phone, person.idNumber.toLowerCase(), ...carried].filter(
      (canary) => canary !== '' && all.includes(canary),
    );
    expect(found.map((_, place) => `canary ${place}`)).toEqual([]);
    expectOneTrace(receiver.spans);
    expect(receiver.requests.every(({ headers: sent }) => sent['x-collector-key'] === 'of-the-test')).toBe(true);
    // The gateway's line and the libraries' stand under one request id and one trace.
    const lines = written
      .split('\n')
      .filter((line) => line.includes(`"requestId":"${headers.get('x-request-id')}"`) && line.includes(TRACE));
    const parts = lines.map((line) => (JSON.parse(line) as { part: string }).part);
    expect(parts).toEqual(expect.arrayContaining(['gateway', 'legal-entity', 'credit']));
  } finally {
    hub.kill('SIGINT');
    await receiver.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** The question that came with a trace: each part hangs from the one that brought it about. */
function expectOneTrace(all: readonly ReceivedSpan[]): void {
  const spans = all.filter(({ traceId }) => traceId === TRACE);
  const named = (service: string, name: string) => spans.find((span) => span.service === `longyuan-${service}` && span.name === name);
  const request = named('gateway', 'POST /graphql');
  expect(request?.parentId).toBe('b7ad6b7169203331');
  for (const name of ['parse', 'validate', 'decide', 'plan']) expect(named('gateway', name)?.parentId, name).toBe(request?.spanId);
  for (const library of ['legal-entity', 'credit']) {
    const fetches = spans.filter(({ name }) => name === `fetch ${library}`);
    const calls = spans.filter(({ service, name }) => service === `longyuan-${library}` && name === 'POST /graphql');
    expect(calls.length, library).toBeGreaterThan(0);
    expect(calls.map(({ parentId }) => parentId).sort(), library).toEqual(fetches.map(({ spanId }) => spanId).sort());
    for (const name of ['verify', 'decide', 'SELECT'])
      expect(
        calls.map(({ spanId }) => spanId),
        `${library} ${name}`,
      ).toContain(named(library, name)?.parentId);
    expect(named(library, 'SELECT')?.attributes['db.query.text']).toMatch(/^SELECT .*\$1/s);
  }
}
