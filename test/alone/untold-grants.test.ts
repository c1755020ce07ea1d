import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hub } from '@longyuan/deploy/start-hub.ts';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AskedHub, ask, directoryAnswers, until } from '../ask.ts';
import { findHubPort } from '../free-ports.ts';
import { startQuietly } from '../hubs.ts';

/** The civil affairs department holds grants of every library for this errand; 残联 holds none of credit's. */
const CIVIL_AFFAIRS = '甘肃省民政厅';
const WITHOUT_CREDIT = '甘肃省残疾人联合会';
const { departments, grants, people, legalEntities } = readWorld();
const usccOf = (name: string) => departments.find((each) => each.name === name)?.uscc ?? '';

const QUESTION = `query($person: String!, $firm: ID!) {
  person(idNumber: $person) { name credit { grade } }
  legalEntity(uscc: $firm) { name }
}`;
const variables = { person: people[0]?.idNumber ?? '', firm: legalEntities[0]?.uscc ?? '' };
const EXPLAIN = `{ explainAccess(query: ${JSON.stringify(`{ person(idNumber: "${variables.person}") { credit { grade } } }`)}) {
  isWhole items { coordinate access code missing rule grantedBy { name } } } }`;
const MINE = '{ held: myGrants { library } }';

const folder = mkdtempSync(join(tmpdir(), 'longyuan-untold-'));
let hub: Hub;
let holder: AskedHub;
let other: AskedHub;

beforeAll(async () => {
  const port = await findHubPort();
  const environment = {
    ...{ HUB_PORT: String(port), HUB_DATA_DIR: folder, HUB_PERSONS: '1200', HUB_LOG_LEVEL: 'silent' },
    ...{ HUB_HEALTH_INTERVAL_MS: '300', HUB_LIBRARY_TIMEOUT_MS: '2500' },
  };
  hub = await startQuietly(environment);
  const purpose = grants.find(({ consumer }) => consumer === usccOf(CIVIL_AFFAIRS))?.purposes[0] ?? '';
  const asDepartment = async (name: string): Promise<AskedHub> => {
    const account = { kind: 'department', uscc: usccOf(name), role: 'developer', region: null } as const;
    return { url: `http://127.0.0.1:${port}`, token: await askToken(readEnvironment(environment), account, 3_600), purpose };
  };
  [holder, other] = [await asDepartment(CIVIL_AFFAIRS), await asDepartment(WITHOUT_CREDIT)];
});
afterAll(async () => {
  await hub?.stop();
  rmSync(folder, { recursive: true });
});

const pidOf = (line: string) => hub.pids().get(line) ?? 0;
const isAnswered = async () => (await ask(holder, QUESTION, variables)).errors === undefined;

test('while a library is away since the gateway started, nobody is told that they hold no grant of it, and its values are shown to nobody', async () => {
  await directoryAnswers(holder);
  await until('the hub answers', 30_000, isAnswered);
  const gateway = pidOf('The gateway');
  process.kill(pidOf('The library credit'), 'SIGSTOP');
  process.kill(gateway, 'SIGKILL');
  await until('the gateway is another', 30_000, async () => pidOf('The gateway') !== gateway);
  await until('it answers', 30_000, async () => (await ask(holder, '{ __typename }').catch(() => null))?.status === 200);
  await directoryAnswers(holder);
  await until('the other owners have told', 10_000, async () => ((await ask(holder, MINE)).data?.held.length ?? 0) > 0);

  const { data, errors = [] } = await ask(holder, QUESTION, variables);
  // What is known of the others works.
  expect(data).toMatchObject({ person: { name: people[0]?.name }, legalEntity: { name: legalEntities[0]?.name } });
  expect(data.person.credit?.grade ?? null).toBeNull();
  expect([...new Set(errors.map(({ extensions }) => extensions.library))]).toEqual(['credit']);
  for (const { extensions } of errors) {
    expect(['LIBRARY_UNAVAILABLE', 'LIBRARY_TIMEOUT']).toContain(extensions.code);
    expect(extensions['apply']).toBeUndefined();
  }
  // Neither is who holds none told so.
  const without = await ask(other, QUESTION, variables);
  const ofCredit = without.errors?.filter(({ path }) => path?.includes('credit')) ?? [];
  expect(ofCredit.map(({ extensions }) => extensions.code)).not.toContain('ITEM_NOT_GRANTED');
  expect(ofCredit.length).toBeGreaterThan(0);

  const { explainAccess } = (await ask(holder, EXPLAIN)).data;
  expect(explainAccess).toMatchObject({
    isWhole: false,
    items: expect.arrayContaining([
      expect.objectContaining({ coordinate: 'Person.credit', code: 'LIBRARY_UNAVAILABLE', missing: 'FRESH_GRANTS', grantedBy: null }),
    ]),
  });

  const mine = await ask(holder, MINE);
  const libraries = new Set(mine.data.held.map(({ library }: { library: string }) => library));
  expect([libraries.has('population'), libraries.has('credit')]).toEqual([true, false]);
  expect(mine.errors).toMatchObject([
    { path: ['held'], message: expect.stringContaining('信用'), extensions: { code: 'LIBRARY_UNAVAILABLE', library: 'credit' } },
  ]);

  // The same of applications: those of the others are listed.
  const listed = await ask(holder, '{ applications { nodes { library } } }');
  expect(listed.data.applications.nodes.map(({ library }: { library: string }) => library)).toContain('population');
  expect(listed.errors).toMatchObject([{ path: ['applications'], extensions: { library: 'credit' } }]);

  process.kill(pidOf('The library credit'), 'SIGCONT');
  await until('the library is back', 60_000, isAnswered);
  await until('its owner has told', 10_000, async () => (await ask(holder, MINE)).errors === undefined);
  expect((await ask(other, QUESTION, variables)).errors?.map(({ extensions }) => extensions.code)).toContain('ITEM_NOT_GRANTED');
});
