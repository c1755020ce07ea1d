import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'embedded-'));
const port = await findFreePort();
const url = () => `postgresql://longyuan:${readFileSync(join(folder, 'keys/postgres.secret'), 'utf8')}@127.0.0.1:${port}/any`;
const children = new Set<ChildProcess>();

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Starts the process as its supervisor does, and waits for what it says first. */
async function start(): Promise<Readonly<{ child: ChildProcess; said: unknown }>> {
  const child = fork(join(import.meta.dirname, 'main.ts'), [], {
    env: { PATH: process.env['PATH'], HUB_PORT: String(port - 21), HUB_DATA_DIR: folder, HUB_LOG_LEVEL: 'silent' },
  });
  children.add(child);
  const [said] = await once(child, 'message');
  return { child, said };
}

async function endOf(child: ChildProcess): Promise<readonly unknown[]> {
  const [code, signal] = await once(child, 'exit');
  children.delete(child);
  return [code, signal];
}

async function ask(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url() });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Writes rows one by one until the server is gone, and has it killed in the middle; returns the last one acknowledged. */
async function writeUntilKilled(kill: () => void): Promise<number> {
  const client = new pg.Client({ connectionString: url() });
  client.on('error', () => {});
  await client.connect();
  let acknowledged = 0;
  try {
    while (true) {
      await client.query('INSERT INTO receipt VALUES ($1)', [acknowledged + 1]);
      acknowledged++;
      // The next ones are under way by then.
      if (acknowledged === 50) setImmediate(kill);
    }
  } catch {
    return acknowledged;
  }
}

test('one store, one server: it survives kill -9 with every acknowledged row, and closes by itself when its supervisor is gone', async () => {
  const first = await start();
  expect(first.said).toEqual({ kind: 'ready' });
  expect(await ask('SHOW server_version_num')).toMatchObject([{ server_version_num: expect.stringMatching(/^18/) }]);
  await ask('CREATE TABLE receipt (number int PRIMARY KEY)');

  // A second server on the same files would destroy them.
  const second = await start();
  expect(second.said).toMatchObject({ kind: 'refused', reason: expect.stringContaining(`process ${first.child.pid}`) });
  expect(await endOf(second.child)).toEqual([1, null]);

  const writing = writeUntilKilled(() => void first.child.kill('SIGKILL'));
  await endOf(first.child);
  const acknowledged = await writing;
  expect(acknowledged).toBeGreaterThanOrEqual(50);

  const third = await start();
  expect(third.said).toEqual({ kind: 'ready' });
  const [row] = await ask('SELECT count(*)::int AS rows, max(number)::int AS last FROM receipt');
  // One more may be there: written, but killed before it was said.
  expect([acknowledged, acknowledged + 1]).toContain((row as { last: number }).last);
  expect(row).toMatchObject({ rows: (row as { last: number }).last });

  third.child.disconnect();
  expect(await endOf(third.child)).toEqual([0, null]);
  expect(readdirSync(folder)).not.toContain('lock');
});

/** Files and folders of the data folder that another account could read, by their paths. */
function open(path = folder): string[] {
  const stats = lstatSync(path);
  const inside = stats.isDirectory() ? readdirSync(path).flatMap((name) => open(join(path, name))) : [];
  return (stats.mode & 0o077) === 0 ? inside : [path, ...inside];
}

test('nobody else reads the data folder, and an older one is closed to others and gets a password', async () => {
  const first = await start();
  await ask('CREATE TABLE census AS SELECT number FROM generate_series(1, 1000) AS number');
  expect(open()).toEqual([]);
  first.child.disconnect();
  await endOf(first.child);

  // As an older hub left it.
  const everything = readdirSync(folder, { recursive: true, withFileTypes: true });
  for (const each of everything) chmodSync(join(each.parentPath, each.name), each.isDirectory() ? 0o755 : 0o644);
  chmodSync(folder, 0o755);
  for (const name of ['keys', 'keys.made']) rmSync(join(folder, name), { recursive: true });
  const second = await start();
  expect(second.said).toEqual({ kind: 'ready' });
  expect(open()).toEqual([]);
  expect(await ask('SELECT count(*)::int AS rows FROM census')).toEqual([{ rows: 1000 }]);
  const stranger = new pg.Client({ connectionString: url().replace(/:[^:@]*@/, ':guessed@') });
  await expect(stranger.connect()).rejects.toMatchObject({ code: '28P01' });
  second.child.disconnect();
  await endOf(second.child);
});

test('what goes too deep is refused as PostgreSQL refuses it; what ends PostgreSQL ends the process, and the next has every row', async () => {
  const first = await start();
  await ask('CREATE TABLE deed (number int); INSERT INTO deed VALUES (1)');
  await ask(`CREATE FUNCTION down(n int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN down(n + 1); END'`);
  await ask(`CREATE FUNCTION under(n int) RETURNS int LANGUAGE sql AS 'SELECT under($1 + 1)'`);
  const tooDeep = ['SELECT down(1)', 'SELECT under(1)', `SELECT 1${'+1'.repeat(20_000)}`];
  for (let turn = 0; turn < 3; turn++) for (const sql of tooDeep) await expect(ask(sql)).rejects.toMatchObject({ code: '54001' });
  await expect(ask(`SELECT '${'['.repeat(100_000)}'::jsonb`)).rejects.toMatchObject({ code: '22P02' });
  expect(await ask('SELECT number FROM deed')).toEqual([{ number: 1 }]);

  const ended = endOf(first.child);
  // Of no statement that PostgreSQL looks at the depth of: what it recurses here it bounds by nothing, and no stack is so deep.
  await expect(ask("SELECT repeat('[', 5000000)::json")).rejects.toThrow();
  expect(await ended).toEqual([1, null]);
  const second = await start();
  expect(await ask('SELECT number FROM deed')).toEqual([{ number: 1 }]);
  second.child.disconnect();
  await endOf(second.child);
});
