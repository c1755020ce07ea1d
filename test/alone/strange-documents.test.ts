import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hub } from '@longyuan/deploy/start-hub.ts';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/world.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { directoryAnswers } from '../ask.ts';
import { heapEnvironment, readHeaps } from '../documents/read-heaps.ts';
import { sendDocuments } from '../documents/send-documents.ts';
import { sendStrangeRequests } from '../documents/send-strange-requests.ts';
import { findHubPort } from '../free-ports.ts';
import { startQuietly } from '../hubs.ts';

/** Documents until every cache is as full as it gets, and those that are sent then. */
const WARM_UP = 3_000;
const MEASURED = 3_000;
const MOST_GROWTH = 1.1;
const REQUESTS = 5_000;
/** Whom nobody stops from asking for long. */
const MINUTES = 4 * 60_000;

const folder = mkdtempSync(join(tmpdir(), 'longyuan-documents-'));
let hub: Hub;
let environment: Readonly<Record<string, string>>;
let url: string;

beforeAll(async () => {
  const port = await findHubPort();
  environment = {
    HUB_PORT: String(port),
    HUB_DATA_DIR: join(folder, 'data'),
    HUB_PERSONS: '500',
    HUB_LOG_LEVEL: 'silent',
    HUB_LIBRARY_TIMEOUT_MS: '8000',
    HUB_REQUEST_TIMEOUT_MS: '20000',
    HUB_QUALITY_INTERVAL_HOURS: '0',
    ...heapEnvironment(folder),
  };
  url = `http://127.0.0.1:${port}`;
  hub = await startQuietly(environment);
  await directoryAnswers({ url });
});
afterAll(async () => {
  await hub?.stop();
  rmSync(folder, { recursive: true });
});

test(
  'whoever sends ever other documents, right ones and wrong ones, leaves no process with more memory than it had',
  async () => {
    const pids = hub.pids();
    const known = { uscc: readWorld().legalEntities[0]?.uscc ?? '', authority: '11100000000013338W' };
    await sendDocuments({ url, known, from: 0, to: WARM_UP, atOnce: 8 });
    const before = await readHeaps(hub, folder);
    const answers = await sendDocuments({ url, known, from: WARM_UP, to: WARM_UP + MEASURED, atOnce: 8 });
    const after = await readHeaps(hub, folder);
    const grown = [...after].flatMap(([name, bytes]) => (bytes > (before.get(name) ?? 0) * MOST_GROWTH ? [{ name, bytes, before }] : []));
    expect(grown).toEqual([]);
    // A third was answered, and nobody died of the rest.
    expect(answers.get('200')).toBeGreaterThan(MEASURED / 4);
    expect(new Set(answers.keys())).toEqual(
      new Set(['200', '400 BAD_USER_INPUT', '400 OPERATION_TOO_COSTLY', '401 UNAUTHENTICATED', '200 BAD_USER_INPUT']),
    );
    expect(hub.pids()).toEqual(pids);
  },
  MINUTES,
);

test(
  'of 5,000 strange requests none is a fault of the hub, and none takes a second of processor time',
  async () => {
    const settings = readEnvironment(environment);
    const [person] = readWorld().people;
    const tokens = await Promise.all([
      askToken(settings, { kind: 'department', uscc: '116299010000001667', role: 'developer', region: null }),
      askToken(settings, { kind: 'person', idNumber: person?.idNumber ?? '' }),
    ]);
    const pids = hub.pids();
    const wrong = await sendStrangeRequests({ url, pids: [...pids.values()], tokens, seed: 20_261_130, requests: REQUESTS });
    expect(wrong).toEqual([]);
    expect(hub.pids()).toEqual(pids);
  },
  MINUTES,
);
