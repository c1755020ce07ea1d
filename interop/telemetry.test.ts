import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { accessSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readWorld } from '../prisma/country/world.ts';
import { readLibraries } from '../schema/src/read-libraries.ts';
import { ask, until } from '../test/ask.ts';
import { findHubPort } from '../test/free-ports.ts';
import { startQuietly } from '../test/hubs.ts';
import { startOtlpReceiver } from '../test/otlp-receiver.ts';

const PROMTOOL = '/usr/bin/promtool';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const folder = mkdtempSync(join(tmpdir(), 'longyuan-telemetry-'));
const TOKEN = 'of-whoever-reads-the-figures';
const tokenFile = join(folder, 'metrics.token');
const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true })];
const hub = { port: 0, url: '' };
let receiver: Awaited<ReturnType<typeof startOtlpReceiver>>;

before(async () => {
  receiver = await startOtlpReceiver();
  ends.push(() => receiver.close());
  hub.port = await findHubPort();
  hub.url = `http://127.0.0.1:${hub.port}`;
  writeFileSync(tokenFile, TOKEN, { mode: 0o600 });
  const environment = {
    HUB_METRICS_TOKEN_FILE: tokenFile,
    HUB_PORT: String(hub.port),
    HUB_DATA_DIR: folder,
    HUB_PERSONS: '2500',
    HUB_LOG_LEVEL: 'error',
  };
  const running = await startQuietly({ ...environment, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BSP_SCHEDULE_DELAY: '200' });
  ends.push(() => running.stop());
});
after(async () => {
  for (const end of ends.reverse()) await end();
});

test('promtool finds nothing to complain of in the figures of any process', { skip: whyNot() }, async () => {
  await ask(hub, '{ division(code: "620102") { name } nothing }');
  await ask(hub, '{ division(code: "620102") { name } }');
  const orders = [0, ...readLibraries().map(({ order }) => order)];
  for (const order of orders) {
    const figures = await (
      await fetch(`http://127.0.0.1:${hub.port + order}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })
    ).text();
    assert.match(figures, /^longyuan_/m);
    const { status, stdout, stderr } = spawnSync(PROMTOOL, ['check', 'metrics'], { input: figures, encoding: 'utf8' });
    assert.deepEqual({ order, status, said: stdout + stderr }, { order, status: 0, said: '' });
  }
});

test('an OTLP receiver sees one trace of the caller, the gateway, the library and its statements', async () => {
  const uscc = JSON.stringify(readWorld().legalEntities[0]?.uscc);
  await fetch(`${hub.url}/public/graphql`, {
    ...{ method: 'POST', body: JSON.stringify({ query: `{ legalEntity(uscc: ${uscc}) { name } }` }) },
    headers: { 'content-type': 'application/json', traceparent: `00-${TRACE}-b7ad6b7169203331-01` },
  });
  const spans = () => receiver.spans.filter(({ traceId }) => traceId === TRACE);
  await until('the trace arrives', 30_000, async () => spans().some(({ name }) => name === 'SELECT') && spans().length > 8);
  assert.deepEqual([...new Set(spans().map(({ service }) => service))].sort(), ['longyuan-gateway', 'longyuan-legal-entity']);
});

function whyNot(): string | false {
  try {
    accessSync(PROMTOOL);
    return false;
  } catch {
    return "needs promtool, which is in Debian's package prometheus";
  }
}
