import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findHubPort } from '../test/free-ports.ts';
import { startQuietly } from '../test/hubs.ts';

/**
 * `node bench/idle.ts [seconds] [data folder]`: what a hub that nobody asks costs. Starts a hub (over a data folder that is filled already, or
 * a new one of 2,500 people), lets it settle, and prints the CPU time of each of its processes by /proc/<pid>/stat, in percent of one core.
 */
const SECONDS = Number(process.argv[2] ?? 60);
/** After some minutes of rest V8 gives back what the start has taken, once. */
const SETTLE_SECONDS = 200;
/** Linux counts CPU time in hundredths of a second (USER_HZ). */
const TICKS_A_SECOND = 100;

const given = process.argv[3];
const folder = given ?? mkdtempSync(join(tmpdir(), 'longyuan-idle-'));
const hub = await startQuietly({
  ...{ HUB_PORT: process.env['HUB_PORT'] ?? String(await findHubPort()), HUB_DATA_DIR: folder, HUB_PERSONS: '2500', HUB_LOG_LEVEL: 'warn' },
});
try {
  await wait(SETTLE_SECONDS * 1_000);
  const before = readTicks();
  const startedAtMs = performance.now();
  await wait(SECONDS * 1_000);
  const seconds = (performance.now() - startedAtMs) / 1_000;
  const rows = [...readTicks()].map(([name, ticks]) => ({
    name,
    percent: ((ticks - (before.get(name) ?? 0)) / TICKS_A_SECOND / seconds) * 100,
  }));
  for (const { name, percent } of rows) process.stdout.write(`${name.padEnd(28)} ${percent.toFixed(2)} %\n`);
  const sum = rows.reduce((total, { percent }) => total + percent, 0);
  process.stdout.write(`${'all'.padEnd(28)} ${sum.toFixed(2)} % of a core, over ${seconds.toFixed(0)} s\n`);
} finally {
  await hub.stop();
  if (given === undefined) rmSync(folder, { recursive: true });
}

/** CPU time of each process of the hub, its own and the kernel's for it. */
function readTicks(): ReadonlyMap<string, number> {
  return new Map(
    [...hub.pids()].map(([name, pid]) => {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The name in parentheses may hold spaces; utime and stime are the 14th and 15th fields.
      const [utime, stime] = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .slice(11, 13)
        .map(Number);
      return [name, (utime ?? 0) + (stime ?? 0)] as const;
    }),
  );
}
