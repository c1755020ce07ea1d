import type { Settings } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { connectionTo, isEmbedded } from './database-url.ts';
import { ensureDatabase } from './ensure-database.ts';
import { schemaOf } from './library-names.ts';

export type PoolOptions = Readonly<{
  settings: Pick<Settings, 'port' | 'postgres' | 'databaseConnections' | 'dataDir'>;
  library: string;
  log: Logger;
  /** Longest a statement may run on a PostgreSQL server; 0 for no limit (seeding, migrating). The embedded one cannot be interrupted. */
  statementTimeoutMs: number;
  /** Told of every statement as it is sent, without its values. */
  onStatement?: (sql: string) => void;
}>;

/**
 * A library's connections to its database, which is made first where that is the hub's to do. The caller ends the pool.
 * Dates without a zone are UTC, and `search_path` is `public` alone, which holds PostGIS: tables are named with their schema.
 */
export async function openPool(options: PoolOptions): Promise<pg.Pool> {
  const { settings, library, log } = options;
  await ensureDatabase(settings, library);
  const pool = new pg.Pool({
    ...connectionTo(settings, library),
    max: settings.databaseConnections,
    application_name: `longyuan-${library}`,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    ...(isEmbedded(settings, library) ? ofEmbedded : ofServer(options.statementTimeoutMs)),
  });
  // Without a listener an idle connection that breaks, as when the server restarts, would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'a connection to the database broke; the next statement opens another'));
  const { onStatement } = options;
  if (onStatement !== undefined || log.isLevelEnabled('debug')) {
    const tell = (sql: string): void => {
      onStatement?.(sql);
      log.debug({ sql }, 'statement');
    };
    pool.on('connect', (client) => observe(client, tell));
  }
  return pool;
}

/** Prisma's way to a library's database. Ending the pool stays with whoever opened it. */
export function adapterFor(pool: pg.Pool, library: string): PrismaPg {
  return new PrismaPg(pool, { schema: schemaOf(library) });
}

/** It takes turns, and making PostGIS takes it some seconds in which nobody else is greeted. */
const ofEmbedded: pg.PoolConfig = { connectionTimeoutMillis: 30_000 };

function ofServer(statementTimeoutMs: number): pg.PoolConfig {
  return {
    connectionTimeoutMillis: 5_000,
    // Prisma writes and reads timestamps as if the session's zone were UTC.
    options: '-c TimeZone=UTC -c search_path=public',
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: 60_000,
  };
}

function observe(client: pg.PoolClient, tell: (sql: string) => void): void {
  const query = client.query;
  const observed = (...question: unknown[]): unknown => {
    const [first] = question;
    if (typeof first === 'string') tell(first);
    else if (typeof first === 'object' && first !== null && 'text' in first && typeof first.text === 'string') tell(first.text);
    return Reflect.apply(query, client, question);
  };
  Object.assign(client, { query: observed });
}
