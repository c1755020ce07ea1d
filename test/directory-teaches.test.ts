import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { libraryNamed } from '@longyuan/schema/src/read-libraries.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { type AskedHub, ask, askWell, directoryAnswers } from './ask.ts';

const { departments, people, legalEntities, licenses, addresses, realEstateUnits, serviceItems } = readWorld();
const TAUGHT = `{ resources(filter: { onHub: true }, first: 100) { nodes { code operations {
  query variables items arguments { name form example } } } } }`;
type Application = { query: string; variables: { input: { items: { code: string }[] } } };
type Taught = { code: string; operations: { query: string; variables: string; items: string[] }[] }[];

/** Numbers of the world in the places of the examples. */
const known: Readonly<Record<string, string | undefined>> = {
  ...{ idNumber: people[0]?.idNumber, uscc: legalEntities[0]?.uscc, code: undefined, identifier: licenses[0]?.identifier },
  no: realEstateUnits[0]?.no,
};
const inPlace = (variables: string, query: string): Record<string, unknown> => {
  const given: Record<string, unknown> = JSON.parse(variables);
  const code = query.includes('address(') ? addresses[0]?.code : licenses[0]?.checkCode;
  for (const name of Object.keys(given)) {
    const value = name === 'code' && !query.includes('division(') ? code : known[name];
    if (value !== undefined) given[name] = value;
  }
  return given;
};

const hubs = [inject('embedded'), inject('postgresql')].filter((hub) => hub !== null);

describe.each(hubs.map((hub) => ({ ...hub, name: hub.environment['HUB_POSTGRES_URL'] ? 'PostgreSQL' : 'embedded' })))(
  'over $name',
  (hub) => {
    const settings = readEnvironment(hub.environment);
    const as = async (uscc: string, role: 'developer' | 'steward', purpose?: string): Promise<AskedHub> => ({
      ...{ url: hub.url, token: await askToken(settings, { kind: 'department', uscc, role, region: null }) },
      ...(purpose !== undefined && { purpose }),
    });
    beforeAll(() => directoryAnswers(hub));

    test('what the directory teaches a department that was granted everything is sent as it stands, and answered whole', async () => {
      const { resources } = await askWell(hub, TAUGHT);
      let sent = 0;
      for (const { code, operations } of resources.nodes as Taught) {
        expect(operations.length, code).toBeGreaterThan(0);
        for (const { query, variables } of operations) {
          const example = await ask(hub, query, JSON.parse(variables));
          expect(example.errors, `${query} ${variables}`).toBeUndefined();
          const found = await ask(hub, query, inPlace(variables, query));
          expect(found.errors, query).toBeUndefined();
          expect(Object.values(found.data)[0], query).not.toBeNull();
          sent += 1;
        }
      }
      expect(sent).toBeGreaterThan(12);
    });

    test('what it teaches the public is sent as it stands to the public door, and to the other one', async () => {
      for (const door of ['/public/graphql', '/graphql'] as const) {
        const { data } = await ask(hub, TAUGHT, {}, door, null);
        const taught = (data.resources.nodes as Taught).flatMap(({ operations }) => operations);
        expect(taught.flatMap(({ items }) => items)).toEqual(expect.arrayContaining(['L002', 'G030', 'C002', 'X040', 'P090']));
        for (const { query, variables } of taught) {
          const { errors } = await ask(hub, query, JSON.parse(variables), door, null);
          expect(errors, query).toBeUndefined();
        }
      }
    });

    test('an item that stands for many fields is listed with all its paths', async () => {
      for (const [resource, code, one] of [
        ['104001/1', 'X020', 'permits(uscc:).documentNo'],
        ['104002/1', 'X030', 'penalties(uscc:).violation'],
        ['104003/1', 'X040', 'dishonestList.nodes.court'],
        ['103003/1', 'G030', 'pois(category:).nodes.addressText'],
      ]) {
        const { items } = (await askWell(hub, `{ resource(code: "${resource}") { items { code graphqlPaths fields { graphqlPath } } } }`))
          .resource;
        const item = items.find((each: { code: string }) => each.code === code);
        expect(item.graphqlPaths).toContain(one);
        expect(item.graphqlPaths.length).toBeGreaterThan(6);
        expect(new Set(item.graphqlPaths)).toEqual(new Set(item.fields.map(({ graphqlPath }: { graphqlPath: string }) => graphqlPath)));
      }
    });

    test('the application that a refusal brings is taken as it stands, once its purpose is said, and stands by name', async () => {
      const transport = departments.find(({ name }) => name === '甘肃省交通运输厅')?.uscc ?? '';
      const errand = serviceItems.find(({ name }) => name === '机动车驾驶证核发');
      const developer = await as(transport, 'developer', errand?.implCode);
      const asked = `query($n: String!) { person(idNumber: $n) { marriage { state } insurances { kind } } }`;
      const { errors } = await ask(developer, asked, { n: people[0]?.idNumber });
      const [apply] = (errors ?? []).flatMap(({ extensions }) => (extensions['apply'] ?? []) as Application[]);
      if (!apply) throw new Error(`No application came with ${JSON.stringify(errors)}`);
      expect(apply.variables.input.items.map(({ code }) => code)).toEqual(expect.arrayContaining(['P020', 'P040']));
      const { apply: application } = await askWell(developer, apply.query, apply.variables);
      expect(application).toMatchObject({ no: expect.stringMatching(/^population-/), state: 'OPEN' });

      const named = `{ applications(state: OPEN, first: 100) { nodes { no consumer consumerName owner { name } divisionName serviceItems { code name } } } }`;
      const steward = await as(libraryNamed('population').uscc, 'steward');
      for (const reader of [developer, steward]) {
        const { applications } = await askWell(reader, named);
        const [own] = applications.nodes.filter(({ no }: { no: string }) => no === application.no);
        expect(own).toEqual({
          ...{ no: application.no, consumer: transport, consumerName: '甘肃省交通运输厅', owner: { name: '甘肃省公安厅' } },
          ...{ divisionName: '甘肃省', serviceItems: [{ code: errand?.implCode, name: '机动车驾驶证核发' }] },
        });
      }
      await askWell(steward, 'mutation($no: ID!) { answer(no: $no, decision: REFUSE, reason: "the test is over") { state } }', {
        no: application.no,
      });
    });
  },
);
