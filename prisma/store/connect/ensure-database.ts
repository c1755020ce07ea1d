import type { Settings } from '@longyuan/settings/environment.ts';
import pg from 'pg';
import { databaseUrl } from './database-url.ts';
import { databaseOf } from './library-names.ts';

/**
 * Makes a library's database on the one server for all, when it is not there. Safe when several processes do it at once.
 * Does nothing for the embedded PostgreSQL, and nothing for a library with a URL of its own: that database is its department's to make.
 */
export async function ensureDatabase(settings: Pick<Settings, 'port' | 'postgres'>, library: string): Promise<void> {
  const { serverUrl, urlByLibrary } = settings.postgres;
  if (serverUrl === null || urlByLibrary[library] !== undefined) return;
  if (await isThere(databaseUrl(settings, library))) return;
  const url = new URL(serverUrl);
  if (url.pathname === '' || url.pathname === '/') url.pathname = '/postgres';
  await withClient(url.href, async (client) => {
    // UTF-8 and the order of code points whatever the server's own locale is: the embedded PostgreSQL answers in the same order.
    const sql = `CREATE DATABASE "${databaseOf(library)}" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE`;
    const made = await run(client, `${sql} 'C.UTF-8'`);
    // Some systems have no C.UTF-8; without it only the case of letters beyond ASCII is not known.
    if (made === 'no such locale') await run(client, `${sql} 'C'`);
  });
}

async function run(client: pg.Client, createDatabase: string): Promise<'made' | 'no such locale'> {
  try {
    await client.query(createDatabase);
    return 'made';
  } catch (error) {
    if (codeOf(error) === invalidLocaleName) return 'no such locale';
    if (madeMeanwhile.has(codeOf(error) ?? '')) return 'made';
    throw error;
  }
}

const invalidLocaleName = '42809';
/** duplicate_database, and unique_violation in pg_database when two are made in the same moment. */
const madeMeanwhile = new Set(['42P04', '23505']);
const noSuchDatabase = '3D000';

async function isThere(url: string): Promise<boolean> {
  try {
    await withClient(url, async () => {});
    return true;
  } catch (error) {
    if (codeOf(error) === noSuchDatabase) return false;
    throw error;
  }
}

async function withClient(connectionString: string, use: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 30_000 });
  // What breaks is thrown by what is under way; without a listener it would end the process as well.
  client.on('error', () => {});
  try {
    await client.connect();
    await use(client);
  } finally {
    await client.end();
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
