import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Of the PostgreSQL that PGlite is; a folder of another one's cannot be read. */
const VERSION = '18';
/** What no store is without, and nobody finds out gently: PGlite makes a new store over files without a PG_VERSION, and waits for others for ever. */
const FOLDERS = ['base', 'global', 'pg_wal', 'pg_xact'];

/** @throws Error that says what is missing or damaged in the files of a store, before PostgreSQL looks at them. */
export function checkStoreFiles(files: string): void {
  if (!statSync(files).isDirectory()) throw new Error(`${files} is a file`);
  const version = readFileSync(join(files, 'PG_VERSION'), 'utf8').trim();
  if (version !== VERSION)
    throw new Error(`its files are of PostgreSQL ${version || 'an unknown version'}, and this hub reads those of ${VERSION}`);
  for (const folder of FOLDERS) {
    if (readdirSync(join(files, folder)).length === 0) throw new Error(`its folder ${folder} is empty`);
  }
  if (!readFileSync(join(files, 'global/pg_control')).some((byte) => byte !== 0)) throw new Error('its file global/pg_control is damaged');
}

/** Why a store could not be opened and what to do, for people. */
export function tellTrouble(error: unknown, files: string): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const path = error instanceof Error && 'path' in error ? String(error.path) : files;
  if (code === 'ENOSPC') return 'its disk is full. Make room and start again; nothing is lost.';
  if (code === 'EACCES' || code === 'EPERM')
    return `this account may not read or write ${path}. Give it to the account of the hub (chown -R) and start again.`;
  if (code === 'EROFS') return 'its disk is read-only. Mount it for writing and start again.';
  const message = error instanceof Error ? error.message : String(error);
  const why =
    code === 'ENOENT' || code === 'ENOTDIR' ? `${path} is missing` : SAID_BY_PGLITE.test(message) ? 'its files are damaged' : message;
  return `${why}. Put ${files} back from a back-up (deploy/BACKUP.md), or move it away: then the next start makes an empty one.`;
}

/** What a WebAssembly that ended says of it tells people nothing. */
const SAID_BY_PGLITE = /Aborted|failed to initialize|unreachable|exit\(\d+\)|RuntimeError/;
