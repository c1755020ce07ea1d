import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Hub, startHub } from '@longyuan/deploy/start-hub.ts';
import type { Account } from '@longyuan/identity/account.ts';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { serviceItems } from '@longyuan/prisma/country/purposes.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import type { TestProject } from 'vitest/node';
import { findHubPort } from './free-ports.ts';
import { grantEverything } from './grant-everything.ts';
import { startPostgresql } from './postgresql.ts';
import { missingServices } from './services.ts';

/** One whole hub that tests may ask and must not change: where it is, and the settings it was started with. */
export type HubUnderTest = Readonly<{
  url: string;
  environment: Readonly<Record<string, string>>;
  /** Process ids by name, as the hub was started. */
  pids: Readonly<Record<string, number>>;
  /** Of a developer whose department was granted everything that can be granted, for `purpose`. */
  token: string;
  purpose: string;
}>;

/** The department that tests ask as where nothing else is said: it owns nothing and is granted everything. */
const ASKING = '116299010000001667';

declare module 'vitest' {
  interface ProvidedContext {
    embedded: HubUnderTest;
    /** Null where Debian's PostgreSQL is not installed. */
    postgresql: HubUnderTest | null;
  }
}

const PERSONS = '2500';
/** Whole hubs share the machine with each other and with what tests them. */
const patience = { HUB_LIBRARY_TIMEOUT_MS: '8000', HUB_REQUEST_TIMEOUT_MS: '20000' };

/** Here the made-up country's rows are told to be as fresh as on the day they were made for. */
const standingStill = { HUB_STILL_DAY: 'on' };

/** Starts the hub over the embedded PostgreSQL and, where Debian's is installed, over that one too, both with the same people. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'longyuan-test-'));
  const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true })];
  const end = async () => {
    for (const each of ends.reverse()) await each();
  };
  const open = async (name: string, more: Record<string, string> = {}): Promise<HubUnderTest> => {
    const port = await findHubPort();
    const environment = {
      HUB_PORT: String(port),
      HUB_DATA_DIR: join(folder, name),
      HUB_PERSONS: PERSONS,
      HUB_LOG_LEVEL: 'warn',
      ...patience,
      HUB_QUALITY_INTERVAL_HOURS: '0',
      ...more,
    };
    const hub = await startQuietly(environment);
    ends.push(() => hub.stop());
    const pids = Object.fromEntries(hub.pids());
    return { url: `http://127.0.0.1:${port}`, environment, pids, ...(await allowEverything(port, environment)) };
  };
  try {
    project.provide('embedded', await open('embedded'));
    const missing = missingServices('postgresql', 'postgis');
    if (missing === null) {
      const server = startPostgresql((await findHubPort()) + 20);
      ends.push(server.stop);
      project.provide('postgresql', await open('postgresql', { HUB_POSTGRES_URL: server.url, ...standingStill }));
    } else {
      process.stdout.write(`skipped: everything over a PostgreSQL server (${missing})\n`);
      project.provide('postgresql', null);
    }
  } catch (error) {
    await end();
    throw error;
  }
  return end;
}

/** Has everything granted to the asking department, and gives its developer's token. */
export async function allowEverything(
  port: number,
  environment: Readonly<Record<string, string>>,
): Promise<{ token: string; purpose: string }> {
  const settings = readEnvironment(environment);
  const tokenFor = (account: Account) => askToken(settings, account, 6 * 3_600);
  await grantEverything({ url: `http://127.0.0.1:${port}` }, ASKING, tokenFor);
  const token = await tokenFor({ kind: 'department', uscc: ASKING, role: 'developer', region: null });
  return { token, purpose: serviceItems[0]?.implCode ?? '' };
}

/** Starts a hub whose children read these settings; its lines for people are kept, and shown only when it fails. */
export async function startQuietly(environment: Readonly<Record<string, string>>): Promise<Hub> {
  const lines: string[] = [];
  const hub = startHub(readEnvironment(environment), (line) => lines.push(line), environment);
  await hub.started.catch(async (error: Error) => {
    await hub.stop();
    throw new Error(`${error.message}\n${lines.join('\n')}`, { cause: error });
  });
  return hub;
}
