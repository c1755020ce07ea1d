import { readEnvironment } from '@longyuan/settings/environment.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { embeddedAddress } from '../connect/database-url.ts';
import { lockFolder } from './lock-folder.ts';
import { openStore } from './open-store.ts';
import { serveWire } from './serve-wire.ts';

// The embedded PostgreSQL, a process of its own. Its supervisor hears { kind: 'ready' } or { kind: 'refused', reason }.

const settings = readEnvironment();
const log = openLog('embedded-postgres', settings);
const startedAt = performance.now();

let isClosing = false;
let close = async (): Promise<void> => {};
// Ctrl-C reaches every process of the terminal, and the supervisor sends its own signal after it: only the first counts.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => closeOnce(signal));
// A supervisor that was killed can send no signal, but its channel ends; staying would keep the folder locked.
process.on('disconnect', () => closeOnce('the supervisor is gone'));

// What PostgreSQL's WebAssembly throws is beyond repair here: leave, and let the next start recover.
process.on('uncaughtException', (error) => {
  log.fatal({ err: error }, 'the embedded PostgreSQL failed; it will recover at its next start');
  process.exit(1);
});

const lock = await lockFolder(settings.dataDir, 5_000);
if (lock.kind === 'refused') {
  await refuse(
    `The folder ${settings.dataDir} is in use by a hub that is running (process ${lock.holder}). ` +
      'Stop that one, or give this one a folder of its own with HUB_DATA_DIR.',
  );
} else {
  close = async () => lock.release();
  const database = await openStore(settings.dataDir, sayMaking).catch(async (error: unknown) => {
    lock.release();
    return refuse(
      `The embedded PostgreSQL in ${settings.dataDir} could not be opened: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  close = async () => {
    await database.close();
    lock.release();
  };
  const { host, port } = embeddedAddress(settings);
  const server = await serveWire(database, { host, port, maxConnections: 128, idleTransactionMs: 5_000, log }).catch(
    async (error: unknown) => {
      await close();
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
      return refuse(`Port ${port} is taken by another program. Stop that one, or move all ports of the hub with HUB_PORT.`);
    },
  );
  close = async () => {
    await server.stop();
    await database.close();
    lock.release();
  };
  log.info({ port, ms: Math.round(performance.now() - startedAt) }, 'the embedded PostgreSQL is ready');
  process.send?.({ kind: 'ready' });
}

function sayMaking(): void {
  log.info({ folder: settings.dataDir }, 'making the embedded PostgreSQL: once, some ten seconds');
}

/** Before the store is open there is nothing to close: it survives being left just as it survives kill -9. */
function closeOnce(why: string): void {
  if (isClosing) return;
  isClosing = true;
  log.info({ why }, 'the embedded PostgreSQL closes');
  close().then(
    () => process.exit(0),
    (error: unknown) => {
      log.error({ err: error }, 'the embedded PostgreSQL did not close cleanly; it will recover at its next start');
      process.exit(1);
    },
  );
}

async function refuse(reason: string): Promise<never> {
  log.fatal(reason);
  // Said before leaving: a message under way is lost when the process exits.
  await new Promise<void>((resolve) =>
    process.send === undefined ? resolve() : process.send({ kind: 'refused', reason }, () => resolve()),
  );
  process.exit(1);
}
