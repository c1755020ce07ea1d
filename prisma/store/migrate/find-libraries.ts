import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** One library's place in the store: its folder and what stands in it. `name` is the folder's, `e-license`. */
export type LibraryFolder = Readonly<{ name: string; folder: string; schemaFile: string; migrationsFolder: string; clientFolder: string }>;

const prismaFolder = join(import.meta.dirname, '../..');

/** Every library that stores something: each `prisma/<name>/schema.prisma`, in the order of the alphabet. */
export function findLibraries(parent: string = prismaFolder): LibraryFolder[] {
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(parent, entry.name, 'schema.prisma')))
    .map((entry) => openLibraryFolder(entry.name, parent))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** The places of the library called `name`; nothing is read, so it may not exist yet. */
export function openLibraryFolder(name: string, parent: string = prismaFolder): LibraryFolder {
  const folder = join(parent, name);
  return Object.freeze({
    name,
    folder,
    schemaFile: join(folder, 'schema.prisma'),
    migrationsFolder: join(folder, 'migrations'),
    clientFolder: join(folder, 'client'),
  });
}
