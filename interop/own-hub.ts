import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from '../identity/account.ts';
import { askToken } from '../identity/ask-token.ts';
import { readEnvironment } from '../settings/environment.ts';
import { findHubPort } from '../test/free-ports.ts';
import { startQuietly } from '../test/hubs.ts';

/** Starts a hub of 2,500 people in a folder of its own, for one file of tests. */
export async function startOwnHub(more: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'longyuan-interop-'));
  const port = await findHubPort();
  const environment = { HUB_PORT: String(port), HUB_DATA_DIR: folder, HUB_PERSONS: '2500', HUB_LOG_LEVEL: 'error', ...more };
  const hub = await startQuietly(environment);
  return {
    url: `http://127.0.0.1:${port}`,
    environment,
    tokenFor: (account: Account): Promise<string> => askToken(readEnvironment(environment), account, 3_600),
    stop: async (): Promise<void> => {
      await hub.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
