import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkStoreFiles, tellTrouble } from './check-store-files.ts';

let files = '';
beforeEach(() => {
  files = join(mkdtempSync(join(tmpdir(), 'store-')), 'postgres');
  for (const path of ['PG_VERSION', 'base/1/1259', 'global/pg_control', 'pg_wal/000000010000000000000001', 'pg_xact/0000']) {
    mkdirSync(join(files, path, '..'), { recursive: true });
    writeFileSync(join(files, path), path === 'PG_VERSION' ? '18\n' : 'page');
  }
});
afterEach(() => rmSync(join(files, '..'), { recursive: true }));

/** What a start says of the store, or nothing where it goes on. */
function told(): string | null {
  try {
    checkStoreFiles(files);
    return null;
  } catch (error) {
    return tellTrouble(error, 'F').replaceAll(files, 'F');
  }
}
const MEND = '. Put F back from a back-up (deploy/BACKUP.md), or move it away: then the next start makes an empty one.';

test('a whole store is opened', () => expect(told()).toBe(null));

test.each<[string, () => void, string]>([
  [
    'of another PostgreSQL',
    () => writeFileSync(join(files, 'PG_VERSION'), '15\n'),
    'its files are of PostgreSQL 15, and this hub reads those of 18',
  ],
  ['without its version', () => rmSync(join(files, 'PG_VERSION')), 'F/PG_VERSION is missing'],
  ['without its rows', () => rmSync(join(files, 'base'), { recursive: true }), 'F/base is missing'],
  ['without its log', () => rmSync(join(files, 'pg_wal/000000010000000000000001')), 'its folder pg_wal is empty'],
  [
    'without its control file',
    () => writeFileSync(join(files, 'global/pg_control'), Buffer.alloc(8_192)),
    'its file global/pg_control is damaged',
  ],
  [
    'that is a file',
    () => {
      rmSync(files, { recursive: true });
      writeFileSync(files, '');
    },
    'F is a file',
  ],
])('a store %s is told with what to do, before anything is made over it', (_what, spoil, why) => {
  spoil();
  expect(told()).toBe(`${why}${MEND}`);
});

test('what is not the store’s fault is told as that', () => {
  const coded = (code: string) => Object.assign(new Error(code), { code, path: 'F/base/1' });
  expect(tellTrouble(coded('ENOSPC'), 'F')).toBe('its disk is full. Make room and start again; nothing is lost.');
  expect(tellTrouble(coded('EACCES'), 'F')).toMatch(/^this account may not read or write F\/base\/1\. Give it/);
  expect(tellTrouble(new Error('Aborted(). Build with -sASSERTIONS for more info.'), 'F')).toBe(`its files are damaged${MEND}`);
});
