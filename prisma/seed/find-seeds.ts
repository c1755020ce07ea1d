import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findLibraries, type LibraryFolder } from '../migrate/find-libraries.ts';
import type { LibrarySeed } from './library-seed.ts';

/** A library that takes rows from the generated country. */
export type SeededLibrary = LibraryFolder & Readonly<{ seedFile: string }>;

/** Every `prisma/<library>/seed.ts` beside a `schema.prisma`. */
export function findSeeds(): SeededLibrary[] {
  return findLibraries()
    .map((library) => ({ ...library, seedFile: join(library.folder, 'seed.ts') }))
    .filter(({ seedFile }) => existsSync(seedFile));
}

/** Whether the made-up country has rows for a library; one without a seed stays as its department keeps it. */
export function hasSeed(library: string): boolean {
  return findSeeds().some(({ name }) => name === library);
}

/** Imports one. @throws Error where the file exports no seed. */
export async function readLibrarySeed(seedFile: string): Promise<LibrarySeed> {
  const module: { default?: LibrarySeed } = await import(pathToFileURL(seedFile).href);
  if (!module.default?.tables || !module.default.rows) throw new Error(`${seedFile} must export a LibrarySeed as default`);
  return module.default;
}
