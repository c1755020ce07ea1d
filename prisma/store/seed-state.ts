import type { Pool, PoolClient } from 'pg';
import { schemaOf } from './connect/library-names.ts';

/** How far the filling of one library's store has come. */
export type SeedState = Readonly<{
  state: 'LOADING' | 'COMPLETE';
  persons: number;
  seedVersion: number;
  startedAt: Date;
  finishedAt: Date | null;
  /** The day that its rows were made for, YYYY-MM-DD. */
  asOf: string | null;
}>;

type Asks = Pick<Pool | PoolClient, 'query'>;
const lockNotAvailable = '55P03';

/** The state of a library's store; null where nothing was ever loaded into it. */
export async function readSeedState(database: Asks, library: string): Promise<SeedState | null> {
  if (!(await hasSeedTable(database))) return null;
  const { rows } = await database.query<SeedState>(
    `SELECT state, persons, "seedVersion", "startedAt", "finishedAt", to_jsonb(seed) ->> 'asOf' AS "asOf" FROM hub.seed WHERE library = $1`,
    [library],
  );
  return rows[0] ?? null;
}

/** Asked first: on a fresh store the question for the table itself would fail, several times a second until it is made. */
async function hasSeedTable(database: Asks): Promise<boolean> {
  const { rows } = await database.query<{ isThere: boolean }>(`SELECT to_regclass('hub.seed') IS NOT NULL AS "isThere"`);
  return rows[0]?.isThere ?? false;
}

/**
 * Whether a library may answer from its store: a filling of the hub's that is complete, or none at all and rows that are its
 * department's own (empty tables included, unless it `waitsForRows`). A filling under way, or cut short, may not; while one is under way
 * no table is asked, because that would wait until the last row is in.
 */
export async function isFilled(database: Asks, library: string, waitsForRows: boolean): Promise<boolean> {
  if (await isBeingFilled(database, library)) return false;
  const seed = await readSeedState(database, library);
  if (seed) return seed.state === 'COMPLETE';
  return !waitsForRows || (await holdsRows(database, library).catch(falseWhereLocked));
}

/** A filling has begun since: nobody else shuts readers out. */
function falseWhereLocked(error: unknown): false {
  if (error instanceof Error && 'code' in error && error.code === lockNotAvailable) return false;
  throw error;
}

/**
 * Whether a filling is under way in this moment. That is said by a lock and not in a row, so that it is known before the filling is committed,
 * and over when it broke off; asking waits for nobody.
 */
async function isBeingFilled(database: Asks, library: string): Promise<boolean> {
  const { rows } = await database.query<{ isFree: boolean }>('SELECT pg_try_advisory_xact_lock_shared($1, hashtext($2)) AS "isFree"', [
    ...fillingLock(library),
  ]);
  return rows[0]?.isFree === false;
}

/** Says so for as long as the transaction lasts, before it shuts readers out. */
export async function sayBeingFilled(database: Asks, library: string): Promise<void> {
  await database.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [...fillingLock(library)]);
}

/** Says whose advisory locks these are, and which library's. */
const fillingLock = (library: string): readonly [number, string] => [620_002, schemaOf(library)];

/** Whether any table of a library's store has a row. */
export async function holdsRows(database: Asks, library: string): Promise<boolean> {
  const { rows: tables } = await database.query<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_schema = $1 AND table_type = 'BASE TABLE' AND table_name <> '_prisma_migrations'`,
    [schemaOf(library)],
  );
  if (tables.length === 0) return false;
  const questions = tables.map(({ name }) => `EXISTS (SELECT FROM ${name})`);
  const { rows } = await database.query<{ holds: boolean }>(`SELECT ${questions.join(' OR ')} AS holds`);
  return rows[0]?.holds ?? false;
}

/** Whether it says as of which day rows are: one that an older hub made does not. */
async function saysAsOf(database: Asks): Promise<boolean> {
  const { rows } = await database.query<{ isThere: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass('hub.seed') AND attname = 'asOf') AS "isThere"`,
  );
  return rows[0]?.isThere ?? false;
}

/**
 * Makes the table of seed states where it is missing, and brings an older one up: what was filled before the day was written down was made for
 * 2026-06-30. Libraries that share a database may do it at once.
 */
export async function ensureSeedTable(pool: Pool): Promise<void> {
  if (await saysAsOf(pool)) return;
  await pool.query(`BEGIN;
    SELECT pg_advisory_xact_lock(620000, 1);
    CREATE SCHEMA IF NOT EXISTS hub;
    CREATE TABLE IF NOT EXISTS hub.seed (
      library text PRIMARY KEY,
      state text NOT NULL CHECK (state IN ('LOADING', 'COMPLETE')),
      persons int NOT NULL,
      "seedVersion" int NOT NULL,
      "startedAt" timestamptz NOT NULL DEFAULT clock_timestamp(),
      "finishedAt" timestamptz
    );
    ALTER TABLE hub.seed ADD COLUMN IF NOT EXISTS "asOf" date;
    UPDATE hub.seed SET "asOf" = '2026-06-30' WHERE "asOf" IS NULL;
    COMMIT`);
}

/** Writes down that the store of a library is being filled, and with what; overwrites what was said before. */
export async function markLoading(
  database: Asks,
  library: string,
  { persons, seedVersion, asOf }: Pick<SeedState, 'persons' | 'seedVersion' | 'asOf'>,
): Promise<void> {
  await database.query(
    `INSERT INTO hub.seed (library, state, persons, "seedVersion", "asOf") VALUES ($1, 'LOADING', $2, $3, $4)
     ON CONFLICT (library) DO UPDATE
     SET state = 'LOADING', persons = $2, "seedVersion" = $3, "asOf" = $4, "startedAt" = clock_timestamp(), "finishedAt" = NULL`,
    [library, persons, seedVersion, asOf],
  );
}

export async function markComplete(database: Asks, library: string): Promise<void> {
  await database.query(`UPDATE hub.seed SET state = 'COMPLETE', "finishedAt" = clock_timestamp() WHERE library = $1`, [library]);
}
