import { readFileSync } from 'node:fs';
import { openScratchServer, type ScratchServer } from '@longyuan/prisma/store/embedded/open-scratch-server.ts';
import { readDirectorySubgraph } from '@longyuan/schema/src/directory-subgraph.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { holdingsRoute } from '@longyuan/trust/routes/holdings.ts';
import { graphql } from 'graphql';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildDirectorySchema } from '../answer-directory.ts';
import { openDirectoryStore } from '../entries/directory-store.ts';
import { entriesOfHub } from '../entries/entries-of-hub.ts';
import { makeLoaders } from '../entries/loaders.ts';
import { storeEntries } from '../entries/store-entries.ts';
import { importInventory } from '../inventory/import-inventory.ts';
import { bringUpDirectory } from '../open-directory.ts';
import { storeUses } from '../use/store-uses.ts';
import { COVERAGE_TABLES, type CoverageTable, writeCoverageTable } from './coverage-tables.ts';
import { readWanted } from './export-coverage.ts';
import { storeHoldings } from './library-holdings.ts';
import { readCoverage } from './read-coverage.ts';
import type { Scope } from './read-figures.ts';
import { refreshCoverage } from './refresh-coverage.ts';

const hub = entriesOfHub(readLibraries());
const credit = hub.filter(({ library }) => library === 'credit');
const [summary, permits] = [credit.find(({ code }) => code === '104004/1'), credit.find(({ code }) => code === '104001/1')];
const civilAffairs = readFileSync(new URL('../../prisma/directory/examples/civil-affairs.csv', import.meta.url));
const CIVIL_AFFAIRS = '1162990100000006XQ';
const NOW = Date.parse('2026-11-24T04:00:00Z');
const TODAY = '2026-11-24';
const schema = buildDirectorySchema(readDirectorySubgraph());
let server: ScratchServer;
let pool: pg.Pool;
let store: ReturnType<typeof openDirectoryStore>;
let granted: string | null = null;

beforeAll(async () => {
  server = await openScratchServer(openLog('test', { logLevel: 'silent' }));
  pool = new pg.Pool({ connectionString: server.url, max: 2 });
  store = openDirectoryStore({ poolNow: () => pool, places: 6, timeoutMs: 20_000, onTrouble: () => {} });
  await bringUpDirectory(pool);
  await storeEntries(pool, { origin: 'HUB', entries: hub, providers: null });
  await importInventory(pool, civilAffairs);
  await audit();
});
afterAll(async () => {
  await pool?.end();
  await server?.close();
});

const ownerOf = (library: string) => readLibraries().find(({ name }) => name === library)?.uscc ?? null;
const audit = (nowMs = NOW) => refreshCoverage(store.ask, { isGranted: (item) => item === granted, nowMs, shouldStop: () => false });

/** The answer to a query; errors fail the test. */
// biome-ignore lint/suspicious/noExplicitAny: answers are compared with literals, so their shape needs no type
async function ask(source: string, asking: object = { caller: { kind: 'auditor', sub: 'a' } }): Promise<any> {
  const { data, errors } = await graphql({
    schema,
    source,
    contextValue: { grants: { ownerOf }, ...asking, loaders: makeLoaders(store), reader: readCoverage(store.ask) },
  });
  if (errors) throw new Error(errors.map((error) => error.message).join('\n'));
  return JSON.parse(JSON.stringify(data));
}

