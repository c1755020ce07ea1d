import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { openLog } from '@longyuan/settings/log.ts';
import { findLibraries, type LibraryFolder } from './find-libraries.ts';

const require = createRequire(import.meta.url);
const prismaPackage = require.resolve('prisma/package.json');

/**
 * Writes `prisma/<library>/client` for every library whose schema or Prisma version is not the one its client was made from.
 * @returns the names of the libraries that were written.
 * @throws Error with Prisma's own words when a schema is not right.
 */
export async function generateClients(
  libraries: readonly LibraryFolder[] = findLibraries(),
  onMaking: (libraries: readonly string[]) => void = () => {},
): Promise<string[]> {
  const waiting = libraries.filter((library) => !isUpToDate(library));
  const written = waiting.map((library) => library.name);
  if (written.length > 0) onMaking(written);
  const worker = async (): Promise<void> => {
    for (let library = waiting.shift(); library !== undefined; library = waiting.shift()) await generate(library);
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker));
  return written;
}

const stampFile = (library: LibraryFolder): string => join(library.clientFolder, '.made-from');

function isUpToDate(library: LibraryFolder): boolean {
  return existsSync(stampFile(library)) && readFileSync(stampFile(library), 'utf8') === stampOf(library);
}

function stampOf(library: LibraryFolder): string {
  return createHash('sha256').update(readFileSync(library.schemaFile)).update(readFileSync(prismaPackage)).digest('hex');
}

async function generate(library: LibraryFolder): Promise<void> {
  const stamp = stampOf(library);
  await promisify(execFile)(
    process.execPath,
    [join(dirname(prismaPackage), 'build/index.js'), 'generate', '--schema', library.schemaFile, '--no-hints'],
    {
      cwd: library.folder,
      env: {
        // Generating needs no engine, but Prisma looks for one and would fetch it; false fails loudly if it is ever run.
        PRISMA_SCHEMA_ENGINE_BINARY: '/bin/false',
        CHECKPOINT_DISABLE: '1',
        PRISMA_HIDE_UPDATE_MESSAGE: '1',
        NO_UPDATE_NOTIFIER: '1',
      },
    },
  ).catch((cause: unknown) => {
    const words = cause instanceof Error && 'stderr' in cause ? String(cause.stderr) : String(cause);
    throw new Error(`The Prisma client of ${library.name} could not be made:\n${words}`, { cause });
  });
  writeFileSync(stampFile(library), stamp);
}

if (import.meta.main) {
  const log = openLog('generate', { logLevel: 'info' });
  const startedAt = performance.now();
  const written = await generateClients(findLibraries(), (making) => log.info({ making }, 'making Prisma clients: some seconds'));
  const ms = Math.round(performance.now() - startedAt);
  if (written.length > 0) log.info({ written, ms }, 'Prisma clients made');
}
