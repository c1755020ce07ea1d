import type { AccessSet } from '@longyuan/access/access-set.ts';
import type { Prisma } from '@longyuan/prisma/geospatial/client/client.ts';
import { adapterFor, openPool } from '@longyuan/prisma/store/connect/open-pool.ts';
import { openScratchServer, type ScratchServer } from '@longyuan/prisma/store/embedded/open-scratch-server.ts';
import { applyMigrations } from '@longyuan/prisma/store/migrate/apply-migrations.ts';
import { openLibraryFolder } from '@longyuan/prisma/store/migrate/find-libraries.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { askInProcess } from '../../test/ask-in-process.ts';
import { type LoadedAddress, loadRealGeography } from '../../test/load-real-geography.ts';
import { consumer, grantOf, PURPOSE, slowOracle } from '../../test/slow-oracle.ts';
import { everyRow } from '../serve/rows/asked-rows.ts';
import { absent, every, holds, is, NO_ROW, oneOf, type RowRule, some, within } from '../serve/rows/row-rule.ts';
import { keepGazetteer, type StoreWithGazetteer } from './keep-gazetteer.ts';
import { makeGeospatialLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';
import { selectFoundAddresses } from './store/select-addresses.ts';
import { selectDivisions } from './store/select-divisions.ts';
import { selectPois } from './store/select-pois.ts';
import { openGeospatialStore } from './store.ts';

const log = openLog('test', { logLevel: 'silent' });
let server: ScratchServer;
let pool: Awaited<ReturnType<typeof openPool>>;
let store: StoreWithGazetteer;
let addresses: readonly LoadedAddress[];
let askLibrary: ReturnType<typeof askInProcess>;
let statements: string[] = [];

beforeAll(async () => {
  server = await openScratchServer(log);
  const settings = { ...server.settings, databaseConnections: 4 };
  pool = await openPool({ settings, library: 'geospatial', log, statementTimeoutMs: 0, onStatement: (sql) => statements.push(sql) });
  await applyMigrations(openLibraryFolder('geospatial'), pool);
  addresses = await loadRealGeography(pool, 60);
  store = keepGazetteer(openGeospatialStore(adapterFor(pool, 'geospatial')));
  askLibrary = askInProcess({ name: 'geospatial', resolvers, store, makeLoaders: makeGeospatialLoaders });
}, 120_000);

afterAll(async () => {
  await store.close();
  await pool.end();
  await server.close();
});

/** Answers `source` and the number of statements it took. */
async function ask(source: string, variables: Record<string, unknown> = {}, access?: AccessSet) {
  statements = [];
  const { answer } = await askLibrary(source, variables, access);
  expect(answer.errors).toBe(undefined);
  return { data: answer.data, count: statements.length };
}

async function explain(sql: Prisma.Sql): Promise<string> {
  const { rows } = await pool.query(`EXPLAIN ${sql.text}`, sql.values);
  return rows.map((row) => row['QUERY PLAN']).join('\n');
}

test('a village has its path in one statement', async () => {
  const { data, count } = await ask(
    '{ division(code: "620102001001") { name level pinyin seat path { code name } parent { name parent { name } } } }',
  );
  expect(data?.['division']).toEqual({
    name: '畅家巷社区居委会',
    level: 5,
    pinyin: null,
    seat: null,
    path: [
      { code: '620000', name: '甘肃省' },
      { code: '620100', name: '兰州市' },
      { code: '620102', name: '城关区' },
      { code: '620102001', name: '酒泉路街道' },
      { code: '620102001001', name: '畅家巷社区居委会' },
    ],
    parent: { name: '酒泉路街道', parent: { name: '城关区' } },
  });
  expect(count).toBe(1);
});

test('the province, its levels and what is below are those of the reference data', async () => {
  const { data } = await ask(`{
    below: divisions { code }
    counties: divisions(level: 3) { code }
    province: divisions(level: 1) { name parent { code } }
    towns: divisions(parent: "620201", level: 4) { name parent { code } }
    villages: divisions(parent: "620102", level: 5) { code }
    zone: division(code: "620171") { name parent { name } children { name } }
    none: division(code: "629901") { name }
  }`);
  expect(data?.['below']).toHaveLength(14);
  expect(data?.['counties']).toHaveLength(88);
  expect(data).toMatchObject({
    province: [{ name: '甘肃省', parent: null }],
    towns: ['雄关街道', '钢城街道', '新城镇', '峪泉镇', '文殊镇'].map((name) => ({ name, parent: { code: '620201' } })),
    zone: { name: '兰州新区', parent: { name: '兰州市' }, children: ['中川镇', '秦川镇', '西岔镇', '上川镇'].map((name) => ({ name })) },
    none: null,
  });
});

test('a boundary is a MultiPolygon without crs, with fewer corners the coarser it is', async () => {
  const { data, count } = await ask(
    '{ divisions { fine: boundary(tolerance: 0) coarse: boundary(tolerance: 0.1) } division(code: "620000") { seat boundary } }',
  );
  const rows = data?.['divisions'] as { fine: object; coarse: object }[];
  expect(rows[0]?.fine).toEqual({ type: 'MultiPolygon', coordinates: expect.any(Array) });
  expect(JSON.stringify(rows.map(({ coarse }) => coarse)).length).toBeLessThan(JSON.stringify(rows.map(({ fine }) => fine)).length / 2);
  expect(data?.['division']).toEqual({ seat: null, boundary: null });
  expect(count).toBe(5);
});

test('a point is located in its county, and one outside the province nowhere', async () => {
  const { data } = await ask(`{
    gate: locate(lon: 103.83, lat: 36.06) { name parent { name } }
    dunhuang: locate(lon: 94.66, lat: 40.14) { name level }
    beijing: locate(lon: 116.4, lat: 39.9) { name }
    pole: locate(lon: 180, lat: -90) { name }
  }`);
  expect(data).toEqual({
    gate: { name: '城关区', parent: { name: '兰州市' } },
    dunhuang: { name: '敦煌市', level: 3 },
    beijing: null,
    pole: null,
  });
});

test('every address is located in its own county', async () => {
  const sample = addresses.filter((_, at) => at % 97 === 0);
  for (const { location, division } of sample) {
    const [lon, lat] = location;
    const { data } = await ask('query ($lon: Float!, $lat: Float!) { locate(lon: $lon, lat: $lat) { code } }', { lon, lat });
    expect(data?.['locate']).toEqual({ code: division.slice(0, 6) });
  }
});

const walk = `query ($near: PointInput, $radius: Int, $within: ID, $after: String) {
  pois(category: PARK, near: $near, radius: $radius, within: $within, first: 100, after: $after) {
    total nodes { code distanceMetres } pageInfo { endCursor hasNextPage } } }`;
type Page = {
  total: number;
  nodes: { code: string; distanceMetres: number | null }[];
  pageInfo: { endCursor: string | null; hasNextPage: boolean };
};

async function walkAll(variables: Record<string, unknown>) {
  const nodes: Page['nodes'] = [];
  for (let after: string | null = null; ; ) {
    const { data } = await ask(walk, { ...variables, after });
    // The query above asks for exactly this.
    const page = data?.['pois'] as Page;
    nodes.push(...page.nodes);
    if (!page.pageInfo.hasNextPage) return { total: page.total, nodes };
    after = page.pageInfo.endCursor;
  }
}

const trueOrder = `SELECT code, ST_Distance(location::geography, ST_SetSRID(ST_MakePoint($1, $2), 4490)::geography) AS "distanceMetres"
  FROM geospatial."Poi" WHERE category = 'PARK' ORDER BY 2, 1`;

test('a walk meets every point once: by code', async () => {
  const { total, nodes } = await walkAll({});
  expect(nodes).toHaveLength(total);
  expect(nodes.map(({ code }) => code)).toEqual([...new Set(nodes.map(({ code }) => code))].sort());
  expect(nodes.every(({ distanceMetres }) => distanceMetres === null)).toBe(true);
});

test.each([
  ['in Lanzhou', { lon: 103.83, lat: 36.06 }],
  ['outside the province', { lon: 116.4, lat: 39.9 }],
])('a walk meets every point once: the nearest first, from a point %s', async (_, near) => {
  const { rows } = await pool.query(trueOrder, [near.lon, near.lat]);
  expect((await walkAll({ near })).nodes).toEqual(rows);
});

test('a radius and a division narrow the walk', async () => {
  const near = { lon: 103.83, lat: 36.06 };
  const { rows } = await pool.query(trueOrder, [near.lon, near.lat]);
  const { total, nodes } = await walkAll({ near, radius: 8000 });
  expect(nodes).toEqual(rows.filter(({ distanceMetres }) => distanceMetres <= 8000));
  expect(total).toBe(nodes.length);
  expect(total).toBeGreaterThan(0);
  const within = await walkAll({ near, within: '620100' });
  const { rows: inLanzhou } = await pool.query(`SELECT code FROM geospatial."Poi" WHERE category = 'PARK' AND division LIKE '6201%'`);
  expect(within.nodes.map(({ code }) => code).sort()).toEqual(inLanzhou.map(({ code }) => code).sort());
});

test('an address is found by its code and by its text', async () => {
  const address = addresses[5] as LoadedAddress;
  const { data, count } = await ask('query ($code: ID!) { address(code: $code) { fullText state location division { name } } }', {
    code: address.code,
  });
  expect(data?.['address']).toMatchObject({
    fullText: address.fullText,
    state: 'ACTIVE',
    location: { type: 'Point', coordinates: address.location },
  });
  expect(count).toBe(2);
  const matched = await ask('query ($text: String!) { matchAddress(text: $text, first: 1) { score address { fullText } } }', {
    text: address.fullText,
  });
  expect(matched.data?.['matchAddress']).toEqual([{ score: 1, address: { fullText: address.fullText } }]);
});

test('a unit of real estate has its address, area, owners and encumbrances', async () => {
  const [{ id: home }] = addresses as [LoadedAddress];
  const [unit, owner, no] = [
    '00000000-0000-4000-9000-000000000001',
    '00000000-0000-4000-9000-0000000000aa',
    '620102001001GB00001F00010001',
  ];
  await pool.query(
    `INSERT INTO geospatial."RealEstateUnit" VALUES ($1, $2, $3, '620102001001', 88.5, '城镇住宅', '2026-01-15T00:00:00Z')`,
    [unit, no, home],
  );
  await pool.query(
    `INSERT INTO geospatial."Ownership" VALUES ($1, 1, '50%', '甘(2020)1号', $2, NULL), ($1, 2, '50%', '甘(2020)2号', NULL, '91629901MA00000154')`,
    [unit, owner],
  );
  await pool.query(`INSERT INTO geospatial."Encumbrance" VALUES ($1, 1, 'MORTGAGE', '2020-05-01', '甘肃银行')`, [unit]);
  const fields = `no areaSquareMetres use confirmedAt address { number } owners { share certificateNo person { id } entity { uscc } } encumbrances { kind since by }`;
  const expected = {
    no,
    areaSquareMetres: 88.5,
    use: '城镇住宅',
    confirmedAt: '2026-01-15T00:00:00Z',
    address: { number: addresses[0]?.number },
    owners: [
      { share: '50%', certificateNo: '甘(2020)1号', person: { id: owner }, entity: null },
      { share: '50%', certificateNo: '甘(2020)2号', person: null, entity: { uscc: '91629901MA00000154' } },
    ],
    encumbrances: [{ kind: 'MORTGAGE', since: '2020-05-01', by: '甘肃银行' }],
  };
  const byNo = await ask(`query ($no: ID!) { realEstateUnit(no: $no) { ${fields} } }`, { no });
  expect(byNo).toEqual({ data: { realEstateUnit: expected }, count: 4 });
  const of = [{ __typename: 'Person', id: owner }];
  const ofPerson = await ask(`query ($of: [_Any!]!) { _entities(representations: $of) { ... on Person { realEstate { ${fields} } } } }`, {
    of,
  });
  expect(ofPerson).toEqual({ data: { _entities: [{ realEstate: [expected] }] }, count: 5 });
});

test('a department sees units, owners, rooms and places of addresses in the division of its grant alone', async () => {
  const [owner, here, there] = [
    '00000000-0000-4000-9000-0000000000bb',
    addresses[0],
    addresses.find(({ division }) => !division.startsWith('6201')),
  ];
  if (!here || !there) throw new Error('there are addresses in and outside Lanzhou');
  for (const [at, { id, division }] of [here, there].entries()) {
    const unit = `00000000-0000-4000-9000-00000000010${at}`;
    const no = `${division}GB00001F0002000${at}`;
    await pool.query(`INSERT INTO geospatial."RealEstateUnit" VALUES ($1, $2, $3, $4, 60, '城镇住宅', '2026-01-15T00:00:00Z')`, [
      unit,
      no,
      id,
      division,
    ]);
    await pool.query(`INSERT INTO geospatial."Ownership" VALUES ($1, 1, '单独所有', '甘(2021)1号', $2, NULL)`, [unit, owner]);
  }
  const of = [here, there].map(({ id }) => ({ __typename: 'StandardAddress', id }));
  const division = here.division.slice(0, 6);
  const grants = [grantOf(['G012', 'G013', 'G020', 'G021'], { division })];
  const access = slowOracle('geospatial').accessFor({ caller: consumer(), purpose: PURPOSE, grants });
  const located = await ask(
    'query ($of: [_Any!]!) { _entities(representations: $of) { ... on StandardAddress { location } } }',
    { of },
    access,
  );
  expect(located).toEqual({ data: { _entities: [{ location: expect.objectContaining({ type: 'Point' }) }, null] }, count: 1 });
  const named = await ask(
    'query ($of: [_Any!]!) { _entities(representations: $of) { ... on StandardAddress { number location } } }',
    { of },
    access,
  );
  expect(named.data?.['_entities']).toMatchObject([{ number: here.number }, { number: there.number, location: null }]);

  const units = (person: string) =>
    ask(
      'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Person { realEstate { no address { number } owners { person { id } } } } } }',
      {
        of: [{ __typename: 'Person', id: person }],
      },
      access,
    );
  expect((await units(owner)).data).toMatchObject({
    _entities: [
      { realEstate: [{ no: `${here.division}GB00001F00020000`, address: { number: here.number }, owners: [{ person: { id: owner } }] }] },
    ],
  });

  const outside = await ask('query ($no: ID!) { realEstateUnit(no: $no) { no } }', { no: `${there.division}GB00001F00020001` }, access);
  const asked = statements;
  const missing = await ask('query ($no: ID!) { realEstateUnit(no: $no) { no } }', { no: `${there.division}GB00001F00029999` }, access);
  expect(outside).toEqual({ data: { realEstateUnit: null }, count: 1 });
  expect([missing, statements]).toEqual([outside, asked]);
});

test('a person whose units are all outside the scope is asked about like one who has none', async () => {
  const owner = '00000000-0000-4000-9000-0000000000bb';
  const grants = [grantOf(['G020', 'G021'], { division: '621200' })];
  const access = slowOracle('geospatial').accessFor({ caller: consumer(), purpose: PURPOSE, grants });
  const source = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Person { realEstate { no } } } }';
  const outside = await ask(source, { of: [{ __typename: 'Person', id: owner }] }, access);
  const asked = statements;
  const missing = await ask(source, { of: [{ __typename: 'Person', id: owner.replace('bb', 'cc') }] }, access);
  expect([outside, missing]).toEqual(Array(2).fill({ data: { _entities: [{ realEstate: [] }] }, count: 1 }));
  expect(statements).toEqual(asked);
});