test('a department that promised and connected nothing sees what is missing, and that connecting is worth most', async () => {
  const { coverage } = await ask(`{ coverage(provider: "${CIVIL_AFFAIRS}") {
    score resources { required connected { count of ratio } missing { count } complete { ratio } } items { required promised { count } connected { count } }
    resourceList(lacking: CONNECTION, first: 1) { total nodes { resource { code onHub } promised connected records fresh } pageInfo { hasNextPage endCursor } }
    work(first: 3) { check part pointsGained count resources(first: 1) { code } } } }`);
  expect(coverage).toMatchObject({
    resources: { required: 3, connected: { count: 0, of: 3, ratio: 0 }, missing: { count: 3 }, complete: { ratio: 1 } },
    items: { required: 12, promised: { count: 12 }, connected: { count: 0 } },
    resourceList: {
      total: 3,
      nodes: [{ resource: { code: '307062000013001/1', onHub: false }, promised: true, connected: false, records: null, fresh: null }],
      pageInfo: { hasNextPage: true },
    },
  });
  expect(coverage.work.map(({ check }: { check: string }) => check)).toEqual(['CONNECTED', 'UPDATE_CYCLE_KEPT', 'ITEMS_CONNECTED']);
  expect(coverage.work[0]).toMatchObject({ part: 'ACCESSIBILITY', pointsGained: 18, count: 3, resources: [{ code: '307062000013001/1' }] });
  const { coverage: next } = await ask(
    `{ coverage(provider: "${CIVIL_AFFAIRS}") { resourceList(lacking: CONNECTION, first: 2, after: "${coverage.resourceList.pageInfo.endCursor}") { nodes { resource { code } } pageInfo { hasNextPage } } } }`,
  );
  expect(next.resourceList).toMatchObject({ nodes: [{}, {}], pageInfo: { hasNextPage: false } });
});

test('all the work that is told, done, makes the score 100', async () => {
  const { coverage } = await ask(`{ coverage(provider: "${CIVIL_AFFAIRS}") { score work(first: 100) { pointsGained } } }`);
  const gained = coverage.work.reduce((sum: number, each: { pointsGained: number }) => sum + each.pointsGained, 0);
  expect(coverage.score + gained).toBeCloseTo(100, 0);
});

test('the method that is published is the one that the score is worked out from', async () => {
  const { coverageMethod } = await ask('{ coverageMethod { name weight value checks { name rule weight } } }');
  const { coverage } = await ask('{ coverage { score parts { name weight value checks { name weight value } } } }');
  expect(coverageMethod.map(({ name }: { name: string }) => name)).toEqual([
    'FINDABILITY',
    'ACCESSIBILITY',
    'INTEROPERABILITY',
    'REUSABILITY',
    'CONTEXTUALITY',
    'UPDATE_FREQUENCY',
  ]);
  type Part = { weight: number; checks: { name: string; weight: number; value: number | null }[] };
  expect(coverageMethod.reduce((sum: number, { weight }: Part) => sum + weight, 0)).toBe(100);
  const checks = coverage.parts.flatMap((part: Part) => part.checks).filter((check: { value: number | null }) => check.value !== null);
  const weigh = (of: (check: { weight: number; value: number }) => number) =>
    checks.reduce((sum: number, check: { weight: number; value: number }) => sum + of(check), 0);
  expect(coverage.score).toBeCloseTo((100 * weigh(({ weight, value }) => weight * value)) / weigh(({ weight }) => weight), 0);
});

test('a library that the hub does not have is told as such, not as one that nothing is known of', async () => {
  await expect(ask('{ coverage(library: "tax") { score } }')).rejects.toThrow(
    'Query.coverage(library:) must be the name of a library of the hub',
  );
});

