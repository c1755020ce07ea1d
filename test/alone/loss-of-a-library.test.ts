import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hub } from '@longyuan/deploy/start-hub.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { openOwnerKey } from '@longyuan/trust/keys.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { actAsGateway } from '../act-as-gateway.ts';
import { type Answer, ask, until } from '../ask.ts';
import { findHubPort } from '../free-ports.ts';
import { startQuietly } from '../hubs.ts';
import { patience } from '../patience.ts';

/** One field of the question for each library, so that an answer tells which library was missing. */
const QUESTION = `query($c: ID!, $t: ID!) {
  population: populationStatistics(division: "620000", by: [SEX]) { labels }
  legalEntity: legalEntity(uscc: $c) { name }
  geospatial: division(code: "620000") { name }
  eLicense: licenseTypes(authority: $t) { name }
  credit: permits(uscc: $c) { documentNo }
}`;
const fieldOf = (library: string) => library.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Whoever keeps the machine busy, a library that is well answers within this, and nobody waits much longer for one that is not. */
const LIBRARY_TIMEOUT_MS = patience(1_500);
const REQUEST_TIMEOUT_MS = 10 * LIBRARY_TIMEOUT_MS;

const folder = mkdtempSync(join(tmpdir(), 'longyuan-loss-'));
const [firm] = readWorld().legalEntities;
const variables = { c: firm?.uscc, t: '11100000000013338W' };
let hub: Hub;
let at: { url: string };

beforeAll(async () => {
  const port = await findHubPort();
  at = { url: `http://127.0.0.1:${port}` };
  hub = await startQuietly({
    HUB_PORT: String(port),
    HUB_DATA_DIR: folder,
    HUB_PERSONS: '500',
    HUB_LOG_LEVEL: 'silent',
    HUB_LIBRARY_TIMEOUT_MS: String(LIBRARY_TIMEOUT_MS),
    HUB_REQUEST_TIMEOUT_MS: String(REQUEST_TIMEOUT_MS),
    HUB_HEALTH_INTERVAL_MS: '300',
  });
});
afterAll(async () => {
  await hub?.stop();
  rmSync(folder, { recursive: true });
});

/** Four callers who ask again and again until told to stop; every answer they got, with how long it took. */
function load() {
  const answers: (Answer & { tookMs: number })[] = [];
  let going = true;
  const callers = Array.from({ length: 4 }, async () => {
    while (going) {
      const asked = performance.now();
      const answer = await ask(at, QUESTION, variables);
      answers.push({ ...answer, tookMs: performance.now() - asked });
    }
  });
  return {
    answers,
    end: async () => {
      going = false;
      await Promise.all(callers);
    },
  };
}

const isWhole = async () => (await ask(at, QUESTION, variables)).errors === undefined;

/** A sealed call to a library, made by a gateway that has agreed with it as it runs now; answers with the status, and the reason if there is one. */
async function captureCall(name: string, order: number): Promise<() => Promise<readonly [status: number, reason: unknown]>> {
  const url = `${at.url.slice(0, at.url.lastIndexOf(':'))}:${Number(new URL(at.url).port) + order}`;
  const send = async (path: string, headers: Record<string, string>, body: string) => {
    const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body });
    return { status: answer.status, told: (await answer.json()) as { errors?: { extensions: { reason?: string } }[] } };
  };
  const gateway = await actAsGateway({
    library: name,
    keys: await openWarrantKeys({ dataDir: folder, warrantKeyFile: null }),
    owner: await openOwnerKey(folder, name),
    post: async (path, body) => (await send(path, { 'content-type': 'application/json' }, body)).told,
  });
  const body = JSON.stringify({ query: '{ __typename }' });
  return async () => {
    const { status, told } = await send('/graphql', await gateway.headersFor(body), body);
    return [status, told.errors?.[0]?.extensions.reason];
  };
}

for (const { name, order } of readLibraries()) {
  for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
    test(`${signal} to the library ${name} loses its items alone, and it comes back by itself`, async () => {
      await until('the hub is whole', 30_000, isWhole);
      const pid = hub.pids().get(`The library ${name}`) ?? 0;
      const callOfBefore = await captureCall(name, order);
      expect(await callOfBefore()).toEqual([200, undefined]);
      const callers = load();
      process.kill(pid, signal);
      await until('the loss is noticed', 10_000, async () => callers.answers.some((answer) => answer.errors));
      if (signal === 'SIGSTOP') process.kill(pid, 'SIGCONT');
      await until('the library is back', 30_000, isWhole);
      await callers.end();
      // The gateway has agreed on a new seal by itself; what is sealed with one of before the library started opens nothing.
      expect(await callOfBefore()).toEqual(signal === 'SIGKILL' ? [401, 'SEAL_UNKNOWN'] : [200, undefined]);

      const lossy = callers.answers.filter((answer) => answer.errors);
      for (const { status, data, errors } of lossy) {
        expect(status).toBe(200);
        expect(errors?.map((error) => error.path?.[0])).toEqual([fieldOf(name)]);
        expect(['LIBRARY_UNAVAILABLE', 'LIBRARY_TIMEOUT']).toContain(errors?.[0]?.extensions.code);
        for (const [field, value] of Object.entries(data)) expect(value === null, field).toBe(field === fieldOf(name));
      }
      expect(Math.max(...callers.answers.map((answer) => answer.tookMs))).toBeLessThan(REQUEST_TIMEOUT_MS / 2);
    });
  }
}
