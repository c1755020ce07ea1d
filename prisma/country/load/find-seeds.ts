import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findLibraries, type LibraryFolder } from '../../store/migrate/find-libraries.ts';
import type { LibrarySeed } from './library-seed.ts';

/** A library that takes rows from the generated country. */
export type SeededLibrary = LibraryFolder & Readonly<{ seedFile: string }>;

const seedsFolder = join(import.meta.dirname, '../seeds');

/** Every library that has a `seeds/<library>.ts`. */
export function findSeeds(): SeededLibrary[] {
  return findLibraries()
    .map((library) => ({ ...library, seedFile: join(seedsFolder, `${library.name}.ts`) }))
    .filter(({ seedFile }) => existsSync(seedFile));
}

/** Imports one. @throws Error where the file exports no seed. */
export async function readLibrarySeed(seedFile: string): Promise<LibrarySeed> {
  const module: { default?: LibrarySeed } = await import(pathToFileURL(seedFile).href);
  if (!module.default?.tables || !module.default.rows) throw new Error(`${seedFile} must export a LibrarySeed as default`);
  return module.default;
}
