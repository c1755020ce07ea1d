import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { identifyProcess } from './identify-process.ts';

/** A folder that is ours until released, or whose it is. */
export type FolderLock = Readonly<{ kind: 'held'; release(): void }> | Readonly<{ kind: 'refused'; holder: number }>;

/** Which process holds the lock: its id, and when it began, since ids are used again. */
type Holder = Readonly<{ pid: number; began: string }>;

/**
 * Locks a folder for this process with a file `lock` in it. A lock whose process is gone, as after kill -9, is taken over.
 * @param patienceMs how long to wait for a holder that may be about to close, as the database does when its supervisor was killed.
 */
export async function lockFolder(folder: string, patienceMs: number): Promise<FolderLock> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'lock');
  const began = identifyProcess(process.pid);
  if (began === null) throw new Error('This process cannot be found among the processes');
  const ours = JSON.stringify({ pid: process.pid, began } satisfies Holder);
  const deadline = Date.now() + patienceMs;
  let hasTakenAway = false;
  while (true) {
    if (createWhole(file, ours)) {
      // Another process may have taken the same stale lock away; by now it has done with ours whatever it does.
      if (hasTakenAway) await wait(100);
      if (readIfThere(file) === ours) return { kind: 'held', release: () => release(file, ours) };
    }
    const text = readIfThere(file);
    if (text === null) continue;
    const holder = parseHolder(text);
    if (holder === null || identifyProcess(holder.pid) !== holder.began) {
      takeAway(file, text);
      hasTakenAway = true;
      continue;
    }
    if (Date.now() >= deadline) return { kind: 'refused', holder: holder.pid };
    await wait(50);
  }
}

/** Links a whole file into place, so that nobody reads half of it and only one of many succeeds. */
function createWhole(file: string, text: string): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, text);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(draft);
  }
}

/** Removes a stale lock. Should another process have replaced it in between, its lock is put back. */
function takeAway(file: string, stale: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return;
    throw error;
  }
  if (readFileSync(aside, 'utf8') !== stale) createWhole(file, readFileSync(aside, 'utf8'));
  rmSync(aside);
}

function release(file: string, ours: string): void {
  if (readIfThere(file) === ours) rmSync(file);
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return null;
    throw error;
  }
}

function parseHolder(text: string): Holder | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('began' in value)) return null;
    return typeof value.pid === 'number' && typeof value.began === 'string' ? { pid: value.pid, began: value.began } : null;
  } catch {
    // Not a lock of ours, or one that a full disk cut short: nobody holds it.
    return null;
  }
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
