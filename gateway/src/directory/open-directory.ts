import { outsideCalls } from '@longyuan/prisma/store/connect/call.ts';
import { isEmbedded } from '@longyuan/prisma/store/connect/database-url.ts';
import { lookAtStore } from '@longyuan/prisma/store/connect/look-at-store.ts';
import { makePool, openPool } from '@longyuan/prisma/store/connect/open-pool.ts';
import { StoreRefused, type StoreState, watchStore } from '@longyuan/prisma/store/connect/watch-store.ts';
import { applyMigrations } from '@longyuan/prisma/store/migrate/apply-migrations.ts';
import { openLibraryFolder } from '@longyuan/prisma/store/migrate/find-libraries.ts';
import { type DirectorySubgraph, readDirectorySubgraph } from '@longyuan/schema/src/directory-subgraph.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { type Purposes, UNNAMED_PURPOSES } from '@longyuan/settings/purposes.ts';
import type { Pool } from 'pg';
import type { LibrarySource } from '../library-source.ts';
import { openCodeTables } from './code-tables.ts';
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
  state(): Exclude<StoreState, 'SEEDING'>;
  close(): Promise<void>;
}>;

/**
 * Opens the directory without waiting for its database: that is brought up, and what is on the hub written into it, as soon as it can be
 * reached, and again after it was gone. Until then the directory's fields are LIBRARY_UNAVAILABLE.
 */
export function openDirectory(parts: {
  settings: Settings;
  log: Logger;
  libraries: readonly Library[];
  purposes?: Purposes;
}): DirectoryService {
  const { settings, log, purposes = UNNAMED_PURPOSES } = parts;
  const subgraph = readDirectorySubgraph();
  const closing = new AbortController();
  const entries = entriesOfHub(parts.libraries);
  const openPool = (databaseConnections: number): Pool => {
    const opened = makePool({
      ...{ settings: { ...settings, databaseConnections }, library: 'directory', log },
      statementTimeoutMs: settings.libraryTimeoutMs,
    });
    if (!isEmbedded(settings, 'directory')) preferIndexes(opened);
    return opened;
  };
  const [pool, firstPool] = [openPool(settings.databaseConnections), openPool(FIRST_CONNECTIONS)];
  const look = lookAtStore(pool, 'directory');
  // Nothing here may end the gateway: the libraries answer without their directory.
  const watched = watchStore({
    prepare: () => prepareStore(settings, log, entries),
    look: async () => {
      await look();
      return 'READY';
    },
    onUp: async () => log.info({ resources: entries.length }, 'the directory answers'),
    endsRefused: false,
    log: log.child({ library: 'directory' }),
    intervalMs: settings.healthIntervalMs,
    signal: closing.signal,
  });
  // It has no rows to wait for.
  const state = () => watched.state() as Exclude<StoreState, 'SEEDING'>;
  const storeOver = (own: Pool, places: number) =>
    openDirectoryStore({
      places,
      poolNow: () => (watched.state() === 'READY' ? own : null),
      timeoutMs: settings.libraryTimeoutMs,
      onTrouble: watched.doubt,
    });
  const store = storeOver(pool, settings.databaseConnections);
  const first = storeOver(firstPool, FIRST_CONNECTIONS);
  // What is looked up for one caller others wait for as well.
  const askFirst: DirectoryStore['ask'] = (sql, values) => outsideCalls(() => first.ask(sql, values));
  const close = async (): Promise<void> => {
    if (closing.signal.aborted) return;
    closing.abort();
    await Promise.all([pool.end(), firstPool.end()]);
  };
  return {
    subgraph,
    source: {
      ...openDirectorySource({ subgraph, store, codeTables: openCodeTables(parts.libraries), purposes, log, limits: settings }),
      close,
    },
    store,
    askFirst,
    state,
    close,
  };
}

/** Connections of what requests wait for before they are answered. */
const FIRST_CONNECTIONS = 2;

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
  if (migrated.kind === 'refused') throw new StoreRefused(migrated.reason);
}
