import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startHub } from '@longyuan/deploy/start-hub.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import pg from 'pg';
import { findHubPort } from '../test/free-ports.ts';
import { startPostgresql } from '../test/postgresql.ts';

/**
 * `node bench/downloads.ts [rows]`: a hub over a PostgreSQL 15 of its own, with so many legal entities and points of interest (100,000
 * where left out), and the gateway's memory while they are downloaded: small, whole as CSV, NDJSON and GeoJSON, by a slow reader, and by
 * one who goes away. Memory is the largest resident set of the gateway's process, in MB.
 */
const ROWS = Number(process.argv[2] ?? 100_000);
const SLOW_MS = 20_000;

const say = (line: string) => process.stdout.write(`${line}\n`);
const folder = await mkdtemp(join(tmpdir(), 'longyuan-downloads-'));
const server = startPostgresql((await findHubPort()) + 20);
const port = await findHubPort();
const environment = {
  HUB_PORT: String(port),
  HUB_DATA_DIR: folder,
  HUB_PERSONS: '2500',
  HUB_LOG_LEVEL: 'warn',
  HUB_POSTGRES_URL: server.url,
};
const hub = startHub(readEnvironment(environment), () => {}, environment);
try {
  await hub.started;
  await multiplyRows();
  await measure('small: license types', () => download('105001~1.csv'), 20);
  for (const file of ['102001~1.csv', '102001~1.ndjson', '103003~1.ndjson', '103003~1.geojson']) await measure(file, () => download(file));
  await measure('102001~1.csv, brotli', () => download('102001~1.csv', { 'accept-encoding': 'br' }));
  await measure(`102001~1.ndjson, read slowly for ${SLOW_MS / 1000} s, then left`, () => readSlowly('102001~1.ndjson'));
  await measure('102001~1.ndjson, ten times left after the first bytes', () => leave('102001~1.ndjson'), 10);
  await measure('small again: nothing holds a place', () => download('105001~1.csv'), 20);
} finally {
  await hub.stop();
  server.stop();
  await rm(folder, { recursive: true });
}

/** Rows are copied under new keys until there are `ROWS`. */
async function multiplyRows(): Promise<void> {
  for (const [library, table, name, key] of [
    ['legal_entity', 'LegalEntity', 'uscc', `'91' || lpad(n::text, 16, '0')`],
    ['geospatial', 'Poi', 'code', `'9' || lpad(n::text, 13, '0')`],
  ] as const) {
    const url = new URL(server.url);
    const databases = new pg.Client({ connectionString: server.url });
    await databases.connect();
    const { rows: found } = await databases.query(`SELECT datname FROM pg_database WHERE NOT datistemplate`);
    await databases.end();
    for (const { datname } of found) {
      url.pathname = `/${datname}`;
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      try {
        const { rows: columns } = await client.query(
          `SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) AS names FROM information_schema.columns
           WHERE table_schema = $1 AND table_name = $2 AND column_name <> $3`,
          [library, table, name],
        );
        const names = columns[0]?.names;
        if (names) {
          await client.query(
            `INSERT INTO ${library}."${table}" (${name}, ${names}) SELECT ${key}, ${names} FROM generate_series(1, ${ROWS}) n
             JOIN (SELECT *, row_number() OVER () AS place, count(*) OVER () AS total FROM ${library}."${table}") source
             ON source.place = n % source.total + 1`,
          );
          await client.query('ANALYZE');
        }
      } finally {
        await client.end();
      }
    }
  }
}

function residentMb(): number {
  const pid = hub.pids().get('The gateway');
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
}

async function measure(name: string, run: () => Promise<number>, times = 1): Promise<void> {
  let most = residentMb();
  const watching = setInterval(() => {
    most = Math.max(most, residentMb());
  }, 100);
  const since = performance.now();
  let bytes = 0;
  for (let time = 0; time < times; time += 1) bytes += await run();
  clearInterval(watching);
  const seconds = (performance.now() - since) / 1000;
  say(`${name}: ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s, gateway at most ${most.toFixed(0)} MB`);
}

function open(file: string, headers: Record<string, string> = {}): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(`http://127.0.0.1:${port}/public/datasets/${file}`, { headers }, (response) =>
      response.statusCode === 200 ? resolve(response) : reject(new Error(`${file}: HTTP ${response.statusCode}`)),
    ).on('error', reject);
  });
}

async function download(file: string, headers: Record<string, string> = {}): Promise<number> {
  let bytes = 0;
  // A stream of buffers, as no encoding is set.
  for await (const chunk of await open(file, headers)) bytes += (chunk as Buffer).length;
  return bytes;
}

async function readSlowly(file: string): Promise<number> {
  const response = await open(file);
  const until = performance.now() + SLOW_MS;
  let bytes = 0;
  for await (const chunk of response) {
    // As above.
    bytes += (chunk as Buffer).length;
    await pause(500);
    if (performance.now() > until) break;
  }
  response.destroy();
  return bytes;
}

async function leave(file: string): Promise<number> {
  const response = await open(file);
  for await (const chunk of response) {
    response.destroy();
    return (chunk as Buffer).length;
  }
  return 0;
}
