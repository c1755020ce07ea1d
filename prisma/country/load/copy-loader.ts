import { finished } from 'node:stream/promises';
import type { Pool, PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { markComplete, markLoading, sayBeingFilled } from '../../store/seed-state.ts';
import { asOf, seedVersion } from '../edition.ts';
import { type BulkLoader, columnList, type Filling, tableName, truncateStatement } from './bulk-loader.ts';

/**
 * Fills a store of a PostgreSQL server with COPY, in one transaction: after a crash the store is as it was before. Indexes and
 * keys are dropped first and made again at the end, which is several times faster than keeping them while rows come in.
 */
export async function openCopyLoader(pool: Pool, filling: Filling): Promise<BulkLoader> {
  const client = await pool.connect();
  // A connection that breaks fails the statement under way; that is where it is heard.
  client.on('error', () => {});
  let restore: readonly string[] = [];
  return {
    encoding: 'copy',
    async begin() {
      await client.query('BEGIN');
      // Other libraries may take longer than a session is let idle; indexes are sorted in memory.
      await client.query(
        `SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL synchronous_commit = off`,
      );
      // From here on the library asks its tables nothing: it would wait until the last row is in.
      await sayBeingFilled(client, filling.library);
      await client.query(truncateStatement(filling));
      restore = await dropIndexes(client, filling.schema);
      await markLoading(client, filling.library, { persons: filling.persons, seedVersion, asOf });
    },
    async write(rows) {
      if (rows.kind !== 'copy') throw new TypeError('This loader takes rows in the form of COPY');
      // FREEZE: the table was emptied in this transaction, so no later pass over the rows is needed.
      const columns = columnList(filling.tables[rows.table] ?? []);
      const stream = client.query(copyFrom(`COPY ${tableName(filling, rows.table)} (${columns}) FROM STDIN WITH (FREEZE)`));
      stream.end(rows.text);
      await finished(stream);
    },
    async finish() {
      for (const statement of restore) await client.query(statement);
      await client.query(
        `ANALYZE ${Object.keys(filling.tables)
          .map((table) => tableName(filling, table))
          .join(', ')}`,
      );
      await markComplete(client, filling.library);
      await client.query('COMMIT');
      client.release();
    },
    async abandon() {
      // Closing the connection rolls back what it began.
      client.release(true);
    },
  };
}

type Definition = Readonly<{ drop: string; make: string; isForeignKey: boolean }>;

/** Drops every index and constraint of the library's tables that rows would have to be checked against. @returns the statements that make them again. */
async function dropIndexes(client: PoolClient, schema: string): Promise<string[]> {
  const { rows } = await client.query<Definition>(
    `SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) AS drop,
            format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS make,
            contype = 'f' AS "isForeignKey"
     FROM pg_constraint WHERE connamespace = $1::regnamespace AND contype IN ('p', 'u', 'f') AND conrelid::regclass::text NOT LIKE '%_prisma_migrations'
     UNION ALL
     SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid), false
     FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
     WHERE relnamespace = $1::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`,
    [`"${schema}"`],
  );
  const foreignKeysFirst = rows.toSorted((one, other) => Number(other.isForeignKey) - Number(one.isForeignKey));
  for (const { drop } of foreignKeysFirst) await client.query(drop);
  return foreignKeysFirst.toReversed().map(({ make }) => make);
}
