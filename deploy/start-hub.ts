import { createServer } from 'node:net';
import { join } from 'node:path';
import { findSeeds } from '@longyuan/prisma/country/load/find-seeds.ts';
import { purposesFile } from '@longyuan/prisma/country/purposes.ts';
import { embeddedAddress, isEmbedded } from '@longyuan/prisma/store/connect/database-url.ts';
import { findLibraries } from '@longyuan/prisma/store/migrate/find-libraries.ts';
import { type Library, readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { openDataFolder } from '@longyuan/settings/data-folder.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import { type Environment, type ProcessPlan, type Supervised, startProcess, stopProcess, superviseProcess } from './supervise-process.ts';

/** The hub's processes on one machine. */
export type Hub = Readonly<{
  /** Resolves when every library has answered once; rejects, with what to do, when the hub cannot start. */
  started: Promise<void>;
  /** Ends every process, the databases last. Idempotent. */
  stop(): Promise<void>;
  /** Process ids by name (`The library credit`), as they are now. */
  pids(): ReadonlyMap<string, number>;
}>;

const HEALTH_PAUSE_MS = 250;
/** The embedded database may be ended and started again while data is made; then making it starts over. */
const SEED_ATTEMPTS = 3;

/** A young generation of 16 MB spares the servers most of their garbage collection; a bounded old one keeps the memory of all of them in hand. */
export const SERVER_OPTIONS = ['--max-semi-space-size=16', '--max-old-space-size=384'];

/** Asked now and then, by this machine alone: it needs little, and keeps to little. */
const identityProvider = {
  name: 'The identity provider',
  file: 'identity/main.ts',
  args: [],
  nodeOptions: ['--max-semi-space-size=1', '--max-old-space-size=128'],
};

/**
 * Starts the embedded PostgreSQL where a library needs it, the identity provider where no other is named, the gateway, and a subgraph for
 * every library, and restarts what ends by itself.
 * Data is made when a library says that it waits for them. `say` gets lines for people; `environment` is given to the processes beside this one's own.
 */
export function startHub(settings: Settings, say: (line: string) => void, environment: Environment = {}): Hub {
  const running: Supervised[] = [];
  const stopping = new AbortController();
  const startedAt = performance.now();
  const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  // What Node compiled once, the next start and every restart read from there: a third less time to start.
  const compiled = { NODE_COMPILE_CACHE: join(settings.dataDir, 'compiled') };
  // Where the country is made up, its stores wait for their rows, and what it calls its service items is known.
  const isMadeUp = settings.persons > 0;
  const seeded = isMadeUp ? findSeeds().map(({ name }) => name) : [];
  const named = isMadeUp && settings.purposesFile === null ? { HUB_PURPOSES_FILE: purposesFile } : {};
  const run = (plan: Omit<ProcessPlan, 'environment'>): Supervised => {
    stopping.signal.throwIfAborted();
    const supervised = superviseProcess({ ...plan, environment: { ...environment, ...compiled, ...named } }, say);
    running.push(supervised);
    return supervised;
  };

  async function start(): Promise<void> {
    const libraries = readLibraries(settings.schemaFolder);
    say('陇源 Longyuan is starting.');
    openDataFolder(settings.dataDir);
    await refuseTakenPorts(settings, libraries);
    if (needsEmbedded(settings)) {
      const { ready } = run({ name: 'The embedded PostgreSQL', file: 'prisma/store/embedded/main.ts', args: [], nodeOptions: [] });
      await sayWhile(ready, say, 'the embedded PostgreSQL, which is made at the first start');
      say(`  ${seconds()}  the embedded PostgreSQL answers (${settings.dataDir})`);
    }
    const servers = [
      ...(settings.identity.isEmbedded ? [run(identityProvider)] : []),
      run({ name: 'The gateway', file: 'gateway/src/main.ts', args: [], nodeOptions: SERVER_OPTIONS }),
      ...libraries.map(({ name }) =>
        run({
          name: `The library ${name}`,
          file: 'subgraphs/main.ts',
          args: seeded.includes(name) ? [name, '--waits-for-rows'] : [name],
          nodeOptions: SERVER_OPTIONS,
        }),
      ),
    ];
    await sayWhile(
      Promise.all(servers.map(({ ready }) => ready)),
      say,
      `the gateway and ${libraries.length} libraries, which are starting`,
    );
    say(`  ${seconds()}  the gateway and ${libraries.length} libraries listen`);
    await waitForData({ settings, environment, signal: stopping.signal, say });
    say(`  ${seconds()}  every library answers`);
    say(addresses(settings));
    if (!settings.warrantCheck)
      say('\n  HUB_WARRANT_CHECK is off: every library answers whoever calls it on this machine, without a warrant.');
  }

  let stopped: Promise<void> | undefined;
  return {
    started: start(),
    stop: () => {
      stopping.abort();
      stopped ??= stopInTurn(running);
      return stopped;
    },
    pids: () => new Map(running.map((each) => [each.name, each.pid()])),
  };
}

/** The databases were started first and are stopped last, when nobody asks them any more. */
async function stopInTurn(running: readonly Supervised[]): Promise<void> {
  const [first, ...others] = running;
  await Promise.all(others.map((each) => each.stop()));
  await first?.stop();
}

/** A start under way. */
type Start = Readonly<{ settings: Settings; environment: Environment; signal: AbortSignal; say: (line: string) => void }>;

/** Asks the gateway until every library is ready; the first that says it has no data, or half of it, has it made. */
async function waitForData(start: Start): Promise<void> {
  const { settings, signal } = start;
  // Where no data are to be made, a library is waited for whatever it says.
  let made = settings.persons === 0;
  const tell = tellWaiting(start.say);
  for (let attempts = 0; !signal.aborted; await new Promise((wake) => setTimeout(wake, HEALTH_PAUSE_MS))) {
    const health = await askHealth(settings);
    if (health?.ready) return;
    tell(health);
    if (made || !health?.libraries.some((library) => library.state === 'SEEDING')) continue;
    attempts += 1;
    made = await seed(start);
    if (!made && attempts === SEED_ATTEMPTS) throw new Error('The data could not be made; the lines above say why. Start again to go on.');
  }
}

/** Says what is waited for whenever nothing else was said for a while. */
export async function sayWhile(waited: Promise<unknown>, say: (line: string) => void, what: string): Promise<void> {
  const telling = setInterval(() => say(`  waiting for ${what}`), TOLD_EVERY_MS);
  await waited.finally(() => clearInterval(telling));
}

/** Less than the ten seconds in which people begin to wonder. */
const TOLD_EVERY_MS = 8_000;

export type Health = { ready: boolean; libraries: { name: string; state: string }[] };

/** Says what is waited for: when that has not changed for a while, and then again now and then. */
export function tellWaiting(say: (line: string) => void, nowMs = () => performance.now()): (health: Health | null) => void {
  let [waited, sinceMs] = ['', nowMs()];
  return (health) => {
    const late = health?.libraries.filter(({ state }) => state !== 'READY') ?? null;
    const found = late ? late.map(({ name, state }) => `${name} (${WAITING[state] ?? state})`).join(', ') : 'the gateway';
    if (found === waited && nowMs() - sinceMs < TOLD_AFTER_MS) return;
    if (found === waited) say(`  waiting for ${found}`);
    [waited, sinceMs] = [found, nowMs()];
  };
}

const TOLD_AFTER_MS = 10_000;
const WAITING: Readonly<Record<string, string>> = {
  STARTING: 'is starting',
  SEEDING: 'its rows are not complete',
  DOWN: 'cannot use its database, or does not answer; the log says why',
};

async function askHealth(settings: Settings): Promise<Health | null> {
  try {
    const response = await fetch(`http://127.0.0.1:${settings.port}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    // The shape is the contract's; both ends are the hub's own.
    return (await response.json()) as Health;
  } catch {
    return null;
  }
}

/** Makes what data is missing; false when that failed, as when the database went away meanwhile. */
async function seed({ settings, environment, signal, say }: Start): Promise<boolean> {
  say(`  making a country of ${settings.persons.toLocaleString('en')} people (HUB_PERSONS)`);
  const args = ['--missing', '--persons', String(settings.persons)];
  const child = startProcess({ name: 'The seed', file: 'prisma/country/load/main.ts', args, nodeOptions: [], environment });
  signal.addEventListener('abort', () => void stopProcess(child));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return code === 0 || signal.aborted;
}

/** Whether any store, the directory's included, lives in the embedded PostgreSQL. */
function needsEmbedded(settings: Settings): boolean {
  return findLibraries().some(({ name }) => isEmbedded(settings, name));
}

/** @throws Error naming every port that something else holds. */
async function refuseTakenPorts(settings: Settings, libraries: readonly Library[]): Promise<void> {
  const ports = new Map([[settings.port, 'the gateway']]);
  for (const { name, order } of libraries) ports.set(settings.port + order, `the library ${name}`);
  if (needsEmbedded(settings)) ports.set(embeddedAddress(settings).port, 'the embedded PostgreSQL');
  if (settings.identity.isEmbedded) ports.set(Number(new URL(settings.identity.issuer).port), 'the identity provider');
  const taken: string[] = [];
  for (const [port, whose] of ports) {
    if (!(await isFree(port))) taken.push(`  port ${port}, for ${whose}`);
  }
  if (taken.length === 0) return;
  throw new Error(
    `Something else listens where the hub would:\n${taken.join('\n')}\nIs the hub running already? Otherwise set HUB_PORT to move all ports together.`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

function addresses({ port, publicUrl, identity }: Settings): string {
  const hub = `http://localhost:${port}`;
  return [
    '',
    `  ${hub}            the hub's first page`,
    `  ${hub}/graphiql   ask it anything`,
    `  ${hub}/graphql    the address for programs`,
    ...(publicUrl === null ? [] : [`  ${publicUrl}   the address that the world is told (HUB_PUBLIC_URL)`]),
    identity.isEmbedded ? '  npm run -s token -- …            a token to call it with' : `  ${identity.issuer}   whose tokens it believes`,
    '',
    '  Without a token it answers what is open to the public; README.md shows how to ask for more.',
    '  It listens on this machine only. Ctrl-C stops it.',
  ].join('\n');
}
