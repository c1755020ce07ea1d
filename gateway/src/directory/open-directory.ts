import { setTimeout as wait } from 'node:timers/promises';
import { isEmbedded } from '@longyuan/prisma/connect/database-url.ts';
import { openPool } from '@longyuan/prisma/connect/open-pool.ts';
import { applyMigrations } from '@longyuan/prisma/migrate/apply-migrations.ts';
import { openLibraryFolder } from '@longyuan/prisma/migrate/find-libraries.ts';
import { type DirectorySubgraph, readDirectorySubgraph } from '@longyuan/schema/src/directory-subgraph.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { Pool } from 'pg';
import type { LibrarySource } from '../library-source.ts';
import { openDirectorySource } from './directory-source.ts';
import { type DirectoryStore, openDirectoryStore, preferIndexes } from './directory-store.ts';
import { entriesOfHub } from './entries-of-hub.ts';
import type { Entry } from './entry.ts';
import { storeEntries } from './store-entries.ts';

/** The directory as the gateway holds it: what is composed, who answers it, and whether it can. */
export type DirectoryService = Readonly<{
  subgraph: DirectorySubgraph;
  source: LibrarySource;
  store: DirectoryStore;
  /** As `store.ask`, over connections of its own: what a request waits for before it is answered does not wait for what others look for. */
  askFirst: DirectoryStore['ask'];
  /** READY once its store is brought up and holds what is on the hub. */
  state(): 'STARTING' | 'READY';
  close(): Promise<void>;
}>;

/**
 * Opens the directory without waiting for its database: that is brought up, and what is on the hub written into it, as soon as it can be
 * reached, and again after it was gone. Until then the directory's fields are LIBRARY_UNAVAILABLE.
 */
export function openDirectory(parts: { settings: Settings; log: Logger; libraries: readonly Library[] }): DirectoryService {
  const { settings, log } = parts;
  const subgraph = readDirectorySubgraph();
  const closing = new AbortController();
  const entries = entriesOfHub(parts.libraries);
  let pool: Pool | null = null;
  let firstPool: Pool | null = null;
  let state: 'STARTING' | 'READY' = 'STARTING';
  let bringingUp: Promise<void> | null = null;

  async function bringUp(): Promise<void> {
    for (let told = ''; !closing.signal.aborted; ) {
      try {
        await prepareStore(settings, log, entries);
        pool ??= await openDirectoryPool(settings, log);
        firstPool ??= await openDirectoryPool({ ...settings, databaseConnections: FIRST_CONNECTIONS }, log);
        state = 'READY';
        log.info({ resources: entries.length }, 'the directory answers');
        return;
      } catch (error) {
        // Nothing here may end the gateway: the libraries answer without their directory.
        const message = error instanceof Error ? error.message : String(error);
        if (message !== told) log.warn({ err: error }, 'the directory cannot be brought up; it is tried again');
        told = message;
      }
      await wait(settings.healthIntervalMs, undefined, { signal: closing.signal }).catch(() => {});
    }
  }
  function bringUpOnce(): void {
    bringingUp ??= bringUp().finally(() => {
      bringingUp = null;
    });
  }

  const onGone = (): void => {
    state = 'STARTING';
    if (!closing.signal.aborted) bringUpOnce();
  };
  const way = { timeoutMs: settings.libraryTimeoutMs, onGone };
  const store = openDirectoryStore({ ...way, poolNow: () => pool });
  const { ask: askFirst } = openDirectoryStore({ ...way, poolNow: () => firstPool });
  const close = async (): Promise<void> => {
    closing.abort();
    await bringingUp;
    const open = [pool, firstPool];
    [pool, firstPool] = [null, null];
    await Promise.all(open.map((each) => each?.end()));
  };
  bringUpOnce();
  return {
    subgraph,
    source: { ...openDirectorySource({ subgraph, store, log, limits: settings }), close },
    store,
    askFirst,
    state: () => state,
    close,
  };
}

/** Connections of what requests wait for before they are answered. */
const FIRST_CONNECTIONS = 2;

async function openDirectoryPool(settings: Settings, log: Logger): Promise<Pool> {
  const pool = await openPool({ settings, library: 'directory', log, statementTimeoutMs: settings.libraryTimeoutMs });
  if (!isEmbedded(settings, 'directory')) preferIndexes(pool);
  return pool;
}

/**
 * Applies the migrations of the directory and writes what is on the hub into it.
 * @throws Error where the store was made by a newer version of the hub, and what the database says.
 */
async function prepareStore(settings: Settings, log: Logger, entries: readonly Entry[]): Promise<void> {
  const pool = await openPool({ settings, library: 'directory', log, statementTimeoutMs: 0 });
  try {
    await bringUpDirectory(pool);
    const stored = await storeEntries(pool, { origin: 'HUB', entries, providers: null });
    if (stored.kind === 'refused') throw new Error('The directory refused what is on the hub.');
    const { listed, changed, withdrawn } = stored;
    if (listed + changed + withdrawn > 0) log.info({ listed, changed, withdrawn }, 'the directory was brought to what is on the hub');
  } finally {
    await pool.end();
  }
}

/** Applies the migrations of the directory. @throws Error where the store was made by a newer version of the hub. */
export async function bringUpDirectory(pool: Pool): Promise<void> {
  const migrated = await applyMigrations(openLibraryFolder('directory'), pool);
  if (migrated.kind === 'refused') throw new Error(migrated.reason);
}
