import { fork } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { checkStoreFiles } from './check-store-files.ts';
import { slimPostgis } from './slim-postgis.ts';

/**
 * Opens the embedded PostgreSQL whose files are in `<dataDir>/postgres`, and makes it first when it is not there, after saying so.
 * The caller holds the folder's lock: two servers on the same files destroy them, and PostgreSQL itself does not notice here.
 * @throws Error that says what is wrong with the files, where that can be seen before PostgreSQL reads them.
 */
export async function openStore(dataDir: string, onMaking: () => void): Promise<PGlite> {
  const files = join(dataDir, 'postgres');
  mkdirSync(dataDir, { recursive: true });
  for (const left of readdirSync(dataDir)) if (left.startsWith('postgres.making')) rmSync(join(dataDir, left), { recursive: true });
  if (!existsSync(files)) {
    onMaking();
    // Made aside and moved when whole, so that a crash in between leaves no half of a store behind.
    const making = join(dataDir, `postgres.making.${process.pid}`);
    await makeStoreAside(making, dataDir);
    renameSync(making, files);
  }
  checkStoreFiles(files);
  return PGlite.create({ dataDir: files, extensions: { postgis: slimPostgis(dataDir) }, startParams });
}

/** An embedded PostgreSQL that lives in memory alone; `cacheFolder` is where the PostGIS it loads is kept. */
export function openStoreInMemory(cacheFolder: string): Promise<PGlite> {
  return PGlite.create({ extensions: { postgis: slimPostgis(cacheFolder) }, startParams });
}

/**
 * PGlite's own, with less memory: the operating system keeps the files' pages as well, so half of the buffers cost little.
 * Durability stays as it is: a row is in the operating system's hands before it is acknowledged, and outlives kill -9.
 */
const startParams = [
  ...PGlite.defaultStartParams,
  ...['shared_buffers=64MB', 'maintenance_work_mem=32MB', 'max_wal_size=256MB', 'max_stack_depth=512kB'].flatMap((set) => ['-c', set]),
];

/** In a process of its own, because the 300 MB that initdb and making PostGIS take are given back only when their process ends. */
function makeStoreAside(folder: string, cacheFolder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'make-store.ts'), [folder, cacheFolder]);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`Making the embedded PostgreSQL ended with ${signal ?? `code ${code}`}`));
    });
  });
}
