import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLog } from '@longyuan/settings/log.ts';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openScratchServer, type ScratchServer } from '../embedded/open-scratch-server.ts';
import { applyMigrations } from './apply-migrations.ts';
import { findMissingMigration } from './check-migrations.ts';
import { findLibraries, type LibraryFolder, openLibraryFolder } from './find-libraries.ts';
import { writeMigration } from './new-migration.ts';

let server: ScratchServer;
let pool: pg.Pool;
let library: LibraryFolder;
let count = 0;
const folders = mkdtempSync(join(tmpdir(), 'migrations-'));

beforeAll(async () => {
  server = await openScratchServer(openLog('test', { logLevel: 'silent' }));
  pool = new pg.Pool({ connectionString: server.url, max: 4 });
});

afterAll(async () => {
  await pool.end();
  await server.close();
  rmSync(folders, { recursive: true });
});

// Each test has a library of its own, and with it a schema of its own in the one database.
beforeEach(() => {
  library = openLibraryFolder(`service-item-${++count}`, mkdtempSync(join(folders, 'library-')));
  mkdirSync(library.folder);
});

const schemaName = (): string => `service_item_${count}`;

function writeSql(name: string, sql: string): void {
  mkdirSync(join(library.migrationsFolder, name), { recursive: true });
  writeFileSync(join(library.migrationsFolder, name, 'migration.sql'), sql);
}

function writeSchema(fields: string): void {
  const schema = schemaName();
  writeFileSync(
    library.schemaFile,
    `generator client {
       provider = "prisma-client"
       output = "./client"
     }
     datasource db {
       provider = "postgresql"
       schemas = ["${schema}"]
     }
     model Errand {
       code String @id
       ${fields}
       @@schema("${schema}")
     }`,
  );
}

const tables = async (): Promise<string[]> => {
  const { rows } = await pool.query('SELECT tablename FROM pg_tables WHERE schemaname = $1 ORDER BY 1', [schemaName()]);
  return rows.map((row) => row.tablename);
};

test('a store is brought up once, and then is up to date', async () => {
  writeSql('1_init', `CREATE TABLE "${schemaName()}"."Errand" (code text)`);
  expect(await applyMigrations(library, pool)).toEqual({ kind: 'migrated', applied: ['1_init'] });
  writeSql('2_name', `ALTER TABLE "${schemaName()}"."Errand" ADD name text`);
  expect(await applyMigrations(library, pool)).toEqual({ kind: 'migrated', applied: ['2_name'] });
  expect(await applyMigrations(library, pool)).toEqual({ kind: 'migrated', applied: [] });
  expect(await tables()).toEqual(['Errand', '_prisma_migrations']);
});

test('four processes that start at once apply a migration once', async () => {
  writeSql('1_init', `CREATE TABLE "${schemaName()}"."Errand" (code text)`);
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => applyMigrations(library, pool)));
  expect(outcomes.flatMap((outcome) => (outcome.kind === 'migrated' ? outcome.applied : ['refused']))).toEqual(['1_init']);
});

test('a migration that fails leaves nothing, not even those before it', async () => {
  writeSql('1_init', `CREATE TABLE "${schemaName()}"."Errand" (code text)`);
  writeSql('2_wrong', `ALTER TABLE "${schemaName()}"."Errand" ADD a text; ALTER TABLE "${schemaName()}"."Nothing" ADD b text`);
  await expect(applyMigrations(library, pool)).rejects.toMatchObject({ code: '42P01' });
  expect(await tables()).toEqual([]);
});

test('a process that dies in the middle of a migration leaves nothing', async () => {
  writeSql('1_init', `CREATE TABLE "${schemaName()}"."Errand" (code text)`);
  writeSql('2_slow', 'SELECT pg_sleep(0)');
  const dying = new pg.Pool({ connectionString: server.url, max: 1 });
  dying.on('connect', (client) => {
    const query = client.query;
    // Its connection is gone at once, as after kill -9, when it comes to the second migration.
    const dies = (...question: unknown[]): unknown => {
      if (question[0] === 'SELECT pg_sleep(0)') Reflect.get(client, 'connection').stream.destroy();
      return Reflect.apply(query, client, question);
    };
    Object.assign(client, { query: dies });
  });
  await expect(applyMigrations(library, dying)).rejects.toThrow();
  expect(await tables()).toEqual([]);
  expect(await applyMigrations(library, pool)).toEqual({ kind: 'migrated', applied: ['1_init', '2_slow'] });
  await dying.end();
});

test('a store made by a newer version of the hub is refused, with the reason', async () => {
  writeSql('1_init', `CREATE TABLE "${schemaName()}"."Errand" (code text)`);
  writeSql('2_newer', 'SELECT 1');
  await applyMigrations(library, pool);
  rmSync(join(library.migrationsFolder, '2_newer'), { recursive: true });
  expect(await applyMigrations(library, pool)).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/newer version.* 2_newer/) });
});

test('a migration that was changed after it was applied is refused', async () => {
  writeSql('1_init', `CREATE TABLE "${schemaName()}"."Errand" (code text)`);
  await applyMigrations(library, pool);
  writeSql('1_init', `CREATE TABLE "${schemaName()}"."Errand" (code varchar)`);
  expect(await applyMigrations(library, pool)).toMatchObject({ kind: 'refused', reason: expect.stringMatching(/1_init .*was changed/) });
});

test('a new migration says what the schema says and the migrations do not yet; a check constraint beside it is no difference', async () => {
  writeSchema('');
  const first = await writeMigration(library, 'init', server.url);
  expect(readFileSync(first ?? '', 'utf8')).toContain(`CREATE TABLE "${schemaName()}"."Errand"`);
  writeFileSync(first ?? '', `\nALTER TABLE "${schemaName()}"."Errand" ADD CHECK (code <> '');`, { flag: 'a' });
  await applyMigrations(library, pool);
  expect(await writeMigration(library, 'nothing', server.url)).toBeNull();
  writeSchema('days Int?');
  expect(await findMissingMigration(library, server.url)).toContain('ADD COLUMN     "days" INTEGER');
  expect(readdirSync(library.migrationsFolder)).toHaveLength(1);
});

test('geometry brings PostGIS with it, and its index is one of the schema', async () => {
  writeSchema('place Unsupported("geometry(Point, 4490)")\n @@index([place], type: Gist)');
  const file = await writeMigration(library, 'init', server.url);
  expect(readFileSync(file ?? '', 'utf8')).toContain('CREATE EXTENSION IF NOT EXISTS postgis');
  expect(await findMissingMigration(library, server.url)).toBeNull();
});

test.each(findLibraries().map((each) => [each.name, each] as const))(
  'the migrations of %s say all that its schema says',
  async (_, each) => {
    expect(await findMissingMigration(each, server.url)).toBeNull();
  },
);