test('a room is found by its number by those alone who may see the rooms of every address', async () => {
  const home = addresses.find(({ room }) => room !== null);
  if (!home) throw new Error('there are addresses with rooms');
  const source = 'query ($text: String!) { matchAddress(text: $text) { score address { code } } }';
  const text = `${home.fullText}${home.building ?? ''}${home.room}`;
  const owner = { kind: 'department', sub: 'o', uscc: '11629901000000035B', role: 'developer', region: null } as const;
  const oracle = slowOracle('geospatial');
  // The shapes are that of the query above.
  const whole = (await ask(source, { text }, oracle.accessFor({ caller: owner }))).data?.['matchAddress'] as {
    score: number;
    address: { code: string };
  }[];
  expect(whole[0]).toMatchObject({ address: { code: home.code } });
  const part = (await ask(source, { text }, oracle.accessFor({ caller: consumer() }))).data?.['matchAddress'] as { score: number }[];
  expect(new Set(part.filter(({ score }) => score === part[0]?.score)).size).toBe(part.length);
});

test('rules say the same in SQL and of a row that was read', async () => {
  const kinds = await pool.query('SELECT code, division, category, phone FROM geospatial."Poi" ORDER BY code');
  const rules: RowRule[] = [
    within('division', '620102'),
    oneOf('division', [addresses[0]?.division ?? '']),
    is('category', 'SCHOOL'),
    absent('phone'),
    every([within('division', '620100'), some([is('category', 'PARK'), within('division', '620102')])]),
    NO_ROW,
  ];
  for (const rows of rules) {
    for (const category of ['SCHOOL', 'PARK'] as const) {
      const asked = { category, within: null, near: null, radiusMetres: null, after: null };
      const found = await store.pois(asked, { columns: [], rows }, 10_000);
      const expected = kinds.rows.filter((row) => row['category'] === category && holds(rows, row)).map((row) => row['code']);
      expect(
        found.map(({ code }) => code),
        JSON.stringify(rows),
      ).toEqual(expected);
      expect(await store.countPois(asked, rows)).toBe(expected.length);
    }
  }
});

test('the indexes are used', async () => {
  expect(await explain(selectDivisions({ kind: 'holding', point: { lon: 103.83, lat: 36.06 } }, everyRow(['name'])))).toContain(
    'AdministrativeDivision_boundary_idx',
  );
  const near = { category: 'PARK', within: null, near: { lon: 103.83, lat: 36.06 }, radiusMetres: null, after: null } as const;
  const plan = await explain(selectPois(near, everyRow([]), 21));
  expect(plan.match(/Scan (using|on) "?Poi_location_idx/g)).toHaveLength(2);
  expect(plan).not.toContain('Seq Scan');
  const where = { kind: 'villages', codes: [addresses[5]?.division ?? ''] } as const;
  const bySearch = await explain(selectFoundAddresses([{ where, street: null, numbers: ['12号'], rooms: null }], everyRow([]), 100));
  expect(bySearch).toContain('StandardAddress_division_street_number_idx');
  const byStreet = await explain(
    selectFoundAddresses([{ where: { kind: 'anywhere' }, street: '人民路', numbers: ['12号'], rooms: null }], everyRow([]), 100),
  );
  expect(byStreet).toContain('StandardAddress_street_idx');
});