test('freshness, records and values are those the owner measured in its store', async () => {
  expect((await ask('{ coverage(library: "credit") { resources { fresh { of ratio } } } }')).coverage.resources.fresh).toEqual({
    of: 0,
    ratio: null,
  });
  const item = permits?.items[0]?.code ?? '';
  await storeHoldings(store.ask, 'credit', {
    measuredAt: '2026-11-24T03:00:00Z',
    asOf: '2026-11-24T00:00:00Z',
    tables: [
      {
        resource: '104001/1',
        rows: 10,
        newestAt: '2026-11-23T01:00:00Z',
        oldestAt: '2026-11-01T01:00:00Z',
        overdue: 4,
        items: { [item]: 0 },
      },
      { resource: '104004/1', rows: 5, newestAt: '2026-10-01T01:00:00Z', oldestAt: '2026-09-01T01:00:00Z', overdue: 5, items: { X001: 5 } },
    ],
    unlisted: [{ table: 'Penalty', column: 'inspector' }],
  });
  await audit();
  const { coverage } = await ask(`{ coverage(library: "credit") { resources { fresh { count of } } unlistedColumns { library table column }
    libraries { library measuredAt measuredAsOf score }
    resourceList(lacking: FRESHNESS) { total nodes { resource { code } records newestAt overdueRecords fresh } }
    itemList(lacking: VALUES) { nodes { code populated resource { code } } } } }`);
  expect(coverage).toMatchObject({
    resources: { fresh: { count: 1, of: 2 } },
    unlistedColumns: [{ library: 'credit', table: 'Penalty', column: 'inspector' }],
    libraries: [{ library: 'credit', measuredAt: '2026-11-24T03:00:00Z', measuredAsOf: '2026-11-24T00:00:00Z' }],
    resourceList: {
      total: 1,
      nodes: [{ resource: { code: '104004/1' }, records: 5, newestAt: '2026-10-01T01:00:00Z', overdueRecords: 5, fresh: false }],
    },
    itemList: { nodes: [{ code: item, populated: 0, resource: { code: '104001/1' } }] },
  });
});

test('a library tells of its own resources alone, and of nothing that cannot be kept', async () => {
  const records = async () => {
    const { coverage } = await ask(
      '{ coverage { resourceList(first: 100) { nodes { resource { code } records } } itemList(first: 100) { nodes { code populated } } } }',
    );
    return JSON.stringify(coverage);
  };
  const before = await records();
  const table = { newestAt: null, oldestAt: null, overdue: null, items: { X001: 77_777 } };
  const told = (more: object) => ({
    ...{ measuredAt: '2026-11-24T03:00:00Z', asOf: '2026-11-24T00:00:00Z', unlisted: [] },
    tables: [{ resource: '104004/1', rows: 77_777, ...table, ...more }],
  });
  await storeHoldings(store.ask, 'e-license', holdingsRoute.answer.parse(told({})));
  await audit();
  expect(await records()).toBe(before);
  const lies = [
    { rows: 0.5 },
    { rows: -1 },
    { rows: 1e300 },
    { overdue: 0.5 },
    { items: { X001: -1 } },
    { newestAt: '0000-01-01T00:00:00Z' },
  ];
  for (const lie of lies) expect(() => holdingsRoute.answer.parse(told(lie)), JSON.stringify(lie)).toThrow();
});

test('use of the last 30 days, refused demand and what nobody ever asked for are told by item', async () => {
  const [used, refused, old] = [summary?.items[0]?.code ?? '', 'P032', 'P001'];
  const use = (item: string, outcome: string, calls: number, day = TODAY) => ({ item, day, caller: '11620000MB1234567X', outcome, calls });
  await storeUses(store.ask, [
    use(used, 'ANSWERED', 3),
    use(refused, 'ITEM_NOT_GRANTED', 7),
    use(refused, 'INTERNAL', 5),
    use(old, 'ANSWERED', 1, '2026-01-01'),
  ]);
  await storeUses(store.ask, [use(used, 'ANSWERED', 2)]);
  await audit();
  const { coverage } =
    await ask(`{ coverage { refusedDemand { code refused used asked } items { refused { count } } neverAsked: itemList(lacking: DEMAND, first: 100) { nodes { code } }
    unused: itemList(lacking: USE, first: 100) { nodes { code } } } one: coverage(library: "credit") { items { used { count } } } }`);
  expect(coverage.refusedDemand).toEqual([{ code: refused, refused: 7, used: 0, asked: 12 }]);
  const codes = (list: { nodes: { code: string }[] }) => list.nodes.map(({ code }) => code);
  for (const code of [used, refused, old]) expect(codes(coverage.neverAsked)).not.toContain(code);
  expect(codes(coverage.unused)).toEqual(expect.arrayContaining([refused, old]));
  expect(codes(coverage.unused)).not.toContain(used);
});

