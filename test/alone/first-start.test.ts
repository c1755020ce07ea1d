import { type ChildProcess, spawn } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ask, until } from '../ask.ts';
import { findHubPort } from '../free-ports.ts';
import { openDatabase } from '../open-database.ts';

const folder = mkdtempSync(join(tmpdir(), 'longyuan-first-'));
const dataDir = join(folder, 'data');
const port = await findHubPort();
let hub: ChildProcess | null = null;
let printed = '';

/** `npm start` without npm, with the rights that a shell gives to files on most machines. */
async function start(): Promise<void> {
  hub = spawn('/bin/sh', ['-c', 'umask 022; exec "$0" deploy/start.ts', process.execPath], {
    cwd: join(import.meta.dirname, '../..'),
    env: { ...process.env, HUB_PORT: String(port), HUB_DATA_DIR: dataDir, HUB_PERSONS: '600', HUB_LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [hub.stdout, hub.stderr]) stream?.on('data', (piece: Buffer) => (printed += piece.toString()));
  await until('the hub is ready', 200_000, async () => {
    const response = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => null);
    return response?.status === 200;
  });
}

async function end(): Promise<void> {
  const ended = hub;
  hub = null;
  if (ended === null || ended.exitCode !== null || ended.signalCode !== null) return;
  const gone = new Promise((resolve) => ended.once('exit', resolve));
  ended.kill('SIGTERM');
  await gone;
}

afterAll(async () => {
  await end();
  rmSync(folder, { recursive: true });
});

function openToOthers(path: string): string[] {
  const stats = lstatSync(path);
  const inside = stats.isDirectory() ? readdirSync(path).flatMap((name) => openToOthers(join(path, name))) : [];
  return (stats.mode & 0o077) === 0 ? inside : [path, ...inside];
}

/** Asks the store of the library `population` as the account does that owns this data folder. */
async function askStore(sql: string, account = dataDir): Promise<readonly unknown[]> {
  const environment = { HUB_PORT: String(port), HUB_DATA_DIR: account, HUB_LOG_LEVEL: 'silent' };
  const database = await openDatabase({ environment }, 'population');
  try {
    return await database.rows(sql);
  } finally {
    await database.close();
  }
}

test('a first start asks for nothing that is not there yet, and leaves nothing open to other accounts of the machine', async () => {
  await start();
  expect(openToOthers(dataDir)).toEqual([]);
  await expect(askStore('SELECT 1', join(folder, 'of a stranger'))).rejects.toMatchObject({ code: '28P01' });
  await end();
  expect(printed.match(/"failedStatements":\d+/g)).toEqual(['"failedStatements":0']);
});

test('an embedded PostgreSQL that ends is there again by itself, and so is the hub, with every row', async () => {
  await start();
  const divisions = async () => JSON.stringify(await ask({ url: `http://127.0.0.1:${port}` }, '{ divisions(level: 3) { code name } }'));
  const before = await divisions();
  expect(before).toContain('"status":200');
  await askStore('CREATE TABLE public.receipt AS SELECT number FROM generate_series(1, 500) AS number');
  const holder = () => JSON.parse(readFileSync(join(dataDir, 'lock'), 'utf8')).pid;
  const first = holder();
  // No stack is deep enough for it, and PostgreSQL does not look.
  await expect(askStore("SELECT repeat('[', 5000000)::json")).rejects.toThrow();
  await until('the store is served again', 100_000, async () => {
    const rows = await askStore('SELECT count(*)::int AS rows FROM public.receipt').catch(() => null);
    return JSON.stringify(rows) === '[{"rows":500}]';
  });
  expect(holder()).not.toBe(first);
  await until('the hub answers as before', 60_000, async () => (await divisions()) === before);
});
