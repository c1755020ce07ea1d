import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { findHubPort } from './free-ports.ts';

/**
 * `node test/count-files.ts`: the hub's files of which a function runs while a citizen's `person(idNumber)` is answered, gateway and library
 * together, by V8's own coverage. Starts a hub of its own, asks until nothing is worked out anew, and watches the next questions: what runs for
 * each of them counts, and not what the hub does of itself meanwhile. Prints each file and how many there are.
 */
const ROOT = dirname(import.meta.dirname);
const WARM_UP = 100;
const WATCHED = 20;
const PROCESSES = [/gateway\/src\/main\.ts/, /subgraphs\/main\.ts population/];

type Covered = Readonly<{
  result: readonly Readonly<{ url: string; functions: readonly Readonly<{ ranges: readonly { count: number }[] }>[] }>[];
}>;

const port = await findHubPort();
const dataDir = mkdtempSync(join(tmpdir(), 'longyuan-files-'));
const environment = { HUB_PORT: String(port), HUB_DATA_DIR: dataDir, HUB_PERSONS: '300' };
const hub = spawn(process.execPath, [join(ROOT, 'deploy/start.ts')], {
  env: { ...process.env, ...environment, NODE_OPTIONS: '--inspect=127.0.0.1:0' },
  stdio: ['ignore', 'pipe', 'pipe'],
});
try {
  const doors: string[] = [];
  for (const stream of [hub.stdout, hub.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      const [, door] = /^Debugger listening on (ws:\S+)/.exec(line) ?? [];
      if (door) doors.push(door);
    });
  }
  const url = `http://127.0.0.1:${port}`;
  while (!(await isReady(url))) await new Promise((resolve) => setTimeout(resolve, 500));
  const [person] = readWorld().people;
  if (!person) throw new Error('The made-up country has nobody.');
  const token = await askToken(readEnvironment(environment), { kind: 'person', idNumber: person.idNumber });
  const ask = () => askFor(url, token, person.idNumber);
  for (let asked = 0; asked < WARM_UP; asked += 1) await ask();
  // Those that filled the stores have ended.
  const opened = await Promise.allSettled(doors.map(openInspector));
  const inspectors = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  const watched = inspectors.filter(({ command }) => PROCESSES.some((each) => each.test(command)));
  for (const { send } of watched) {
    await send('Profiler.enable');
    await send('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
    // Forgets what ran before.
    await send('Profiler.takePreciseCoverage');
  }
  for (let asked = 0; asked < WATCHED; asked += 1) await ask();
  const files = new Set<string>();
  for (const { send } of watched) {
    const { result } = (await send('Profiler.takePreciseCoverage')) as Covered;
    for (const { url: file, functions } of result) {
      const path = file.startsWith('file://') ? relative(ROOT, fileURLToPath(file)) : 'node_modules';
      const runs = functions.some(({ ranges: [whole] }) => (whole?.count ?? 0) >= WATCHED);
      if (runs && !path.includes('node_modules') && !path.startsWith('..')) files.add(path);
    }
  }
  // A process that is looked into waits to be left alone before it ends.
  for (const { close } of inspectors) close();
  process.stdout.write(`${[...files].sort().join('\n')}\n${files.size} files, of ${watched.length} processes\n`);
} finally {
  hub.kill('SIGTERM');
  await new Promise((resolve) => hub.once('exit', resolve));
  rmSync(dataDir, { recursive: true, force: true });
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/health/ready`).then(
    ({ status }) => status === 200,
    () => false,
  );
}

async function askFor(url: string, token: string, idNumber: string): Promise<void> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: 'query ($idNumber: String!) { person(idNumber: $idNumber) { name phone } }', variables: { idNumber } }),
  });
  const { data, errors } = (await response.json()) as { data?: { person: unknown }; errors?: unknown };
  if (!data?.person || errors) throw new Error(`A citizen is not answered: ${JSON.stringify(errors)}`);
}

/** A process's inspector: what it runs, and how to ask it (Chrome DevTools Protocol). */
async function openInspector(
  door: string,
): Promise<{ command: string; send: (method: string, params?: object) => Promise<unknown>; close: () => void }> {
  const socket = new WebSocket(door);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  const waiting = new Map<number, (result: unknown) => void>();
  socket.addEventListener('message', ({ data }) => {
    const { id, result } = JSON.parse(String(data)) as { id?: number; result?: unknown };
    if (id !== undefined) waiting.get(id)?.(result);
  });
  let last = 0;
  const send = (method: string, params: object = {}): Promise<unknown> =>
    new Promise((resolve) => {
      last += 1;
      waiting.set(last, resolve);
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  const told = (await send('Runtime.evaluate', { expression: 'process.argv.slice(1).join(" ")' })) as { result?: { value?: string } };
  return { command: told.result?.value ?? '', send, close: () => socket.close() };
}