test('an item is permitted by its class or by a grant in force', async () => {
  const lacking = async () => {
    const { coverage } = await ask('{ coverage(library: "population") { itemList(lacking: PERMISSION, first: 100) { nodes { code } } } }');
    return coverage.itemList.nodes.map(({ code }: { code: string }) => code);
  };
  expect(await lacking()).toContain('P032');
  granted = 'P032';
  await audit();
  granted = null;
  expect(await lacking()).not.toContain('P032');
});

test('an inventory that promises more of a resource on the hub than its schema has is told item by item', async () => {
  const heading =
    'code,name,category,providerName,providerUscc,abstract,formats,shareModes,updateCycle,publishedOn,itemCode,itemName,dataType,length,shareType,openToPublic,level';
  const { code = '', provider, items = [] } = summary ?? {};
  const rows = [
    `${code},信用概况信息,基础/信用/概况,${provider?.name},${provider?.uscc},全省信用概况,数据库,接口查询,每日,2026-03-01,A1,${items[0]?.name},M,,无条件共享,否,2`,
    `${code},,,,,,,,,,A2,信用等级历史,C,20,无条件共享,否,2`,
  ];
  const loaded = await importInventory(pool, new TextEncoder().encode(`${heading}\n${rows.join('\n')}\n`));
  expect(loaded).toMatchObject({ kind: 'stored' });
  await audit();
  const { coverage } = await ask(`{ coverage(library: "credit") { itemList(lacking: SCHEMA) { nodes { code name promised connected } }
    resourceList(first: 100) { nodes { resource { code } promised } } promised: itemList(lacking: PROMISE, first: 100) { nodes { code } } } }`);
  expect(coverage.itemList.nodes).toEqual([{ code: `${code}#A2`, name: '信用等级历史', promised: true, connected: false }]);
  expect(coverage.resourceList.nodes).toContainEqual({ resource: { code }, promised: true });
  expect(coverage.promised.nodes.map((node: { code: string }) => node.code)).not.toContain(items[0]?.code);
});

const PROVINCE = { division: null, provider: null, library: null };
/** The rows of a table, its headings first. */
async function readTable(list: CoverageTable, { language = null, scope = PROVINCE }: { language?: 'zh' | null; scope?: Scope } = {}) {
  const from = { reader: readCoverage(store.ask), libraries: readLibraries() };
  const parts = await Array.fromAsync(writeCoverageTable({ list, scope, language }, from));
  return parts.flat();
}

test.each(COVERAGE_TABLES)('the table of %s has a heading for each cell, in names of the schema and in Chinese', async (list) => {
  for (const language of [null, 'zh'] as const) {
    const [head = [], ...rows] = await readTable(list, { language });
    expect(rows.length).toBeGreaterThan(3);
    expect(new Set(head).size).toBe(head.length);
    expect(rows.filter(({ length }) => length !== head.length)).toEqual([]);
    if (language === 'zh') expect(head.filter((heading) => !/^\p{Script=Han}/u.test(String(heading)))).toEqual([]);
  }
});

test('in Chinese the words of codes stand before them', async () => {
  const [head = [], ...rows] = await readTable('resources', { language: 'zh', scope: { ...PROVINCE, library: 'credit' } });
  const of = rows.find((row) => row[0] === '104001/1') ?? [];
  const said = Object.fromEntries(head.map((heading, place) => [heading, of[place]]));
  expect(said).toMatchObject({
    ...{ 基础库: '社会信用基础信息库', '基础库（代码）': 'credit', 更新周期: '每日', '更新周期（代码）': 'DAILY' },
    ...{ '共享类型（代码）': expect.stringMatching(/^[A-Z_]+$/), 共享类型: expect.stringMatching(/共享$/), 已接入: '是' },
  });
  const [items = []] = await readTable('items', { language: 'zh' });
  expect(items.slice(0, 4)).toEqual(['信息项代码', '信息项名称', '所属信息资源代码', '所属信息资源']);
});

