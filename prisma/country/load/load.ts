import { Worker } from 'node:worker_threads';
import type { Settings } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { openOwnerKey, openPseudonymKey } from '@longyuan/trust/keys.ts';
import type { Pool } from 'pg';
import { isEmbedded } from '../../store/connect/database-url.ts';
import { schemaOf } from '../../store/connect/library-names.ts';
import { openPool } from '../../store/connect/open-pool.ts';
import { applyMigrations } from '../../store/migrate/apply-migrations.ts';
import { ensureSeedTable, holdsRows, readSeedState, type SeedState } from '../../store/seed-state.ts';
import { seedVersion } from '../edition.ts';
import { BLOCK_SIZE } from '../generate/block.ts';
import { MOST_BLOCKS } from '../generate/numbers.ts';
import type { BulkLoader } from './bulk-loader.ts';
import { openCopyLoader } from './copy-loader.ts';
import { buffersOf, COPY_BYTES, type EncodedRows } from './encode-rows.ts';
import { findSeeds, readLibrarySeed, type SeededLibrary } from './find-seeds.ts';
import type { Chunk, GenerateOrder, MoreOrder } from './generate-worker.ts';
import { openInsertLoader } from './insert-loader.ts';
import type { LibrarySeed } from './library-seed.ts';
import { count, startProgress } from './progress.ts';
import { writeDemoGrants } from './write-demo-grants.ts';

/** What came of a filling; `seeded` names the libraries that were filled now, the others held their data already. */
export type SeedOutcome =
  | Readonly<{ kind: 'seeded'; seeded: readonly string[]; persons: number; rows: number; seconds: number }>
  | Readonly<{ kind: 'refused'; reason: string }>;

export type SeedOptions = Readonly<{
  settings: Pick<Settings, 'port' | 'postgres' | 'databaseConnections' | 'dataDir'>;
  persons: number;
  /** Empty the libraries first; otherwise those that are complete are left alone. */
  reset: boolean;
  log: Logger;
  /** Told how far it is, in lines for people. */
  say?: (line: string) => void;
  /** Only these libraries. */
  libraries?: readonly string[];
}>;

/**
 * Brings the stores up to their migrations and fills those that are not complete with `persons` people and everything in proportion.
 * Libraries that are filled later follow the number of people of those that already are, so that all speak of the same people.
 */
export async function seedLibraries(options: SeedOptions): Promise<SeedOutcome> {
  const { settings, reset, log, say = () => {} } = options;
  if (options.persons > MOST_BLOCKS * BLOCK_SIZE)
    return refuse(`There are citizen numbers for ${MOST_BLOCKS * BLOCK_SIZE} people, no more`);
  const stores = await Promise.all(findSeeds().map((library) => openStore(library, options)));
  try {
    const refused = await prepareStores(stores);
    if (refused !== null) return refuse(refused);
    const isAsked = ({ library }: Store): boolean => options.libraries?.includes(library.name) ?? true;
    const states = new Map<Store, SeedState | null>();
    for (const store of stores) states.set(store, await readSeedState(store.pool, store.library.name));
    const newer = stores.find((store) => (states.get(store)?.seedVersion ?? 0) > seedVersion);
    if (newer && !reset)
      return refuse(
        `The store of ${newer.library.name} was filled by a newer version of the hub. Start that one, or empty the store with --reset.`,
      );
    const waiting = stores.filter((store) => isAsked(store) && (reset || states.get(store)?.state !== 'COMPLETE'));
    const kept = stores.filter((store) => !waiting.includes(store)).map((store) => states.get(store));
    const persons = kept.find((state) => state?.state === 'COMPLETE')?.persons ?? options.persons;
    if (persons !== options.persons && waiting.length > 0)
      log.warn({ persons }, 'other libraries already hold this many people, so these get as many');
    for (const store of waiting) {
      if (!reset && !states.get(store) && (await holdsRows(store.pool, store.library.name))) {
        return refuse(`The store of ${store.library.name} holds rows that no seed of the hub put there. Empty it with --reset.`);
      }
    }
    return waiting.length === 0
      ? { kind: 'seeded', seeded: [], persons, rows: 0, seconds: 0 }
      : await fill(waiting, { settings, persons, log, say, ...(await openKeys(waiting, settings)) });
  } finally {
    await Promise.all(stores.map(({ pool }) => pool.end()));
  }
}

/** The names of the libraries whose stores are complete already. */
export async function findSeeded(settings: SeedOptions['settings'], log: Logger): Promise<string[]> {
  const names = await Promise.all(
    findSeeds().map(async ({ name }) => {
      const pool = await openPool({ settings, library: name, log, statementTimeoutMs: 0 });
      const state = await readSeedState(pool, name).finally(() => pool.end());
      return state?.state === 'COMPLETE' ? [name] : [];
    }),
  );
  return names.flat();
}

/** Before anything is emptied: a key that cannot be used ends the filling. @throws KeyFault */
async function openKeys(stores: readonly Store[], { dataDir }: SeedOptions['settings']): Promise<Pick<FillOptions, 'pseudonymKey'>> {
  for (const { library } of stores) await openOwnerKey(dataDir, library.name);
  return { pseudonymKey: await openPseudonymKey(dataDir) };
}

