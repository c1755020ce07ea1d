import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { identifyProcess } from './identify-process.ts';
import { lockFolder } from './lock-folder.ts';

const folders = mkdtempSync(join(tmpdir(), 'lock-'));
afterAll(() => rmSync(folders, { recursive: true }));
const newFolder = (): string => mkdtempSync(join(folders, 'folder-'));

/** Another process that locks the folder and keeps it until it is killed. Says `held` or `refused`. */
async function lockElsewhere(folder: string): Promise<Readonly<{ child: ChildProcess; kind: string }>> {
  const program = `
    import { lockFolder } from ${JSON.stringify(join(import.meta.dirname, 'lock-folder.ts'))};
    console.log((await lockFolder(${JSON.stringify(folder)}, 0)).kind);
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = await once(child.stdout, 'data');
  return { child, kind: String(said).trim() };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

test('a folder that another process holds is refused and says which one', async () => {
  const folder = newFolder();
  const { child } = await lockElsewhere(folder);
  expect(await lockFolder(folder, 0)).toEqual({ kind: 'refused', holder: child.pid });
  await kill(child);
});

test('the lock of a process that was killed is taken over, and released for the next', async () => {
  const folder = newFolder();
  const { child, kind } = await lockElsewhere(folder);
  expect(kind).toBe('held');
  await kill(child);
  const lock = await lockFolder(folder, 0);
  if (lock.kind === 'refused') throw new Error('a stale lock was heeded');
  expect(JSON.parse(readFileSync(join(folder, 'lock'), 'utf8'))).toEqual({ pid: process.pid, began: identifyProcess(process.pid) });
  lock.release();
  expect(readdirSync(folder)).toEqual([]);
});

test('a process that has got the id of a dead holder does not keep its lock', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'lock'), JSON.stringify({ pid: process.ppid, began: 'another boot 12345' }));
  expect(await lockFolder(folder, 0)).toMatchObject({ kind: 'held' });
});

test('a lock that a full disk cut short is taken over', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'lock'), '{"pid": 1');
  expect(await lockFolder(folder, 0)).toMatchObject({ kind: 'held' });
});

test('of several processes that find a stale lock, one gets it', async () => {
  const folder = newFolder();
  const first = await lockElsewhere(folder);
  await kill(first.child);
  const contenders = await Promise.all(Array.from({ length: 4 }, () => lockElsewhere(folder)));
  expect(contenders.map((contender) => contender.kind).sort()).toEqual(['held', 'refused', 'refused', 'refused']);
  await Promise.all(contenders.map((contender) => kill(contender.child)));
});
