import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import type { HubStores } from '@longyuan/inner/hub-stores.ts';
import type { InnerSubgraph } from '@longyuan/inner/inner-subgraph.ts';
import { outsideCalls } from '@longyuan/prisma/store/connect/call.ts';
import { isEmbedded } from '@longyuan/prisma/store/connect/database-url.ts';
import { lookAtStore } from '@longyuan/prisma/store/connect/look-at-store.ts';
import { makePool, openPool } from '@longyuan/prisma/store/connect/open-pool.ts';
import { StoreRefused, watchStore } from '@longyuan/prisma/store/connect/watch-store.ts';
import { applyMigrations } from '@longyuan/prisma/store/migrate/apply-migrations.ts';
import { openLibraryFolder } from '@longyuan/prisma/store/migrate/find-libraries.ts';
import { readArgumentFormats } from '@longyuan/schema/src/argument-formats.ts';
import { readDirectorySubgraph } from '@longyuan/schema/src/directory-subgraph.ts';
import { readDirectory } from '@longyuan/schema/src/read-directory.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { type Purposes, UNNAMED_PURPOSES } from '@longyuan/settings/purposes.ts';
import type { Pool } from 'pg';
import { answerDirectory } from './answer-directory.ts';
import { exportCoverage } from './coverage/export-coverage.ts';
import { keepCoverage } from './coverage/keep-coverage.ts';
import { readConfirmed } from './coverage/library-holdings.ts';
import { readCoverage } from './coverage/read-coverage.ts';
import { openCodeTables } from './entries/code-tables.ts';
import { openDirectoryStore, preferIndexes } from './entries/directory-store.ts';
import { entriesOfHub } from './entries/entries-of-hub.ts';
import type { Entry } from './entries/entry.ts';
import { storeEntries } from './entries/store-entries.ts';
import { openGrantDesk } from './grants/grant-desk.ts';
import { makeReadyOperations } from './operations/ready-operations.ts';
import { openQuality } from './quality/open-quality.ts';
import { storeUses } from './use/store-uses.ts';
import { storedQuotas } from './use/stored-quotas.ts';

/** The directory, and what else the hub has it keep. */
export type Directory = InnerSubgraph & Readonly<{ stores: HubStores }>;

/**
 * Opens the directory without waiting for its database: that is brought up, and what is on the hub written into it, as soon as it can be
 * reached, and again after it was gone. Until then the directory's fields are LIBRARY_UNAVAILABLE.
 */
export function openDirectory(parts: { settings: Settings; log: Logger; libraries: readonly Library[]; purposes?: Purposes }): Directory {
  const { settings, log, libraries, purposes = UNNAMED_PURPOSES } = parts;
  const subgraph = readDirectorySubgraph();
  const closing = new AbortController();
  const entries = entriesOfHub(libraries);
  const poolOf = (databaseConnections: number): Pool => {
    const opened = makePool({
      ...{ settings: { ...settings, databaseConnections }, library: 'directory', log },
      statementTimeoutMs: settings.libraryTimeoutMs,
    });
    if (!isEmbedded(settings, 'directory')) preferIndexes(opened);
    return opened;
  };
  const [pool, firstPool] = [poolOf(settings.databaseConnections), poolOf(FIRST_CONNECTIONS)];
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
  const isUp = () => watched.state() === 'READY';
  const storeOver = (own: Pool, places: number) =>
    openDirectoryStore({
      places,
      poolNow: () => (isUp() ? own : null),
      timeoutMs: settings.libraryTimeoutMs,
      onTrouble: watched.doubt,
    });
  const store = storeOver(pool, settings.databaseConnections);
  const first = storeOver(firstPool, FIRST_CONNECTIONS);
  let coverage: ReturnType<typeof keepCoverage> | null = null;
  return {
    subgraph,
    stores: {
      // Over connections of its own, because a request waits for it before it is answered; and what is looked up for one caller others wait for as well.
      quotas: storedQuotas((sql, values) => outsideCalls(() => first.ask(sql, values))),
      async storeUses(counted) {
        await storeUses(store.ask, counted);
        coverage?.nudge();
      },
      readConfirmed: () => readConfirmed(store.ask),
    },
    mount(hub) {
      const facts = readSharingFacts(libraries);
      const quality = openQuality({ libraries, facts, log, ask: store.ask, hub, intervalHours: settings.qualityIntervalHours });
      coverage = keepCoverage({ libraries, ask: store.ask, isUp, hub, log });
      const libraryOf = new Map(entries.map(({ code, library }) => [code, library ?? undefined]));
      const answer = answerDirectory({
        ...{ subgraph, store, purposes, quality, maxValues: settings.maxValues, log },
        codeTables: openCodeTables(libraries),
        operationsFor: makeReadyOperations({
          ...{ resources: readDirectory(libraries).resources, facts: readAccessFacts(facts), formats: readArgumentFormats(libraries) },
        }),
        deskOf: openGrantDesk(hub, libraries, (code) => libraryOf.get(code)),
      });
      return {
        answer,
        tables: [exportCoverage(() => readCoverage(store.ask), libraries)],
        async close() {
          await coverage?.close();
          await quality.close();
        },
      };
    },
    async close() {
      if (closing.signal.aborted) return;
      closing.abort();
      await Promise.all([pool.end(), firstPool.end()]);
    },
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
