import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLog } from '@longyuan/settings/log.ts';
import { openScratchServer } from '../embedded/open-scratch-server.ts';
import { findMissingMigration } from './check-migrations.ts';
import { findLibraries, type LibraryFolder } from './find-libraries.ts';
import { readMigrations } from './read-migrations.ts';

/**
 * Writes the migration that takes a library from its migrations to its schema.prisma, for a reader to look over and add to.
 * @param url an empty database.
 * @returns the file written, or null when there is nothing to migrate.
 */
export async function writeMigration(library: LibraryFolder, name: string, url: string): Promise<string | null> {
  const sql = await findMissingMigration(library, url);
  if (sql === null) return null;
  const text = needsPostgis(library, sql) ? `${createPostgis}\n${sql}` : sql;
  const folder = join(library.migrationsFolder, `${timestamp(new Date())}_${name}`);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'migration.sql');
  writeFileSync(file, text);
  return file;
}

const createPostgis = `-- Geometry columns and their indexes. A role that is no superuser needs it made before.
CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;
`;

function needsPostgis(library: LibraryFolder, sql: string): boolean {
  return /\b(geometry|geography)\(/.test(sql) && !readMigrations(library).some((migration) => migration.sql.includes(createPostgis));
}

/** As Prisma names migrations: `20261124132000`, UTC. */
function timestamp(date: Date): string {
  return date.toISOString().replaceAll(/\D/g, '').slice(0, 14);
}

if (import.meta.main) {
  const log = openLog('migration', { logLevel: 'info' });
  const [name = '', title = ''] = process.argv.slice(2);
  const library = findLibraries().find((candidate) => candidate.name === name);
  if (library === undefined || !existsSync(library.schemaFile) || !/^[a-z0-9_]+$/.test(title)) {
    log.fatal('Usage: npm run migration:new -- <library> <name_of_the_change>; the library is a folder of prisma/ with a schema.prisma');
    process.exit(1);
  }
  const server = await openScratchServer(log);
  const file = await writeMigration(library, title, server.url);
  await server.close();
  log.info(
    { file },
    file === null ? 'the migrations already say what schema.prisma says' : 'migration written: read it, and add what Prisma cannot say',
  );
}
