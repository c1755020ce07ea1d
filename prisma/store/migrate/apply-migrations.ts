import { randomUUID } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { inTransaction } from '../connect/in-transaction.ts';
import { schemaOf } from '../connect/library-names.ts';
import type { LibraryFolder } from './find-libraries.ts';
import { type Migration, readMigrations } from './read-migrations.ts';

/** What came of bringing a store up: the migrations applied now, oldest first, or why it was left as it is. */
export type MigrationOutcome = Readonly<{ kind: 'migrated'; applied: readonly string[] }> | Readonly<{ kind: 'refused'; reason: string }>;

/**
 * Brings a library's store up to its migrations, all of them in one transaction: a crash or an error leaves the store as it was.
 * Processes that do it at once wait for each other. What was applied is written down as Prisma does, in the library's own schema.
 * @throws what the database says when a migration fails.
 */
export async function applyMigrations(library: LibraryFolder, pool: Pool): Promise<MigrationOutcome> {
  const migrations = readMigrations(library);
  const bringUp = async (client: PoolClient): Promise<MigrationOutcome> => {
    // Another that migrates is waited for, and an index on many rows takes its time, whatever the bounds of a question are.
    await client.query('SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0');
    await client.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [lockSpace, schemaOf(library.name)]);
    // Geometry types of PostGIS are named without their schema in a migration.
    await client.query('SET LOCAL search_path = public');
    await client.query(createTable(library));
    const { rows } = await client.query<AppliedRow>(
      `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS "isFinished"
       FROM ${table(library)} WHERE rolled_back_at IS NULL`,
    );
    const reason = findRefusal(library.name, migrations, rows);
    if (reason !== null) return { kind: 'refused', reason };
    const known = new Set(rows.map((row) => row.name));
    const waiting = migrations.filter((migration) => !known.has(migration.name));
    for (const { name, sql, checksum } of waiting) {
      await client.query(sql);
      await client.query(
        `INSERT INTO ${table(library)} (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
         VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
        [randomUUID(), checksum, name],
      );
    }
    return { kind: 'migrated', applied: waiting.map((migration) => migration.name) };
  };
  return inTransaction(pool, bringUp, ({ kind }) => kind === 'migrated');
}

type AppliedRow = { name: string; checksum: string; isFinished: boolean };

/** Says whose advisory locks these are; any number will do, as long as it stays. */
const lockSpace = 620_000;

const table = (library: LibraryFolder): string => `"${schemaOf(library.name)}"._prisma_migrations`;

/** As Prisma makes it. */
function createTable(library: LibraryFolder): string {
  return `CREATE SCHEMA IF NOT EXISTS "${schemaOf(library.name)}";
    CREATE TABLE IF NOT EXISTS ${table(library)} (
      id VARCHAR(36) PRIMARY KEY NOT NULL,
      checksum VARCHAR(64) NOT NULL,
      finished_at TIMESTAMPTZ,
      migration_name VARCHAR(255) NOT NULL,
      logs TEXT,
      rolled_back_at TIMESTAMPTZ,
      started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
      applied_steps_count INTEGER NOT NULL DEFAULT 0
    )`;
}

function findRefusal(library: string, migrations: readonly Migration[], applied: readonly AppliedRow[]): string | null {
  for (const { name, checksum, isFinished } of applied) {
    const migration = migrations.find((candidate) => candidate.name === name);
    if (migration === undefined) {
      return `The store of ${library} was made by a newer version of the hub: it holds the migration ${name}, which this version does not know. Start the newer version.`;
    }
    if (migration.checksum !== checksum) {
      return `The migration ${name} of ${library} was changed after this store applied it. Restore its migration.sql and write a new migration for what changed.`;
    }
    if (!isFinished)
      return `The migration ${name} of ${library} was begun by another tool and not finished. Finish or resolve it with that tool.`;
  }
  return null;
}
