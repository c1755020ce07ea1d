import { openLog } from '@longyuan/settings/log.ts';
import pg from 'pg';
import { openScratchServer } from '../embedded/open-scratch-server.ts';
import { applyMigrations } from './apply-migrations.ts';
import { diffSchema } from './diff-schema.ts';
import { findLibraries, type LibraryFolder } from './find-libraries.ts';

/**
 * Applies a library's migrations to a database that holds nothing of it yet and compares the outcome with its schema.prisma.
 * @returns what a new migration would have to do, as SQL; null when the two agree.
 */
export async function findMissingMigration(library: LibraryFolder, url: string): Promise<string | null> {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  try {
    const outcome = await applyMigrations(library, pool);
    if (outcome.kind === 'refused') throw new Error(outcome.reason);
  } finally {
    await pool.end();
  }
  return diffSchema(library, url);
}

if (import.meta.main) {
  const log = openLog('migrations', { logLevel: 'info' });
  const server = await openScratchServer(log);
  for (const library of findLibraries()) {
    const missing = await findMissingMigration(library, server.url);
    if (missing === null) continue;
    log.error({ library: library.name, missing }, 'schema.prisma says what no migration does: npm run migration:new');
    process.exitCode = 1;
  }
  await server.close();
}
