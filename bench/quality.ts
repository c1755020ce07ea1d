import { setTimeout as wait } from 'node:timers/promises';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { libraryNamed } from '@longyuan/schema/src/read-libraries.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { askWell } from '../test/ask.ts';

/** What a run over a whole library costs everybody else: latencies of one query, without a run and during one. */
const settings = readEnvironment();
const { uscc } = libraryNamed('population');
const url = `http://127.0.0.1:${settings.port}`;
/** The steward of the owner has the run made; a developer of the owner asks for people. */
const steward = { url, token: await askToken(settings, { kind: 'department', uscc, role: 'steward', region: null }) };
const hub = { url, token: await askToken(settings, { kind: 'department', uscc, role: 'developer', region: null }) };
const ASKED_EVERY_MS = 20;
const QUIET_CALLS = 600;
const QUERY = `query($n: String!) { person(idNumber: $n) { name sex birthDate registeredAddress { fullText } } }`;
const { people } = readWorld();

let asked = 0;
async function timeOne(): Promise<number> {
  const startedAt = performance.now();
  const idNumber = people[asked++ % people.length]?.idNumber;
  await askWell(hub, QUERY, { n: idNumber });
  return performance.now() - startedAt;
}

/** Asks at a steady pace, whatever the answers take, for as long as `goesOn` says. */
async function timeWhile(goesOn: () => boolean): Promise<readonly number[]> {
  const times: Promise<number>[] = [];
  while (goesOn()) {
    times.push(timeOne());
    await wait(ASKED_EVERY_MS);
  }
  return Promise.all(times);
}

function say(name: string, times: readonly number[]): void {
  const sorted = times.toSorted((one, other) => one - other);
  const at = (part: number) => `${(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(1)} ms`;
  process.stdout.write(`${name}: ${times.length} calls, p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}\n`);
}

let left = 100;
await timeWhile(() => left-- > 0);
left = QUIET_CALLS;
say('alone', await timeWhile(() => left-- > 0));

const { measureQuality } = await askWell(steward, 'mutation { measureQuality(library: "population") { id } }');
const startedAt = performance.now();
let isDone = false;
let rows = 0;
const watching = (async () => {
  while (!isDone) {
    await wait(250);
    const { qualityRuns } = await askWell(steward, '{ qualityRuns(library: "population", first: 3) { id state rows } }');
    const run = qualityRuns.find((each: { id: string }) => each.id === measureQuality[0].id);
    rows = run.rows;
    isDone = run.state === 'DONE' || run.state === 'FAILED';
  }
})();
say('during a run', await timeWhile(() => !isDone));
await watching;
process.stdout.write(`the run: ${rows} rows in ${((performance.now() - startedAt) / 1000).toFixed(1)} s\n`);
left = QUIET_CALLS;
say('alone again', await timeWhile(() => left-- > 0));