type Store = Readonly<{ library: SeededLibrary; seed: LibrarySeed; pool: Pool }>;

async function openStore(library: SeededLibrary, { settings, log }: SeedOptions): Promise<Store> {
  const pool = await openPool({ settings, library: library.name, log, statementTimeoutMs: 0 });
  return { library, seed: await readLibrarySeed(library.seedFile), pool };
}

/** @returns why a store cannot be filled, or null. */
async function prepareStores(stores: readonly Store[]): Promise<string | null> {
  for (const { library, pool } of stores) {
    const outcome = await applyMigrations(library, pool);
    if (outcome.kind === 'refused') return outcome.reason;
    await ensureSeedTable(pool);
  }
  return null;
}

/** Chunks that may be made before they are loaded. */
const CHUNKS_AHEAD = 3;
const BLOCKS_PER_CHUNK = 25;
/** Room for the short-lived objects of many blocks: seldom collected, and then nearly nothing is left to copy. */
const resourceLimits = { maxYoungGenerationSizeMb: 48 };

type FillOptions = Pick<SeedOptions, 'settings' | 'persons' | 'log'> & Readonly<{ say: (line: string) => void; pseudonymKey: Buffer }>;

async function fill(stores: readonly Store[], { settings, persons, log, say, pseudonymKey }: FillOptions): Promise<SeedOutcome> {
  const startedAt = performance.now();
  const loaders = new Map<string, BulkLoader>();
  for (const { library, seed, pool } of stores) {
    const filling = { library: library.name, schema: schemaOf(library.name), persons, tables: seed.tables };
    const isHere = isEmbedded(settings, library.name);
    loaders.set(library.name, isHere ? await openInsertLoader(pool, filling, log) : await openCopyLoader(pool, filling));
  }
  const progress = startProgress(say, persons);
  try {
    await Promise.all([...loaders.values()].map((loader) => loader.begin()));
    await loadChunks(stores, loaders, { pseudonymKey, persons, onRows: progress.count });
    progress.finishing();
    for (const { library, pool } of stores) await writeDemoGrants(pool, library.name, settings.dataDir);
    await Promise.all([...loaders.values()].map((loader) => loader.finish()));
  } catch (error) {
    await Promise.all([...loaders.values()].map((loader) => loader.abandon()));
    throw error;
  } finally {
    progress.stop();
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const { rows } = progress.total();
  say(`  100 %  ${count(persons)} people, ${count(rows)} rows in ${seconds.toFixed(1)} s, ${count(Math.round(rows / seconds))} rows/s`);
  return { kind: 'seeded', seeded: [...loaders.keys()], persons, rows, seconds };
}

type ChunkOptions = Pick<FillOptions, 'pseudonymKey' | 'persons'> & Readonly<{ onRows: (rows: number, persons: number) => void }>;

/** A thread makes the country while this one loads it; all libraries take each chunk at once, and the slowest sets the pace. */
async function loadChunks(
  stores: readonly Store[],
  loaders: ReadonlyMap<string, BulkLoader>,
  { pseudonymKey, persons, onRows }: ChunkOptions,
): Promise<void> {
  const order: GenerateOrder = {
    persons,
    pseudonymKey,
    blocksPerChunk: BLOCKS_PER_CHUNK,
    libraries: stores.map(({ library }) => ({
      name: library.name,
      seedFile: library.seedFile,
      encoding: loaders.get(library.name)?.encoding ?? 'arrays',
    })),
  };
  const worker = new Worker(new URL('./generate-worker.ts', import.meta.url), { workerData: order, resourceLimits });
  const askForMore = (loaded: readonly EncodedRows[]): void => {
    const spent = buffersOf(loaded).filter(({ byteLength }) => byteLength === COPY_BYTES);
    worker.postMessage({ spent } satisfies MoreOrder, spent);
  };
  const tails = new Map<string, Promise<void>>();
  const load = (chunk: Chunk): Promise<unknown> =>
    Promise.all(
      [...loaders].map(([name, loader]) => {
        const tail = (tails.get(name) ?? Promise.resolve()).then(async () => {
          for (const rows of chunk.rows[name] ?? []) {
            await loader.write(rows);
            onRows(rows.rows, chunk.persons);
          }
        });
        tails.set(name, tail);
        return tail;
      }),
    );
  try {
    const loaded = new Promise<void>((resolve, reject) => {
      worker.on('message', (chunk: Chunk) => {
        load(chunk).then(() => {
          if (chunk.isLast) resolve();
          else askForMore(Object.values(chunk.rows).flat());
        }, reject);
      });
      worker.on('error', reject);
      worker.on('exit', (code) => code !== 0 && reject(new Error(`The thread that makes the country ended with code ${code}`)));
    });
    for (let ahead = 0; ahead < CHUNKS_AHEAD; ahead++) askForMore([]);
    await loaded;
  } finally {
    await worker.terminate();
  }
}

function refuse(reason: string): SeedOutcome {
  return { kind: 'refused', reason };
}
