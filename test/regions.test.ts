import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { asOwner } from './as-owner.ts';
import { type AskedHub, ask, askWell } from './ask.ts';
import { openDatabase } from './open-database.ts';

const [COUNTY, ELSEWHERE] = ['620102', '621022'];
const { people, departments, serviceItems } = readWorld();
const purpose = serviceItems[0]?.implCode ?? '';
/** Holds nothing in the world. */
const consumer = departments.find(({ name }) => name === '甘肃省应急管理厅')?.uscc ?? '';

const hubs = [inject('embedded'), inject('postgresql')].filter((hub) => hub !== null);

describe.each(hubs.map((hub) => ({ ...hub, name: hub.environment['HUB_POSTGRES_URL'] ? 'PostgreSQL' : 'embedded' })))(
  'a county officer of the owning department, over $name',
  (hub) => {
    const inside: string[] = [];
    const outside: string[] = [];
    let officer: AskedHub;
    beforeAll(async () => {
      officer = await asOwner(hub, 'population', { region: COUNTY });
      const database = await openDatabase(hub, 'population');
      for (const { idNumber, division } of (await database.rows(
        'SELECT "idNumber", "registeredDivision" AS division FROM population."Person" ORDER BY id',
      )) as { idNumber: string; division: string }[])
        (division.startsWith(COUNTY) ? inside : outside).push(idNumber);
      await database.close();
    });

    test('sees everyone of the county, children too, and nobody of another, by number, by a list of numbers and by a search', async () => {
      const search = 'query($in: String) { searchPersons(division: $in, first: 100) { total nodes { idNumber } } }';
      expect(inside.length).toBeGreaterThan(0);
      const { persons } = await askWell(officer, 'query($n: [String!]!) { persons(idNumbers: $n) { idNumber } }', {
        n: [...inside.slice(0, 300), ...outside.slice(0, 300)],
      });
      const [seen, unseen] = [persons.slice(0, Math.min(300, inside.length)), persons.slice(Math.min(300, inside.length))];
      expect(seen.map((each: { idNumber: string } | null) => each?.idNumber)).toEqual(inside.slice(0, 300));
      expect(new Set(unseen)).toEqual(new Set([null]));
      const one = 'query($n: String!) { person(idNumber: $n) { name } }';
      expect(await askWell(officer, one, { n: outside[0] })).toEqual({ person: null });
      for (const division of [COUNTY, '620000', null]) {
        const { searchPersons } = await askWell(officer, search, { in: division });
        expect(searchPersons.total, String(division)).toBe(inside.length);
        for (const { idNumber } of searchPersons.nodes) expect(inside).toContain(idNumber);
      }
      expect(await askWell(officer, search, { in: ELSEWHERE })).toEqual({ searchPersons: { total: 0, nodes: [] } });
      const province = await askWell(await asOwner(hub, 'population'), search);
      expect(province.searchPersons.total).toBe(inside.length + outside.length);
    });

    test('is told of a person of another county what is told of nobody when something is verified', async () => {
      const verify = 'query($i: IdentityInput!) { verifyIdentity(input: $i) { result } }';
      const database = await openDatabase(hub, 'population');
      const nameOf = async (idNumber = '') =>
        (await database.rows('SELECT name FROM population."Person" WHERE "idNumber" = $1', [idNumber]))[0]?.['name'];
      const results = [];
      for (const idNumber of [inside[0], outside[0]]) {
        const { verifyIdentity } = await askWell(officer, verify, { i: { idNumber, name: await nameOf(idNumber) } });
        results.push(verifyIdentity.result);
      }
      await database.close();
      expect(results).toEqual(['MATCH', 'MISMATCH']);
    });

    test('hears beforehand what happens', async () => {
      const query = '{ searchPersons { nodes { phone } } }';
      const EXPLAIN = 'query($query: String!) { explainAccess(query: $query) { isWhole items { coordinate access rows code missing } } }';
      const { explainAccess } = await askWell(officer, EXPLAIN, { query });
      expect(explainAccess).toEqual({
        isWhole: true,
        items: [{ coordinate: 'Person.phone', access: 'VISIBLE', rows: `rows of division ${COUNTY} and below`, code: null, missing: null }],
      });
      const { explainAccess: ofOthers } = await askWell(await asOwner(hub, 'credit'), EXPLAIN, { query: '{ searchPersons { total } }' });
      expect(ofOthers).toEqual({
        isWhole: false,
        items: [{ coordinate: 'Query.searchPersons', access: 'REFUSED', rows: null, code: 'ITEM_NOT_SHARED', missing: 'NOTHING_HELPS' }],
      });
    });

    describe('grants', () => {
      const APPLY = 'mutation($input: ApplicationInput!) { apply(input: $input) { no } }';
      const ANSWER =
        'mutation($no: ID!, $terms: NarrowerTerms) { answer(no: $no, decision: GRANT, terms: $terms) { grant { id division } } }';
      const REVOKE = 'mutation($id: ID!) { revokeGrant(id: $id, reason: "用途已变") { state } }';
      const LIST = '{ applications(provider: "11629901000000019M", first: 100) { total nodes { no } } }';
      const ids: string[] = [];
      let steward: AskedHub;
      let whole: AskedHub;
      const developer = async (region: string | null = null): Promise<AskedHub> => {
        const account = { kind: 'department', uscc: consumer, role: 'developer', region } as const;
        return { url: hub.url, token: await askToken(readEnvironment(hub.environment), account) };
      };
      const input = (division: string, access = 'READ') => ({
        ...{
          resource: '101001/1',
          items: [
            { code: 'P002', access },
            { code: 'P001', access },
          ],
          purposes: [purpose],
        },
        ...{ basis: 'test', scenario: `${division} ${access} ${Math.random()}`, division, level: 3, callsPerDay: 1_000 },
        until: new Date(Date.now() + 86_400_000).toISOString(),
      });
      const codeOf = async (as: AskedHub, query: string, variables: Record<string, unknown>) =>
        (await ask(as, query, variables)).errors?.[0]?.extensions.code;
      const numbersSeen = async (as: AskedHub) => (await askWell(as, LIST)).applications.nodes.map(({ no }: { no: string }) => no);
      beforeAll(async () => {
        steward = await asOwner(hub, 'population', { role: 'steward', region: COUNTY });
        whole = await asOwner(hub, 'population', { role: 'steward' });
      });
      afterAll(async () => {
        for (const id of ids) await ask(whole, REVOKE, { id });
      });

      test('a county’s steward neither sees, answers nor revokes what is for the province; for the county it does all three', async () => {
        const apply = async (division: string) => (await askWell(await developer(), APPLY, { input: input(division) })).apply.no;
        const [province, elsewhere, county] = [await apply('620000'), await apply(ELSEWHERE), await apply(COUNTY)];
        const seen = await numbersSeen(steward);
        expect([province, elsewhere, county].map((no) => seen.includes(no))).toEqual([false, false, true]);
        expect(await codeOf(steward, ANSWER, { no: province })).toBe('BAD_USER_INPUT');
        expect(await codeOf(steward, ANSWER, { no: province, terms: { division: COUNTY } })).toBe('BAD_USER_INPUT');
        expect(await codeOf(steward, ANSWER, { no: elsewhere })).toBe('BAD_USER_INPUT');
        const { answer: own } = await askWell(steward, ANSWER, { no: county });
        const { answer: all } = await askWell(whole, ANSWER, { no: province });
        await askWell(whole, ANSWER, { no: elsewhere }).then(({ answer }) => ids.push(answer.grant.id));
        expect(await codeOf(steward, REVOKE, { id: all.grant.id })).toBe('BAD_USER_INPUT');
        expect((await askWell(steward, REVOKE, { id: own.grant.id })).revokeGrant).toEqual({ state: 'REVOKED' });
        expect((await askWell(whole, REVOKE, { id: all.grant.id })).revokeGrant).toEqual({ state: 'REVOKED' });
      });

      test('a developer applies within its region, and sees and gives back what reaches it', async () => {
        expect(await codeOf(await developer(COUNTY), APPLY, { input: input('620000') })).toBe('BAD_USER_INPUT');
        const officer = await developer(COUNTY);
        const { apply } = await askWell(officer, APPLY, { input: input(COUNTY) });
        const { answer } = await askWell(whole, ANSWER, { no: apply.no });
        const mine = async (as: AskedHub) => (await askWell(as, '{ myGrants { id } }')).myGrants.map(({ id }: { id: string }) => id);
        expect(await mine(officer)).toContain(answer.grant.id);
        expect(await mine(await developer(ELSEWHERE))).not.toContain(answer.grant.id);
        expect(await numbersSeen(officer)).toContain(apply.no);
        expect(await numbersSeen(await developer(ELSEWHERE))).not.toContain(apply.no);
        expect(await codeOf(await developer(ELSEWHERE), REVOKE, { id: answer.grant.id })).toBe('BAD_USER_INPUT');
        expect(await mine(await developer())).toContain(answer.grant.id);
        expect((await askWell(officer, REVOKE, { id: answer.grant.id })).revokeGrant).toEqual({ state: 'REVOKED' });
      });

      test.each(['READ', 'MASKED', 'VERIFY'])('a grant to %s opens no search of people, not its total either', async (access) => {
        const { apply } = await askWell(await developer(), APPLY, { input: input('620000', access) });
        const { answer } = await askWell(whole, ANSWER, { no: apply.no });
        const searching = { ...(await developer()), purpose };
        const { data, errors } = await ask(searching, '{ searchPersons(first: 100) { total nodes { name idNumber } } }');
        const named = await ask(searching, 'query($n: String!) { person(idNumber: $n) { name } }', { n: people[0]?.idNumber });
        ids.push(answer.grant.id);
        await askWell(whole, REVOKE, { id: answer.grant.id });
        expect(data).toEqual({ searchPersons: null });
        expect(errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code])).toContainEqual([
          'searchPersons',
          'ITEM_NOT_SHARED',
        ]);
        expect(named.data?.person?.name ?? null).toBe(access === 'READ' ? (people[0]?.name ?? '') : null);
      });
    });
  },
);
