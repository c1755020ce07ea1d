import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHub } from '@longyuan/deploy/start-hub.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { heapEnvironment, readHeaps } from '@longyuan/test/documents/read-heaps.ts';
import { sendDocuments } from '@longyuan/test/documents/send-documents.ts';
import { findHubPort } from '../test/free-ports.ts';

/**
 * `npm run bench [documents]`: sends a hub of its own documents of which no two are alike, valid and not, 8 at a time, and prints the heap of
 * every process after a forced collection: at the start, after the 5,000th and at the end. Ends with 1 where one grew by more than a tenth
 * in between.
 */
const DOCUMENTS = Number(process.argv[2] ?? 50_000);
const FIRST = Math.min(5_000, DOCUMENTS / 2);
const MOST_GROWTH = 1.1;
const AT_ONCE = 8;

const say = (line: string) => process.stdout.write(`${line}\n`);
const folder = mkdtempSync(join(tmpdir(), 'longyuan-documents-'));
const environment = {
  HUB_PORT: String(await findHubPort()),
  HUB_DATA_DIR: process.env['HUB_DATA_DIR'] ?? folder,
  HUB_PERSONS: process.env['HUB_PERSONS'] ?? '500',
  HUB_LOG_LEVEL: 'error',
  HUB_QUALITY_INTERVAL_HOURS: '0',
  ...heapEnvironment(folder),
};
const hub = startHub(readEnvironment(environment), () => {}, environment);
const answers = new Map<string, number>();
let isLevel = true;
try {
  await hub.started;
  const url = `http://127.0.0.1:${environment.HUB_PORT}`;
  const known = { uscc: readWorld().legalEntities[0]?.uscc ?? '', authority: '11100000000013338W' };
  const send = async (from: number, to: number): Promise<void> => {
    const told = await sendDocuments({ url, known, from, to, atOnce: AT_ONCE });
    for (const [answer, times] of told) answers.set(answer, (answers.get(answer) ?? 0) + times);
  };
  const atStart = await readHeaps(hub, folder);
  const began = performance.now();
  await send(0, FIRST);
  const first = await readHeaps(hub, folder);
  await send(FIRST, DOCUMENTS);
  const last = await readHeaps(hub, folder);
  say(
    `${DOCUMENTS} documents in ${((performance.now() - began) / 1_000).toFixed(0)} s, answered ${JSON.stringify(Object.fromEntries(answers))}`,
  );
  say(`heap in MB at the start, after document ${FIRST}, after document ${DOCUMENTS}, growth between the two`);
  for (const [name, bytes] of last) {
    const growth = bytes / (first.get(name) ?? 1);
    if (growth > MOST_GROWTH) isLevel = false;
    say(`  ${name.padEnd(28)} ${[atStart.get(name) ?? 0, first.get(name) ?? 0, bytes].map(inMegabytes).join('  ')}  ${growth.toFixed(3)}`);
  }
} finally {
  await hub.stop();
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = isLevel ? 0 : 1;

function inMegabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1).padStart(6);
}
