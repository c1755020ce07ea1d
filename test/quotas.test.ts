import { openDirectory } from '@longyuan/directory/open-directory.ts';
import { startGateway } from '@longyuan/gateway/src/start-gateway.ts';
import type { Account } from '@longyuan/identity/account.ts';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { libraryNamed, readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { openWarrantKeys } from '@longyuan/trust/follow-keys.ts';
import { afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Answer, ask, askWell, directoryAnswers, until } from './ask.ts';
import { findHubPort } from './free-ports.ts';

const world = readWorld();
const population = libraryNamed('population');
const purpose = world.serviceItems[1]?.implCode ?? '';
/** Holds nothing in the world. */
const uscc = world.departments.find(({ name }) => name === '甘肃省教育厅')?.uscc ?? '';
const developer = { kind: 'department', uscc, role: 'developer', region: null } as const;
const steward = { kind: 'department', uscc: population.uscc, role: 'steward', region: null } as const;
const [somebody] = world.people;
const ONE = 'query($n: String!) { person(idNumber: $n) { name } }';
const MANY = 'query($n: [String!]!) { persons(idNumbers: $n) { name } }';

const hubs = [inject('embedded'), inject('postgresql')].filter((hub) => hub !== null);

describe.each(hubs.map((hub) => ({ ...hub, name: hub.environment['HUB_POSTGRES_URL'] ? 'PostgreSQL' : 'embedded' })))(
  'over $name',
  (hub) => {
    const settings = readEnvironment(hub.environment);
    const tokenFor = (account: Account) => askToken(settings, account);
    let token = '';
    const started: { close(): Promise<void> }[] = [];
    const given: string[] = [];

    beforeAll(async () => {
      await directoryAnswers(hub);
      token = await tokenFor(developer);
    });
    afterEach(async () => {
      for (const gateway of started.splice(0)) await gateway.close();
      for (const id of given.splice(0))
        await askAs(steward, 'mutation($id: ID!) { revokeGrant(id: $id, reason: "the test is over") { id } }', { id });
    });
    const askAs = async (account: Account, query: string, variables: Record<string, unknown>) =>
      askWell({ url: hub.url, token: await tokenFor(account) }, query, variables);

    /** Another gateway over the same libraries and the same directory: one that was started anew, or a second one. */
    async function startAnother() {
      const log = openLog('test', settings);
      const libraries = readLibraries();
      const directory = openDirectory({ settings, log, libraries });
      const gateway = await startGateway({
        ...{ settings: { ...settings, port: await findHubPort() }, log, libraries, warrantKeys: await openWarrantKeys(settings) },
        ...{ inner: [directory], stores: directory.stores },
        libraryUrl: (name) => `http://127.0.0.1:${settings.port + libraryNamed(name).order}`,
      });
      started.push(gateway);
      await until('it knows the grants', 20_000, async () => {
        const { data } = await ask(gateway, '{ myGrants { id } }', {}, '/graphql', token);
        return given.every((id) => data?.myGrants?.some((grant: { id: string }) => grant.id === id));
      });
      return gateway;
    }
    async function give(terms: { callsPerDay: number; rowsPerDay?: number }): Promise<string> {
      const input = {
        ...{ resource: '101001/1', items: ['P001', 'P002', 'P010'].map((code) => ({ code, access: 'READ' })), purposes: [purpose] },
        ...{ basis: 'test', scenario: `limits ${process.pid} ${performance.now()}`, division: '620000', level: 3, ...terms },
        until: new Date(Date.now() + 86_400_000).toISOString(),
      };
      const { apply } = await askAs(developer, 'mutation($input: ApplicationInput!) { apply(input: $input) { no } }', { input });
      const { answer } = await askAs(steward, 'mutation($no: ID!) { answer(no: $no, decision: GRANT) { grant { id } } }', { no: apply.no });
      given.push(answer.grant.id);
      return answer.grant.id;
    }
    const askAt = (url: string, query: string, n: unknown): Promise<Answer> => ask({ url, purpose }, query, { n }, '/graphql', token);
    const namesAt = async (url: string, times: number) => {
      const answers = [];
      for (let call = 0; call < times; call += 1) answers.push(await askAt(url, ONE, somebody?.idNumber));
      return answers.map(({ data, errors }) => data?.person?.name ?? errors?.[0]?.extensions.code);
    };
    const usedAt = async (url: string, id: string) => {
      const { data } = await ask({ url }, '{ myGrants { id callsPerDay callsToday rowsPerDay rowsToday } }', {}, '/graphql', token);
      const { id: _, ...used } = data.myGrants.find((grant: { id: string }) => grant.id === id);
      return used;
    };

    test('used up is used up: at the gateway that counted, at another one, and at one that was started anew', async () => {
      const id = await give({ callsPerDay: 3 });
      const { name } = somebody ?? {};
      expect(await namesAt(hub.url, 2)).toEqual([name, name]);
      const first = await startAnother();
      expect(await usedAt(first.url, id)).toEqual({ callsPerDay: 3, callsToday: 2, rowsPerDay: 300, rowsToday: 2 });
      expect(await namesAt(first.url, 2)).toEqual([name, 'QUOTA_EXCEEDED']);
      await started.pop()?.close();
      const anew = await startAnother();
      const explain = `query($query: String!, $variables: String) {
        explainAccess(query: $query, variables: $variables) { isWhole items { access code missing rule } } }`;
      for (const { url } of [anew, hub]) {
        expect(await usedAt(url, id)).toMatchObject({ callsToday: 3, rowsToday: 3 });
        expect(await namesAt(url, 1)).toEqual(['QUOTA_EXCEEDED']);
        // Said before as well, and nothing is spent by asking.
        const asked = { query: ONE, variables: JSON.stringify({ n: somebody?.idNumber }) };
        const { data } = await ask({ url, purpose }, explain, asked, '/graphql', token);
        const rule = expect.stringContaining(`The grant ${id} gives 3 calls a day, of which 0 are left until `);
        const items = [{ access: 'REFUSED', code: 'QUOTA_EXCEEDED', missing: 'QUOTA', rule }];
        expect(data?.explainAccess).toEqual({ isWhole: false, items });
        expect(await usedAt(url, id)).toMatchObject({ callsToday: 3, rowsToday: 3 });
      }
    });

    test('one call a day reads as many people as it may, and not one of them more', async () => {
      const id = await give({ callsPerDay: 1 });
      const people = world.people.map(({ idNumber }) => idNumber);
      const n = Array.from({ length: 1_000 }, (_, place) => people[place % people.length]);
      const two = 'query($n: [String!]!) { a: persons(idNumbers: $n) { name } b: persons(idNumbers: $n) { name } }';
      const { data, errors } = await askAt(hub.url, two, n);
      expect(data).toBeNull();
      expect(errors).toHaveLength(1);
      expect(errors?.[0]?.extensions).toMatchObject({
        ...{ code: 'QUOTA_EXCEEDED', limit: id, term: 'rowsPerDay', value: 100, left: 100, resource: '101001/1' },
      });
      const resetsAt = Date.parse(String(errors?.[0]?.extensions['resetsAt']));
      expect(new Date(resetsAt + 8 * 3_600_000).toISOString()).toMatch(/T00:00:00/);
      expect(resetsAt - Date.now()).toBeLessThanOrEqual(86_400_000);
      const { headers } = await fetch(`${hub.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'x-purpose': purpose },
        body: JSON.stringify({ query: two, variables: { n } }),
      });
      expect(Math.abs(Number(headers.get('retry-after')) - (resetsAt - Date.now()) / 1_000)).toBeLessThan(60);
      expect(await usedAt(hub.url, id)).toMatchObject({ callsToday: 0, rowsToday: 0 });
      // A hundred of them it may.
      expect((await askAt(hub.url, MANY, n.slice(0, 100))).data.persons).toHaveLength(100);
      expect(await usedAt(hub.url, id)).toMatchObject({ callsToday: 1, rowsToday: 100 });
    });

    test('rows that only the answer shows do not leave beyond what is left', async () => {
      const id = await give({ callsPerDay: 100, rowsPerDay: 2 });
      const household = 'query($n: String!) { person(idNumber: $n) { name household { members { name } } } }';
      const [family] = world.people;
      const { data, errors } = await askAt(hub.url, household, family?.idNumber);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'QUOTA_EXCEEDED', term: 'rowsPerDay' });
      expect(data).toBeNull();
      expect(JSON.stringify(errors)).not.toContain(family?.name);
      expect(await usedAt(hub.url, id)).toMatchObject({ callsToday: 1, rowsToday: 1 });
    });

    test('two gateways at once answer no more calls than there are', async () => {
      await give({ callsPerDay: 20 });
      const another = await startAnother();
      const answers = await Promise.all(Array.from({ length: 40 }, (_, call) => namesAt(call % 2 ? hub.url : another.url, 1)));
      expect(answers.flat().filter((each) => each === somebody?.name)).toHaveLength(20);
      expect(answers.flat().filter((each) => each === 'QUOTA_EXCEEDED')).toHaveLength(20);
    });
  },
);
