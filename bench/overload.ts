import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { seedLibraries } from '@longyuan/prisma/country/load/load.ts';
import type { Turns } from '@longyuan/prisma/store/connect/turns.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { openLog } from '@longyuan/settings/log.ts';
import legalEntity from '@longyuan/subgraphs/legal-entity/server.ts';
import { startLibrary } from '@longyuan/subgraphs/serve/start-library.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { openOwnerKey } from '@longyuan/trust/keys.ts';
import { type ActingGateway, actAsGateway } from '../test/act-as-gateway.ts';
import { findHubPort } from '../test/free-ports.ts';
import { startPostgresql } from '../test/postgresql.ts';

/**
 * `node bench/overload.ts [rounds] [calls a second]`: one library over a PostgreSQL 15 of its own, asked more than it can do: of a hundred calls
 * without a token six are ninety searches under aliases, and the others one entity by its code, asked by one department and by the public in turn. A
 * call that takes longer than a gateway waits is given up. Two processes of the library take turns over the same database, one in which questions
 * wait in turns and leave with their call, and one in which they wait in the pool's own line; prints the share of the plain questions that were answered.
 */
const LIBRARY = 'legal-entity';
const PERSONS = 20_000;
const ROUND_MS = 10_000;
const GIVEN_UP_MS = 2_500;
const HEAVY_IN_A_HUNDRED = 6;
const ALIASES = 90;
const CONNECTIONS = 32;

/** As it was: whoever asks waits in the line of `pg`. */
const everybody: Turns = {
  take: (act) => act(),
  ofStore: (store) => store,
  close: () => {},
  open: () => {},
  waiting: () => 0,
};

const settingsFrom = (environment: NodeJS.ProcessEnv) => readEnvironment(environment);

async function serve(withTurns: boolean): Promise<void> {
  const settings = settingsFrom(process.env);
  const library = await startLibrary(legalEntity, {
    settings,
    port: 0,
    warrantKeys: await openWarrantKeys(settings),
    ownerKey: await openOwnerKey(settings.dataDir, LIBRARY),
    log: openLog(LIBRARY, settings),
    ...(!withTurns && { turns: everybody }),
  });
  process.once('disconnect', () => process.exit(0));
  await library.ready;
  process.send?.(library.url);
}

type Kind = Readonly<{ name: string; url: string; gateway: ActingGateway; child: ChildProcess; plain: number[]; heavy: number[] }>;

async function measure(rounds: number, callsASecond: number): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'longyuan-overload-'));
  const port = await findHubPort();
  const server = startPostgresql(port + 20);
  const environment = {
    HUB_PORT: String(port),
    HUB_DATA_DIR: dataDir,
    HUB_PERSONS: String(PERSONS),
    HUB_POSTGRES_URL: server.url,
    HUB_LOG_LEVEL: 'error',
  };
  const settings = settingsFrom(environment);
  const kinds: Kind[] = [];
  try {
    await seedLibraries({ settings, persons: PERSONS, reset: false, log: openLog('seed', settings), libraries: [LIBRARY] });
    for (const name of ['without', 'with']) kinds.push(await open(name, environment));
    for (let round = 0; round < rounds; round += 1) {
      for (const kind of round % 2 === 0 ? kinds : kinds.toReversed()) await load(kind, callsASecond);
    }
    for (const { name, plain, heavy } of kinds) {
      process.stdout.write(`${name.padEnd(8)} turns: ${told('plain questions', plain)}; ${told('calls of ninety searches', heavy)}\n`);
    }
  } finally {
    for (const { child } of kinds) child.kill();
    server.stop();
    await rm(dataDir, { recursive: true });
  }
}

/** 1 for each call that was answered in time, 0 for each that was not. */
function told(what: string, calls: readonly number[]): string {
  const answered = calls.reduce((sum, each) => sum + each, 0);
  return `${answered} of ${calls.length} ${what} answered (${((100 * answered) / calls.length).toFixed(0)} %)`;
}

async function open(name: string, environment: Readonly<Record<string, string>>): Promise<Kind> {
  const child = fork(import.meta.filename, ['library', name], {
    env: { ...environment, PATH: process.env['PATH'] },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.once('message', (message) => resolve(String(message)));
    child.once('exit', () => reject(new Error(`The library ${name} turns ended.`)));
  });
  const settings = settingsFrom(environment);
  const gateway = await actAsGateway({
    library: LIBRARY,
    keys: await openWarrantKeys(settings),
    owner: await openOwnerKey(settings.dataDir, LIBRARY),
    post: async (path, body) =>
      (await fetch(`${url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json(),
  });
  return { name, url, gateway, child, plain: [], heavy: [] };
}

const searches = Array.from(
  { length: ALIASES },
  (_, n) => `s${n}: searchLegalEntities(name: "兰州${n % 10}", first: 20) { total nodes { name } }`,
);
const HEAVY = `{ ${searches.join(' ')} }`;
const PLAIN = '{ legalEntity(uscc: "91629901MAR2E1L78Q") { name } }';
const ITEMS = [
  'Query.legalEntity',
  'Query.searchLegalEntities',
  'LegalEntity.name',
  'LegalEntityConnection.total',
  'LegalEntityConnection.nodes',
];

/** Calls come at a steady pace whether or not those before were answered. */
async function load(kind: Kind, callsASecond: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const calls: Promise<void>[] = [];
  const startedAtMs = performance.now();
  for (let count = 0; performance.now() - startedAtMs < ROUND_MS; count += 1) {
    const isHeavy = (count * HEAVY_IN_A_HUNDRED) % 100 < HEAVY_IN_A_HUNDRED;
    const caller =
      count % 2 === 0 && !isHeavy
        ? ({ kind: 'department', sub: 'a', uscc: '11629901000000019M', role: 'developer', region: null } as const)
        : ({ kind: 'public' } as const);
    const body = JSON.stringify({ query: isHeavy ? HEAVY : PLAIN });
    calls.push(
      kind.gateway
        .headersFor(body, { items: ITEMS, caller })
        .then((headers) => isAnswered(agent, kind.url, headers, body))
        .then((answered) => void (isHeavy ? kind.heavy : kind.plain).push(Number(answered))),
    );
    await pause(Math.max(0, startedAtMs + ((count + 1) * 1_000) / callsASecond - performance.now()));
  }
  await Promise.all(calls);
  agent.destroy();
  // The one that leaves nothing behind must not pay for the other's rest.
  await pause(GIVEN_UP_MS);
}

function isAnswered(agent: Agent, url: string, headers: Record<string, string>, body: string): Promise<boolean> {
  return new Promise((resolve) => {
    const call = request(`${url}/graphql`, { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } });
    const timer = setTimeout(() => call.destroy(), GIVEN_UP_MS);
    const end = (answered: boolean): void => {
      clearTimeout(timer);
      resolve(answered);
    };
    call.on('error', () => end(false));
    call.on('response', async (response) => {
      let text = '';
      try {
        for await (const piece of response) text += piece;
        end(response.statusCode === 200 && !text.includes('"errors"'));
      } catch {
        end(false);
      }
    });
    call.end(body);
  });
}

if (process.argv[2] === 'library') await serve(process.argv[3] === 'with');
else await measure(Number(process.argv[2] ?? 4), Number(process.argv[3] ?? 160));
