import { join } from 'node:path';
import type { Logger } from '@longyuan/settings/log.ts';
import { openStoreInMemory } from './open-store.ts';
import { serveWire } from './serve-wire.ts';

/** A PostgreSQL for tools and tests: in memory, empty, on a free port, gone when closed. */
export type ScratchServer = Readonly<{ url: string; port: number; close(): Promise<void> }>;

const cacheFolder = join(import.meta.dirname, '../node_modules/.cache');

/** Starts one in this process; it takes some seconds, so share it. */
export async function openScratchServer(log: Logger, idleTransactionMs = 30_000): Promise<ScratchServer> {
  const database = await openStoreInMemory(cacheFolder);
  const server = await serveWire(database, { host: '127.0.0.1', port: 0, maxConnections: 64, idleTransactionMs, log });
  return {
    url: `postgresql://longyuan@127.0.0.1:${server.port}/scratch`,
    port: server.port,
    close: async () => {
      await server.stop();
      await database.close();
    },
  };
}
