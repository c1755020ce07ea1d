import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { libraryNamed, readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { endWhenTold, tellSupervisor } from '@longyuan/settings/end-process.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { describeFault } from '@longyuan/settings/fault.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { logKeyTrouble } from '@longyuan/settings/log-key-trouble.ts';
import { readPurposes } from '@longyuan/settings/purposes.ts';
import { openTracing } from '@longyuan/telemetry/open-tracing.ts';
import { openWarrantCheckingKeys } from '@longyuan/trust/follow-keys.ts';
import type { LibraryDefinition } from './serve/define-library.ts';
import { openOwnKey } from './serve/desks/grants/open-own-key.ts';
import { startLibrary } from './serve/start-library.ts';

// A fault is logged with all of its frames.
Error.stackTraceLimit = 25;

/**
 * Starts the library named on the command line, alone in this process: `node subgraphs/main.ts credit`. With `--waits-for-rows` it is not ready
 * until its store has been filled by `npm run seed`.
 */
async function main(words: readonly string[]): Promise<void> {
  const settings = readEnvironment();
  const { positionals, values } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: { 'waits-for-rows': { type: 'boolean', default: false } },
  });
  const library = libraryNamed(positionals[0] ?? '', readLibraries(settings.schemaFolder));
  const log = openLog(library.name, settings);
  const tracing = await openTracing(library.name, settings, log);
  process.once('uncaughtException', (error) => {
    log.fatal({ err: error, stack: describeFault(error).stack }, 'the library cannot go on');
    process.exit(1);
  });
  const running = await startLibrary(await readDefinition(library.name), {
    settings,
    port: settings.port + library.order,
    warrantKeys: await openWarrantCheckingKeys(settings, (error) => logKeyTrouble(log, error)),
    ownerKey: await openOwnKey({ settings, library: library.name, log }),
    log,
    tracing,
    purposes: readPurposes(settings.purposesFile),
    waitsForRows: values['waits-for-rows'],
  });

  let isClosing = false;
  const close = (why: string): void => {
    if (isClosing) return;
    isClosing = true;
    log.info({ why }, 'closing');
    // A statement under way may hold the close up; the supervisor must not wait for it.
    setTimeout(() => process.exit(1), CLOSE_WITHIN_MS).unref();
    running
      .close()
      .then(tracing.close)
      .then(
        () => process.exit(process.exitCode ?? 0),
        () => process.exit(1),
      );
  };
  endWhenTold(close);

  tellSupervisor({ kind: 'ready' });
  log.info({ url: running.url }, 'listening');
  running.ready.then(
    () => log.info('ready'),
    (error: unknown) => {
      if (isClosing) return;
      // The reason is the hub's own sentence or a database's code; it stands here because nothing else says why the process ends.
      log.error(
        { err: error, ...(error instanceof Error && !('code' in error) && { reason: error.message }) },
        'the library cannot become ready',
      );
      process.exitCode = 1;
      close('it cannot become ready');
    },
  );
}

const CLOSE_WITHIN_MS = 5_000;

/** Imports `./<library>/server.ts`, found by the library's name. @throws Error when the library has SDL but no code. */
async function readDefinition(name: string): Promise<LibraryDefinition> {
  const file = new URL(`./${name}/server.ts`, import.meta.url);
  if (!existsSync(file)) throw new Error(`The library "${name}" has no subgraphs/${name}/server.ts.`);
  const module: { default: LibraryDefinition } = await import(file.href);
  return module.default;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
