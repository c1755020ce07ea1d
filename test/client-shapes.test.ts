import { beforeAll, expect, inject, test } from 'vitest';
import { ask, askWell, directoryAnswers } from './ask.ts';

// What a client's cache and a reader of codes rely on, in whole answers. The shape does not depend on the database behind it.
const hub = inject('embedded');
const askPublic = (query: string) => ask(hub, query, {}, '/public/graphql');

beforeAll(() => directoryAnswers(hub));

test('the public pages by edges: the same rows as the nodes, each cursor leading on from its row, and ids that stay', async () => {
  const page = (more: string) => `pois(category: SCHOOL, within: "620000"${more})`;
  const { data, errors } = await askPublic(`{ ${page(', first: 3')} { total
    nodes { code } edges { cursor node { code category categoryWord english: categoryWord(in: EN) division { id code } } }
    pageInfo { startCursor endCursor hasPreviousPage hasNextPage } } }`);
  expect(errors).toBeUndefined();
  const { nodes, edges, pageInfo } = data.pois;
  expect(edges.map(({ node }: { node: { code: string } }) => node.code)).toEqual(nodes.map(({ code }: { code: string }) => code));
  expect(pageInfo).toEqual({ startCursor: edges[0].cursor, endCursor: edges[2].cursor, hasPreviousPage: false, hasNextPage: true });
  for (const { node } of edges) {
    expect(node).toMatchObject({
      categoryWord: '学校',
      english: 'school',
      division: { id: `AdministrativeDivision:${node.division.code}` },
    });
  }
  const next = await askPublic(
    `{ ${page(`, first: 2, after: "${edges[0].cursor}"`)} { edges { node { code } } pageInfo { hasPreviousPage } } }`,
  );
  expect(next.data.pois).toEqual({
    edges: [{ node: { code: nodes[1].code } }, { node: { code: nodes[2].code } }],
    pageInfo: { hasPreviousPage: true },
  });
});

test('an entity has one id, whichever library leads to it', async () => {
  const { searchLegalEntities } = await askWell(
    hub,
    '{ searchLegalEntities(first: 1) { nodes { id uscc kind kindWord division { id code name } } } }',
  );
  const [firm] = searchLegalEntities.nodes;
  expect(firm.id).toBe(`LegalEntity:${firm.uscc}`);
  const { legalEntity, division } = await askWell(
    hub,
    `{ legalEntity(uscc: "${firm.uscc}") { id licenses(states: null) { holder { ... on LegalEntity { id } } division { id } type { id code } } }
       division(code: "${firm.division.code}") { id } }`,
  );
  expect(legalEntity.id).toBe(firm.id);
  for (const { holder, type } of legalEntity.licenses) {
    expect(holder.id).toBe(firm.id);
    expect(type.id).toBe(`LicenseType:${type.code}`);
  }
  expect(division.id).toBe(firm.division.id);
});

test('edges are no way round: what is refused of nodes is refused of them, and a page is no longer', async () => {
  for (const rows of ['nodes { name }', 'edges { node { name } }']) {
    const refused = await ask(hub, `{ searchPersons(first: 1) { ${rows} } }`, {}, '/graphql', null);
    expect([rows, refused.data, refused.errors?.map(({ extensions }) => extensions.code)]).toEqual([
      rows,
      expect.objectContaining({ searchPersons: null }),
      ['UNAUTHENTICATED', 'UNAUTHENTICATED'],
    ]);
  }
  const tooLong = await ask(hub, '{ dishonestList(first: 101) { edges { cursor } } }');
  expect(tooLong.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});

test('a word is refused as its code is, and explained as it is answered', async () => {
  const idNumber = '629901198704270021';
  const query = `{ person(idNumber: "${idNumber}") { sex sexWord } }`;
  const { errors = [] } = await ask(hub, query, {}, '/graphql', null);
  expect(errors.map(({ extensions }) => [extensions['item'], extensions.code])).toEqual(
    expect.arrayContaining([
      ['Person.sex', 'UNAUTHENTICATED'],
      ['Person.sexWord', 'UNAUTHENTICATED'],
    ]),
  );
  const { explainAccess } = await askWell(
    hub,
    'query ($q: String!) { explainAccess(query: $q) { items { coordinate access item { code } } } }',
    {
      q: query,
    },
  );
  expect(explainAccess.items).toEqual([
    { coordinate: 'Person.sex', access: 'VISIBLE', item: { code: 'P003' } },
    { coordinate: 'Person.sexWord', access: 'VISIBLE', item: { code: 'P003' } },
  ]);
});

test('codes of the rows are in the tables that the directory tells, and their words are the same', async () => {
  const { data } = await askPublic(
    '{ codeTable(code: "EntityKind") { values { code title titleEn } } codeTables { code } closed: codeTable(code: "Kinship") { code } }',
  );
  const words = new Map(data.codeTable.values.map((value: { code: string }) => [value.code, value]));
  expect(data.closed).toBeNull();
  expect(data.codeTables.length).toBeGreaterThan(20);
  const { searchLegalEntities } = await askWell(
    hub,
    '{ searchLegalEntities(first: 50) { nodes { kind kindWord en: kindWord(in: EN) industry industryWord } } }',
  );
  for (const { kind, kindWord, en, industry, industryWord } of searchLegalEntities.nodes) {
    expect(words.get(kind)).toEqual({ code: kind, title: kindWord, titleEn: en });
    expect([industry, industryWord]).toEqual([industry, expect.stringMatching(/\p{Script=Han}/u)]);
  }
  const { resource } = await askWell(hub, '{ resource(code: "101001/1") { id items { code id codeTables { code } } } }');
  expect(resource.id).toBe('Resource:101001/1');
  expect(resource.items.find(({ code }: { code: string }) => code === 'P003')).toEqual({
    code: 'P003',
    id: 'Item:P003',
    codeTables: [{ code: 'sex' }],
  });
});

test('a moment has one form, whichever part of the hub answers it', async () => {
  const data = await askWell(
    hub,
    `{ searchLegalEntities(first: 5) { nodes { confirmedAt } } division(code: "620000") { confirmedAt }
       myGrants { from until } resources(first: 5) { nodes { updatedAt versions { recordedAt } } } }`,
  );
  const moments = JSON.stringify(data).match(/"[^"]*T\d\d:\d\d[^"]*"/g) ?? [];
  expect(moments.length).toBeGreaterThan(15);
  expect(moments.filter((moment) => !/^"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.(?!000)\d{3})?Z"$/.test(moment))).toEqual([]);
});

test('scalars say which standard they are of', async () => {
  const { data } = await askPublic('{ __schema { types { name specifiedByURL } } }');
  const urls = Object.fromEntries(data.__schema.types.map(({ name, specifiedByURL }: Record<string, string>) => [name, specifiedByURL]));
  for (const name of ['Date', 'DateTime', 'GeoJSON']) expect(urls[name]).toMatch(/^https:\/\/www\.rfc-editor\.org\/rfc\//);
});
