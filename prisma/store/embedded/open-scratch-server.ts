import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { EMBEDDED_OFFSET, EMBEDDED_USER, openEmbeddedPassword } from '../connect/database-url.ts';
import { openStoreInMemory } from './open-store.ts';
import { serveWire } from './serve-wire.ts';
import { openSession } from './session.ts';

/** A PostgreSQL for tools and tests: in memory, empty, on a free port, gone when closed. */
export type ScratchServer = Readonly<{
  /** With the password. */
  url: string;
  port: number;
  /** Settings of a hub whose embedded PostgreSQL this is. */
  settings: Pick<Settings, 'port' | 'dataDir' | 'postgres'>;
  /** How many statements have failed so far. */
  failedStatements(): number;
  close(): Promise<void>;
}>;

const cacheFolder = join(import.meta.dirname, '../../node_modules/.cache');

/** Starts one in this process; it takes some seconds, so share it. */
export async function openScratchServer(log: Logger, idleTransactionMs = 30_000): Promise<ScratchServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'longyuan-scratch-'));
  const password = await openEmbeddedPassword(dataDir);
  const database = await openStoreInMemory(cacheFolder);
  const session = openSession(database);
  const account = { user: EMBEDDED_USER, password };
  const server = await serveWire(session, { host: '127.0.0.1', port: 0, account, maxConnections: 64, idleTransactionMs, log });
  return {
    url: `postgresql://${EMBEDDED_USER}:${password}@127.0.0.1:${server.port}/scratch`,
    port: server.port,
    settings: { port: server.port - EMBEDDED_OFFSET, dataDir, postgres: { serverUrl: null, urlByLibrary: {} } },
    failedStatements: session.failedStatements,
    close: async () => {
      await server.stop();
      await database.close();
      rmSync(dataDir, { recursive: true });
    },
  };
}