test.each([
  [{ library: 'persons' }, 'library must be the name of a library of the hub: population, legal-entity, geospatial, e-license, credit.'],
  [{ library: ['credit', 'credit'] }, 'library must be'],
  [{ division: '629999' }, 'division must be the code of a division of the province'],
  [{ division: '62' }, 'division must be'],
  [{ provider: '1' }, 'provider must be'],
  [{ list: 'persons' }, 'list must be providers, resources or items.'],
  [{ lang: 'en' }, 'lang must be zh'],
])('a table of %o is refused by the name of what is wrong', (query, message) => {
  expect(() => readWanted(query, readLibraries())).toThrow(
    expect.objectContaining({ message: expect.stringContaining(message), extensions: { code: 'BAD_USER_INPUT' } }),
  );
});

test('what is known is asked for as it is; a provider is known where the directory has it', async () => {
  expect(readWanted({ library: 'credit', division: '620100', lang: 'zh', list: 'items' }, readLibraries())).toEqual({
    ...{ list: 'items', language: 'zh', scope: { division: '620100', provider: null, library: 'credit' } },
  });
  const reader = readCoverage(store.ask);
  expect([await reader.knowsProvider(CIVIL_AFFAIRS), await reader.knowsProvider('91350100M000100Y43')]).toEqual([true, false]);
});

test('figures are kept by the day, and what is withdrawn is no longer required', async () => {
  await storeEntries(pool, { origin: 'INVENTORY', entries: [], providers: [CIVIL_AFFAIRS] });
  await audit(NOW + 86_400_000);
  const { coverage } = await ask(
    `{ coverage(provider: "${CIVIL_AFFAIRS}") { score resources { required } history { day score resources { required } } } }`,
  );
  expect(coverage).toMatchObject({ score: null, resources: { required: 0 } });
  expect(coverage.history).toMatchObject([{ day: TODAY, resources: { required: 3 } }]);
  const { coverage: province } = await ask('{ coverage { history { day score resources { required } items { used { count } } } } }');
  expect(province.history).toMatchObject([{ day: '2026-11-25' }, { day: TODAY }]);
  expect(province.history[1].resources.required - province.history[0].resources.required).toBe(3);
});

test('coverage is told to stewards and the auditor, and to nobody else', async () => {
  const department = { kind: 'department', sub: 'd', uscc: CIVIL_AFFAIRS, region: null };
  const read = (caller: object) => ask('{ coverage { score } }', { caller });
  expect(await read({ ...department, role: 'steward' })).toMatchObject({ coverage: { score: expect.any(Number) } });
  for (const caller of [{ kind: 'public' }, { ...department, role: 'developer' }, { kind: 'citizen', sub: 'c', person: 'p' }])
    expect(await read(caller).catch((error: Error) => error.message)).toMatch(/Coverage is told to stewards/);
});

test('a steward who works for a region is told its coverage alone', async () => {
  const caller = { kind: 'department', sub: 'd', uscc: CIVIL_AFFAIRS, role: 'steward', region: '620100' };
  const read = (scope: string) =>
    ask(`{ coverage${scope} { score } }`, { caller }).then(
      () => 'told',
      () => 'refused',
    );
  const scopes = [
    '',
    '(division: "620000")',
    '(division: "620200")',
    '(provider: "11629901000000019M")',
    '(division: "620100")',
    '(division: "620102")',
  ];
  expect(await Promise.all(scopes.map(read))).toEqual(['refused', 'refused', 'refused', 'refused', 'told', 'told']);
});

test('a cursor that no page gave out is refused', async () => {
  await expect(ask('{ coverage { resourceList(after: "bm8=") { nodes { records } } } }')).rejects.toThrow(
    'Coverage.resourceList(after:) must be a cursor',
  );
});
