import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hub } from '@longyuan/deploy/start-hub.ts';
import type { Account } from '@longyuan/identity/account.ts';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { libraryNamed } from '@longyuan/schema/src/read-libraries.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ask, askWell, directoryAnswers, until } from '../ask.ts';
import { findHubPort } from '../free-ports.ts';
import { startQuietly } from '../hubs.ts';

const world = readWorld();
const purpose = world.serviceItems[1]?.implCode ?? '';
const uscc = world.departments.find(({ name }) => name === '甘肃省教育厅')?.uscc ?? '';
const developer = { kind: 'department', uscc, role: 'developer', region: null } as const;
const steward = { kind: 'department', uscc: libraryNamed('population').uscc, role: 'steward', region: null } as const;
const [somebody] = world.people;

const folder = mkdtempSync(join(tmpdir(), 'longyuan-quotas-'));
let environment: Record<string, string>;
let hub: Hub;
let at: { url: string; purpose: string; token: string };

beforeAll(async () => {
  const port = await findHubPort();
  environment = {
    HUB_PORT: String(port),
    HUB_DATA_DIR: folder,
    HUB_PERSONS: '500',
    HUB_LOG_LEVEL: 'silent',
    HUB_LIBRARY_TIMEOUT_MS: '3000',
    HUB_HEALTH_INTERVAL_MS: '300',
  };
  hub = await startQuietly(environment);
  at = { url: `http://127.0.0.1:${port}`, purpose, token: await tokenFor(developer) };
  await directoryAnswers(at);
});
afterAll(async () => {
  await hub?.stop();
  rmSync(folder, { recursive: true });
});

const tokenFor = (account: Account) => askToken(readEnvironment(environment), account, 3_600);
const MINE = '{ myGrants { id callsToday rowsToday } }';
const NAME = 'query($n: String!) { person(idNumber: $n) { name } }';
/** The name, or the code of the refusal. */
async function askName(): Promise<unknown> {
  const { data, errors } = await ask(at, NAME, { n: somebody?.idNumber });
  return data?.person?.name ?? errors?.[0]?.extensions.code;
}
const isAnswered = async () => (await askName()) === somebody?.name;
async function give(callsPerDay: number): Promise<string> {
  const input = {
    ...{ resource: '101001/1', items: ['P001', 'P002'].map((code) => ({ code, access: 'READ' })), purposes: [purpose] },
    ...{ basis: 'test', scenario: `crash ${callsPerDay}`, division: '620000', level: 3, callsPerDay },
    until: new Date(Date.now() + 86_400_000).toISOString(),
  };
  const { apply } = await askWell(at, 'mutation($input: ApplicationInput!) { apply(input: $input) { no } }', { input });
  const answering = 'mutation($no: ID!) { answer(no: $no, decision: GRANT) { grant { id } } }';
  const { answer } = await askWell({ ...at, token: await tokenFor(steward) }, answering, { no: apply.no });
  return answer.grant.id;
}
const revoke = async (id: string) =>
  askWell({ ...at, token: await tokenFor(steward) }, 'mutation($id: ID!) { revokeGrant(id: $id, reason: "the test is over") { id } }', {
    id,
  });
const usedOf = async (id: string) => {
  const { myGrants } = await askWell(at, MINE);
  return myGrants.find((grant: { id: string }) => grant.id === id);
};
const pidOf = (process: string) => hub.pids().get(process) ?? 0;

test('a hub whose gateway is ended by kill -9, and one that is started anew, know that three of three calls are used', async () => {
  const id = await give(3);
  // Where the machine is too busy to answer in time the call is given back.
  for (let call = 0; call < 3; call += 1) await until('a name is answered', 60_000, isAnswered);
  const pid = pidOf('The gateway');
  process.kill(pid, 'SIGKILL');
  await until('the gateway is started again', 30_000, async () => {
    if (pidOf('The gateway') === pid) return false;
    const answer = await ask(at, MINE).catch(() => null);
    return answer?.data?.myGrants?.some((grant: { id: string }) => grant.id === id) === true;
  });
  expect(await usedOf(id)).toEqual({ id, callsToday: 3, rowsToday: 3 });
  expect(await askName()).toBe('QUOTA_EXCEEDED');

  await hub.stop();
  hub = await startQuietly(environment);
  await until('the hub knows the grant', 30_000, async () => (await ask(at, MINE)).data?.myGrants?.length > 0);
  expect(await usedOf(id)).toEqual({ id, callsToday: 3, rowsToday: 3 });
  expect(await askName()).toBe('QUOTA_EXCEEDED');
  await revoke(id);
});

test('a call that a silent library failed to answer is not spent', async () => {
  const id = await give(2);
  await until('a name is answered', 60_000, isAnswered);
  const pid = pidOf('The library population');
  process.kill(pid, 'SIGSTOP');
  try {
    expect(['LIBRARY_TIMEOUT', 'LIBRARY_UNAVAILABLE']).toContain(await askName());
    expect(await usedOf(id)).toEqual({ id, callsToday: 1, rowsToday: 1 });
  } finally {
    process.kill(pid, 'SIGCONT');
  }
  await until('the library answers again', 60_000, isAnswered);
  expect(await usedOf(id)).toEqual({ id, callsToday: 2, rowsToday: 2 });
  expect(await askName()).toBe('QUOTA_EXCEEDED');
});
