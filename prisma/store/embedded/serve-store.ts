import { parentPort } from 'node:worker_threads';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { EMBEDDED_USER, embeddedAddress, openEmbeddedPassword } from '../connect/database-url.ts';
import { tellTrouble } from './check-store-files.ts';
import { openStore } from './open-store.ts';
import { serveWire } from './serve-wire.ts';
import { openSession } from './session.ts';

// A thread of main.ts, which holds the folder's lock: the store, its one session and the server for it. Ends when it is told to close.

/** What is said of the store. */
export type StoreWord = Readonly<{ kind: 'ready' } | { kind: 'refused'; reason: string }>;

const settings = readEnvironment();
const { dataDir } = settings;
const log = openLog('embedded-postgres', settings);
const startedAt = performance.now();

const password = await openEmbeddedPassword(dataDir).catch((error: unknown) => refuse(messageOf(error)));
const database = await openStore(dataDir, sayMaking).catch((error: unknown) =>
  refuse(`The embedded PostgreSQL in ${dataDir} could not be opened: ${tellTrouble(error, `${dataDir}/postgres`)}`),
);
const session = openSession(database);
const account = { user: EMBEDDED_USER, password };
const { host, port } = embeddedAddress(settings);
const server = await serveWire(session, { host, port, account, maxConnections: 128, idleTransactionMs: 5_000, log }).catch(
  async (error: unknown) => {
    await database.close();
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error;
    return refuse(`Port ${port} is taken by another program. Stop that one, or move all ports of the hub with HUB_PORT.`);
  },
);
parentPort?.on('message', () => {
  closeAll().then(
    () => process.exit(0),
    (error: unknown) => {
      log.error({ err: error }, 'the embedded PostgreSQL did not close cleanly; it will recover at its next start');
      process.exit(1);
    },
  );
});
log.info({ port, ms: Math.round(performance.now() - startedAt) }, 'the embedded PostgreSQL is ready');
say({ kind: 'ready' });

async function closeAll(): Promise<void> {
  await server.stop();
  log.info({ failedStatements: session.failedStatements() }, 'the embedded PostgreSQL serves nobody any more');
  await database.close();
}

function sayMaking(): void {
  log.info({ folder: dataDir }, 'making the embedded PostgreSQL: once, some ten seconds');
}

function say(word: StoreWord): void {
  parentPort?.postMessage(word);
}

/** The other thread hears of it and ends the process. */
function refuse(reason: string): Promise<never> {
  say({ kind: 'refused', reason });
  // This thread must not end before the other has told it.
  return new Promise(() => setInterval(() => {}, 60_000));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
