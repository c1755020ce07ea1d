import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { libraryNamed } from '@longyuan/schema/src/read-libraries.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { afterAll, afterEach, expect, test } from 'vitest';
import { askWell, until } from '../ask.ts';
import { findHubPort } from '../free-ports.ts';

const PERSONS = 3_000;
const folders: string[] = [];
const started: ChildProcess[] = [];

afterEach(async () => {
  for (const hub of started.splice(0)) await end(hub, 'SIGTERM');
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** `npm start` without npm: a process of its own, and what it prints. */
function startAlone(dataDir: string, port: number) {
  const hub = spawn(process.execPath, ['deploy/start.ts'], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, HUB_PORT: String(port), HUB_DATA_DIR: dataDir, HUB_PERSONS: String(PERSONS), HUB_LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(hub);
  const printed = { text: '' };
  for (const stream of [hub.stdout, hub.stderr]) stream.on('data', (piece: Buffer) => (printed.text += piece.toString()));
  return { hub, printed };
}

async function end(hub: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hub.exitCode !== null || hub.signalCode !== null) return;
  const gone = new Promise((resolve) => hub.once('exit', resolve));
  hub.kill(signal);
  await gone;
}

const isReady = (port: number) => async () => {
  const response = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null);
  return response?.status === 200;
};

async function expectWholeCountry(port: number, dataDir: string): Promise<void> {
  const { uscc } = libraryNamed('population');
  const settings = readEnvironment({ HUB_PORT: String(port), HUB_DATA_DIR: dataDir });
  const token = await askToken(settings, { kind: 'department', uscc, role: 'developer', region: null });
  const hub = { url: `http://127.0.0.1:${port}`, token };
  const { searchPersons, searchLegalEntities } = await askWell(hub, '{ searchPersons { total } searchLegalEntities { total } }');
  expect(searchPersons.total).toBe(PERSONS);
  expect(searchLegalEntities.total).toBeGreaterThan(PERSONS * 0.05);
}

async function openFolder() {
  const dataDir = mkdtempSync(join(tmpdir(), 'longyuan-crash-'));
  folders.push(dataDir);
  return { dataDir, port: await findHubPort() };
}

test('npm start ended by kill -9 in the middle of seeding: the next start starts over, says so, and the country is whole', async () => {
  const { dataDir, port } = await openFolder();
  const first = startAlone(dataDir, port);
  await until('seeding is under way', 90_000, async () => /rows/.test(first.printed.text));
  await end(first.hub, 'SIGKILL');

  const second = startAlone(dataDir, port);
  await until('the second start is ready', 120_000, isReady(port));
  expect(second.printed.text).toMatch(/starting over/);
  await expectWholeCountry(port, dataDir);
});

test('the embedded database ended by kill -9 in the middle of seeding: the next start starts over, says so, and the country is whole', async () => {
  const { dataDir, port } = await openFolder();
  const first = startAlone(dataDir, port);
  await until('seeding is under way', 90_000, async () => /rows/.test(first.printed.text));
  const [pid] = /\d+/.exec(readFileSync(join(dataDir, 'lock'), 'utf8')) ?? [];
  process.kill(Number(pid), 'SIGKILL');
  await until('the first start gives up or mends itself', 90_000, async () => first.hub.exitCode !== null || (await isReady(port)()));
  await end(first.hub, 'SIGKILL');

  const second = startAlone(dataDir, port);
  await until('the second start is ready', 120_000, isReady(port));
  expect(first.printed.text + second.printed.text).toMatch(/starting over/);
  await expectWholeCountry(port, dataDir);
});

test('a second hub on the same folder is refused with what to do, and the first goes on', async () => {
  const { dataDir, port } = await openFolder();
  startAlone(dataDir, port);
  await until('the first is ready', 120_000, isReady(port));
  const second = startAlone(dataDir, await findHubPort());
  await until('the second is refused', 30_000, async () => second.hub.exitCode !== null);
  expect(second.hub.exitCode).toBe(1);
  expect(second.printed.text).toMatch(/already|in use|holds/i);
  await expectWholeCountry(port, dataDir);
});
