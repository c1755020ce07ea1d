import type { Settings } from '@longyuan/settings/environment.ts';
import pg from 'pg';
import { connectionTo } from './database-url.ts';

/** A statement of this connection is small; where its answer takes longer, the connection is given up. */
const QUERY_TIMEOUT_MS = 3_000;

/** A connection that is told of what others notify (NOTIFY). */
export type Listener = pg.Client;

/**
 * A connection of its own to a library's database, to be told on (LISTEN): one of a pool is another's as soon as it is given back. Behind a
 * pooler that shares sessions nothing is heard. The caller ends it.
 */
export async function openListener(settings: Pick<Settings, 'port' | 'postgres' | 'dataDir'>, library: string): Promise<Listener> {
  const client = new pg.Client({
    ...connectionTo(settings, library),
    application_name: `longyuan-${library}-listener`,
    connectionTimeoutMillis: 30_000,
    keepAlive: true,
    query_timeout: QUERY_TIMEOUT_MS,
  });
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}
