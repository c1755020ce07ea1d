import type { Settings } from '@longyuan/settings/environment.ts';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { CancellingPool } from './cancelling-pool.ts';
import { connectionTo, isEmbedded } from './database-url.ts';
import { ensureDatabase } from './ensure-database.ts';
import { schemaOf } from './library-names.ts';
import { type Watching, watchStatements } from './watch-statements.ts';

export type PoolOptions = Readonly<{
  settings: Pick<Settings, 'port' | 'postgres' | 'databaseConnections' | 'dataDir'>;
  library: string;
  /** Longest a statement may run on a PostgreSQL server; 0 for no limit (seeding, migrating). The embedded one cannot be interrupted. */
  statementTimeoutMs: number;
  /** Whether the statement of a call is ended with the call; yes where nothing is said. */
  endsWithCalls?: boolean;
}> &
  Watching;

/** A library's connections to its database, which is made first where that is the hub's to do. The caller ends the pool. */
export async function openPool(options: PoolOptions): Promise<pg.Pool> {
  await ensureDatabase(options.settings, options.library);
  return makePool(options);
}

/**
 * A library's connections to its database; none is made before it is asked for one. The caller ends the pool.
 * Dates without a zone are UTC, and `search_path` is `public` alone, which holds PostGIS: tables are named with their schema.
 */
export function makePool(options: PoolOptions): pg.Pool {
  const { settings, library, log } = options;
  const isHere = isEmbedded(settings, library);
  // With a single connection there is none by which to cancel what runs on it; the embedded server cancels nothing.
  const cancels = !isHere && settings.databaseConnections > 1 && (options.endsWithCalls ?? true);
  const Pool = cancels ? CancellingPool : pg.Pool;
  const pool = new Pool({
    ...connectionTo(settings, library),
    max: settings.databaseConnections,
    application_name: `longyuan-${library}`,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    // A server may be slow to greet, and the embedded one greets nobody while it makes PostGIS; whose call is over does not wait so long.
    connectionTimeoutMillis: 30_000,
    ...(isHere ? {} : ofServer(options.statementTimeoutMs)),
  });
  // Without a listener an idle connection that breaks, as when the server restarts, would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'a connection to the database broke; the next statement opens another'));
  watchStatements(pool, options);
  return pool;
}

/** Prisma's way to a library's database. Ending the pool stays with whoever opened it. */
export function adapterFor(pool: pg.Pool, library: string): PrismaPg {
  return new PrismaPg(pool, { schema: schemaOf(library) });
}

/** Nobody but a filling shuts readers out, for as long as it takes: who meets it is told so instead of waiting with a connection in hand. */
const LOCK_TIMEOUT_MS = 1_000;

function ofServer(statementTimeoutMs: number): pg.PoolConfig {
  return {
    // Prisma writes and reads timestamps as if the session's zone were UTC.
    options: '-c TimeZone=UTC -c search_path=public',
    statement_timeout: statementTimeoutMs,
    ...(statementTimeoutMs > 0 && { lock_timeout: Math.min(LOCK_TIMEOUT_MS, statementTimeoutMs) }),
    idle_in_transaction_session_timeout: 60_000,
  };
}
