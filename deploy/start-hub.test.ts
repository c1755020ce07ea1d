import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { sayWhile, tellWaiting } from './start-hub.ts';

test('npm start says what it waits for after ten seconds of the same, and every ten seconds from then on', () => {
  const said: string[] = [];
  let nowMs = 0;
  const tell = tellWaiting(
    (line) => said.push(line),
    () => nowMs,
  );
  const health = (credit: string) => ({
    ready: false,
    libraries: [
      { name: 'population', state: 'READY' },
      { name: 'credit', state: credit },
    ],
  });
  for (; nowMs < 12_000; nowMs += 250) tell(health('STARTING'));
  expect(said).toEqual(['  waiting for credit (is starting)']);
  for (; nowMs < 35_000; nowMs += 250) tell(health('DOWN'));
  expect(said.slice(1)).toEqual(Array(2).fill('  waiting for credit (cannot use its database, or does not answer; the log says why)'));
  for (; nowMs < 50_000; nowMs += 250) tell(null);
  expect(said.at(-1)).toBe('  waiting for the gateway');
});

test('SDL that cannot be read ends npm start at once: a line that says where, no stack, and nothing is made', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longyuan-start-'));
  const [schema, dataDir] = [join(folder, 'schema'), join(folder, 'data')];
  mkdirSync(schema);
  writeFileSync(join(schema, 'credit.graphql'), 'type Query {\n  penalties: [\n}\n');
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(import.meta.dirname, 'start.ts')], {
    encoding: 'utf8',
    env: { ...process.env, HUB_SCHEMA_DIR: schema, HUB_DATA_DIR: dataDir },
  });
  expect([status, stdout, stderr]).toEqual([1, '', 'schema/libraries/credit.graphql:3:1: is no SDL: Expected Name, found "}".\n']);
  expect(existsSync(dataDir)).toBe(false);
  rmSync(folder, { recursive: true });
});

test('whatever a start waits for is said before ten seconds of silence, and no more once it is there', async () => {
  vi.useFakeTimers();
  const said: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const waiting = sayWhile(promise, (line) => said.push(line), 'the embedded PostgreSQL');
  await vi.advanceTimersByTimeAsync(9_999);
  expect(said).toEqual(['  waiting for the embedded PostgreSQL']);
  resolve();
  await waiting;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said).toHaveLength(1);
  vi.useRealTimers();
});
