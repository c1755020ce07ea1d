import { createHash } from 'node:crypto';

/** How many times longer than on a quiet machine a fixed piece of work takes here just now, by the clock; at least 1. */
export function measurePace(): number {
  const begun = performance.now();
  let digest = Buffer.alloc(64);
  for (let round = 0; round < ROUNDS; round += 1) digest = createHash('sha512').update(digest).update(JSON.stringify(WORK)).digest();
  return Math.max(1, Math.round(((performance.now() - begun) / QUIET_MS) * 10) / 10);
}

const WORK = Array.from({ length: 50 }, (_, place) => ({ place, name: `陇源 ${place}` }));
const ROUNDS = 15_000;
/** What that took on the quiet machine of two cores for which the limits of the tests were chosen. */
const QUIET_MS = 300;
/** From here on what a test waits for may be late for no reason of the hub's. */
const TOO_SLOW = 8;

/** A line for people about the pace; null where there is nothing to say. */
export function tellPace(pace: number): string | null {
  if (pace < 1.5) return null;
  const slower = `This machine is ${pace} times slower just now than a quiet one of two cores; every time limit of the tests is as much longer.`;
  return pace < TOO_SLOW ? slower : `${slower}\nThat is too slow for tests that wait: what fails here may hold where there is less to do.`;
}

/** As long as `ms` on a quiet machine: what a test waits for at most. How much longer that is here, `vitest.config.ts` has measured. */
export function patience(ms: number): number {
  return ms * Number(process.env['TEST_PACE'] ?? 1);
}
