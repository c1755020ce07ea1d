import { createWriteStream } from 'node:fs';
import { doorOf, openGatewayFigures } from '@longyuan/gateway/src/observe/gateway-figures.ts';
import { openNotes, watchRequests } from '@longyuan/gateway/src/observe/watch-requests.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { readTracing } from '@longyuan/settings/tracing.ts';
import { openTracing } from '@longyuan/telemetry/open-tracing.ts';
import { startOtlpReceiver } from '@longyuan/telemetry/otlp-receiver.ts';
import { openFigures } from '@longyuan/telemetry/process-figures.ts';
import { NO_TRACING, type Tracing } from '@longyuan/telemetry/span.ts';

/**
 * `node bench/telemetry.ts`: what looking on costs a request of the gateway with four fetches, in microseconds of CPU: nothing but its notes, figures,
 * its line in the log (to /dev/null), and a trace of nine spans that is sent to a receiver in this very process. Blocks take turns; the median of each.
 */
const BLOCKS = 30;
const REQUESTS = 4_000;
const LIBRARIES = ['population', 'legal-entity', 'credit', 'e-license'];

type Watched = Parameters<ReturnType<typeof watchRequests>['leave']>;

const receiver = await startOtlpReceiver();
const quiet = openLog('gateway', { logLevel: 'warn' });
const loud = openLog('gateway', { logLevel: 'info' }, createWriteStream('/dev/null'));
const sent = await openTracing(
  'gateway',
  { tracing: readTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_MAX_QUEUE_SIZE: '100000' }, []) },
  quiet,
);
const figures = openGatewayFigures(openFigures());
const none: typeof figures = { ...figures, arrived: () => {}, answered: () => {}, fetched: () => {} };
const cases: Readonly<Record<string, Parameters<typeof request>[0]>> = {
  nothing: watching(quiet, NO_TRACING, none),
  figures: watching(quiet, NO_TRACING, figures),
  'figures and log': watching(loud, NO_TRACING, figures),
  'figures and traces': watching(quiet, sent, figures),
};

function watching(log: typeof quiet, tracing: Tracing, counted: typeof figures) {
  return { watch: watchRequests({ log, tracing, figures: counted, addressOf: null }), counted };
}

function request({ watch, counted }: ReturnType<typeof watching>): void {
  const raw = { socket: { bytesWritten: 0 } };
  const notes = Object.assign(openNotes(), {
    caller: { kind: 'department', sub: 's', uscc: '11629901000000019M', role: 'developer', region: null },
  });
  Object.assign(notes, { operation: 'OnePerson', kind: 'query' });
  // What is read of Fastify's request and reply, and no more.
  const [asked, reply] = [
    { method: 'POST', routeOptions: { url: '/graphql' }, headers: {}, raw, budget: {} },
    { raw: { writableFinished: true }, statusCode: 200, getHeader: () => '1024' },
  ] as unknown as Watched;
  const span = watch.arrive(asked);
  Object.assign(asked, { budget: { notes, span, requestId: '0f8fad5b-d9cb-469f-a165-70867728950e' } });
  for (const name of ['parse', 'validate', 'decide', 'plan']) span.begin(name).end();
  for (const library of LIBRARIES) {
    const fetched = span.call(`fetch ${library}`, { 'longyuan.library': library });
    fetched.headers();
    counted.fetched(library, 'answered', 0.01);
    fetched.end();
  }
  watch.leave(asked, reply);
}

const costs = new Map(Object.keys(cases).map((name) => [name, [] as number[]]));
for (let block = 0; block < BLOCKS; block += 1) {
  for (const [name, each] of Object.entries(cases)) {
    const before = process.cpuUsage();
    for (let n = 0; n < REQUESTS; n += 1) request(each);
    // What was put off belongs to it: lines that are written, spans that are sent.
    await new Promise((wake) => setTimeout(wake, name === 'figures and traces' ? 300 : 20));
    const { user, system } = process.cpuUsage(before);
    costs.get(name)?.push((user + system) / REQUESTS);
  }
}
for (const [name, all] of costs) {
  const median = all.toSorted((a, b) => a - b)[BLOCKS >> 1] ?? 0;
  process.stdout.write(`${name.padEnd(20)} ${median.toFixed(1)} µs a request at the door ${doorOf('/graphql')}\n`);
}
await sent.close();
await receiver.close();
