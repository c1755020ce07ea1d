import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LibraryFolder } from './find-libraries.ts';

/** One migration: its folder's name (`20261124132000_init`), its SQL, and the checksum Prisma keeps of it (SHA-256, hex). */
export type Migration = Readonly<{ name: string; sql: string; checksum: string }>;

/** A library's migrations, oldest first; none when there is no such folder yet. */
export function readMigrations(library: LibraryFolder): Migration[] {
  if (!existsSync(library.migrationsFolder)) return [];
  return readdirSync(library.migrationsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const sql = readFileSync(join(library.migrationsFolder, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}
