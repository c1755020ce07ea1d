import { findSeeds } from '@longyuan/prisma/country/load/find-seeds.ts';
import { type SeedOptions, seedLibraries } from '@longyuan/prisma/country/load/load.ts';
import { openPool } from '@longyuan/prisma/store/connect/open-pool.ts';
import { openScratchServer, type ScratchServer } from '@longyuan/prisma/store/embedded/open-scratch-server.ts';
import { applyMigrations } from '@longyuan/prisma/store/migrate/apply-migrations.ts';
import { readSeedState } from '@longyuan/prisma/store/seed-state.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findHubPort } from '../free-ports.ts';
import { type PostgresServer, startPostgresql } from '../postgresql.ts';
import { missingServices } from '../services.ts';

const missing = missingServices('postgresql', 'postgis');
const log = openLog('loading-test', { logLevel: 'silent' });
const libraries = findSeeds();
const PERSONS = 500;

type Pool = Awaited<ReturnType<typeof openPool>>;

/** A store of every library, and the same questions asked of all of them. */
class Stores {
  readonly options: SeedOptions;
  readonly #pools = new Map<string, Pool>();

  constructor(options: SeedOptions) {
    this.options = options;
  }

  async open(): Promise<this> {
    const { settings } = this.options;
    for (const { name } of libraries) {
      this.#pools.set(name, await openPool({ settings, library: name, log, statementTimeoutMs: 0 }));
    }
    return this;
  }

  async migrate(): Promise<void> {
    for (const library of libraries) await applyMigrations(library, this.of(library.name));
  }

  of(library: string): Pool {
    const pool = this.#pools.get(library);
    if (pool === undefined) throw new Error(`There is no store of ${library}`);
    return pool;
  }

  /** What `question` answers for each library. */
  async ask<Row extends object>(question: (table: string) => string, tablesOf = seededTables): Promise<Record<string, Row>> {
    const answers: Record<string, Row> = {};
    for (const { name } of libraries) {
      for (const table of await tablesOf(this.of(name), name)) {
        const { rows } = await this.of(name).query<Row>(question(table));
        if (rows[0]) answers[table] = rows[0];
      }
    }
    return answers;
  }

  /** Rows of every table: how many, and a digest over all of their text. */
  rows(): Promise<Record<string, object>> {
    return this.ask(
      (table) => `SELECT count(*)::int AS rows, md5(string_agg(t::text, '|' ORDER BY t::text COLLATE "C")) AS digest FROM ${table} t`,
    );
  }

  /** Every key, constraint and index of every table, as PostgreSQL would write it down. */
  definitions(): Promise<Record<string, object>> {
    return this.ask(
      (table) => `SELECT
        (SELECT array_agg(pg_get_indexdef(indexrelid) || indisvalid ORDER BY indexrelid::regclass::text) FROM pg_index
         WHERE indrelid = '${table}'::regclass) AS indexes,
        (SELECT array_agg(conname || ' ' || pg_get_constraintdef(oid) || convalidated ORDER BY conname) FROM pg_constraint
         WHERE conrelid = '${table}'::regclass AND contype IN ('p', 'u', 'f', 'c')) AS constraints`,
    );
  }

  async states(): Promise<unknown[]> {
    return await Promise.all(libraries.map(({ name }) => readSeedState(this.of(name), name)));
  }

  async close(): Promise<void> {
    for (const pool of this.#pools.values()) await pool.end();
  }
}

async function seededTables(pool: Pool, library: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname = $1 AND tablename <> '_prisma_migrations' ORDER BY 1`,
    [library.replaceAll('-', '_')],
  );
  return rows.map(({ name }) => name);
}

describe.skipIf(missing !== null)(`filling a PostgreSQL server${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  let server: PostgresServer;
  let embedded: ScratchServer;
  let onServer: Stores;
  let inside: Stores;
  let before: Record<string, object>;

  beforeAll(async () => {
    const port = await findHubPort();
    server = startPostgresql(port);
    embedded = await openScratchServer(log);
    const shared = { persons: PERSONS, reset: false, log };
    // Both make the same keys of people.
    const settings = { ...embedded.settings, databaseConnections: 2 };
    const postgres = { serverUrl: server.url, urlByLibrary: {} };
    onServer = await new Stores({ ...shared, settings: { ...settings, port, postgres } }).open();
    inside = await new Stores({ ...shared, settings }).open();
    await onServer.migrate();
    before = await onServer.definitions();
    await seedLibraries(onServer.options);
  });

  afterAll(async () => {
    await inside.close();
    await onServer.close();
    await embedded.close();
    server.stop();
  });

  test('every index, primary key and foreign key is there again', async () => {
    expect(Object.keys(before).length).toBeGreaterThan(25);
    expect(await onServer.definitions()).toEqual(before);
  });

  test('COPY brings the same rows as the arrays of the embedded PostgreSQL', async () => {
    await seedLibraries(inside.options);
    const rows = await onServer.rows();
    expect(rows).toMatchObject({ 'population."Person"': { rows: PERSONS } });
    expect(rows).toEqual(await inside.rows());
  });

  test('a connection that ends in the middle of COPY leaves every store as it was, and the next filling succeeds', async () => {
    const [rows, states] = [await onServer.rows(), await onServer.states()];
    const refilling = { ...onServer.options, persons: 20_000, reset: true };
    const filling = seedLibraries(refilling).then(
      () => 'filled',
      () => 'failed',
    );
    await endWhileCopying(onServer.of('population'));
    expect(await filling).toBe('failed');
    expect(await onServer.rows()).toEqual(rows);
    expect(await onServer.states()).toEqual(states);
    expect(await onServer.definitions()).toEqual(before);

    expect(await seedLibraries({ ...refilling, persons: 600 })).toMatchObject({ kind: 'seeded', persons: 600 });
    expect(await onServer.rows()).toMatchObject({ 'population."Person"': { rows: 600 } });
    expect(await onServer.definitions()).toEqual(before);
  });
});

/** Waits until rows stream into a table of this database, and ends the session that brings them. */
async function endWhileCopying(pool: Pool): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_progress_copy WHERE datname = current_database() AND tuples_processed > 0`,
    );
    if (rowCount !== 0) return;
  }
}
