import type { Logger } from '@longyuan/settings/log.ts';
import type { Pool, PoolClient } from 'pg';
import { markComplete, markLoading, readSeedState } from '../../store/seed-state.ts';
import { asOf, seedVersion } from '../edition.ts';
import { type BulkLoader, columnList, type Filling, tableName, truncateStatement } from './bulk-loader.ts';

/**
 * Fills a store in the embedded PostgreSQL. Its one session is everyone's and COPY wedges it, so rows go in as arrays, a few thousand
 * in a short transaction of their own; what a crash leaves stands as LOADING, and the next filling starts over.
 */
export async function openInsertLoader(pool: Pool, filling: Filling, log: Logger): Promise<BulkLoader> {
  const { library } = filling;
  // One connection for all of it: when the server goes away the filling ends, rather than going on in the next one.
  const client = await pool.connect();
  client.on('error', ignore);
  const statements = new Map<string, string>();
  return {
    encoding: 'arrays',
    async begin() {
      const before = await readSeedState(client, library);
      if (before?.state === 'LOADING') log.warn({ library }, 'the last filling of this library was cut short: starting over');
      await markLoading(client, library, { persons: filling.persons, seedVersion, asOf });
      await client.query(truncateStatement(filling));
      for (const [table, columns] of Object.entries(filling.tables))
        statements.set(table, await insertStatement(client, filling, table, columns));
    },
    async write(rows) {
      if (rows.kind !== 'arrays') throw new TypeError('This loader takes rows as arrays');
      await client.query(statements.get(rows.table) ?? '', [...rows.columns]);
    },
    async finish() {
      for (const table of Object.keys(filling.tables)) await client.query(`ANALYZE ${tableName(filling, table)}`);
      await markComplete(client, library);
      client.release();
    },
    async abandon() {
      client.release(true);
    },
  };
}

/** A connection that breaks fails the statement under way; that is where it is heard. */
function ignore(): void {}

/** Columns that arrays cannot carry as such go as text: lists, and geometry as EWKT. */
async function insertStatement(client: PoolClient, filling: Filling, table: string, columns: readonly string[]): Promise<string> {
  const { rows } = await client.query<{ name: string; type: string; isPlain: boolean }>(
    // By its inner name: format_type says `character` for any char(n), which as a cast means char(1).
    `SELECT attname AS name, format('%I.%I', nspname, typname) AS type,
            typcategory <> 'A' AND (typcategory <> 'U' OR typname = 'uuid') AS "isPlain"
     FROM pg_attribute JOIN pg_type ON pg_type.oid = atttypid JOIN pg_namespace ON pg_namespace.oid = typnamespace
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
    [tableName(filling, table)],
  );
  const types = new Map(rows.map((row) => [row.name, row]));
  const typed = columns.map((column) => {
    const type = types.get(column);
    if (type === undefined) throw new Error(`The store of ${filling.library} has no column ${table}.${column}`);
    return type;
  });
  const values = typed.map(({ type, isPlain }, place) => (isPlain ? `c${place}` : `c${place}::${type}`));
  const arrays = typed.map(({ type, isPlain }, place) => `$${place + 1}::${isPlain ? type : 'text'}[]`);
  const names = typed.map((_, place) => `c${place}`);
  return `INSERT INTO ${tableName(filling, table)} (${columnList(columns)}) SELECT ${values.join(', ')} FROM unnest(${arrays.join(', ')}) AS t(${names.join(', ')})`;
}
