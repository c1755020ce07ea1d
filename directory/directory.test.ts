import { readFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { PUBLIC } from '@longyuan/access/caller.ts';
import { EVERYTHING_VISIBLE } from '@longyuan/access/everything-visible.ts';
import type { Asker, Hub } from '@longyuan/inner/inner-subgraph.ts';
import { openScratchServer, type ScratchServer } from '@longyuan/prisma/store/embedded/open-scratch-server.ts';
import { readDirectorySubgraph } from '@longyuan/schema/src/directory-subgraph.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { NO_SPAN } from '@longyuan/telemetry/span.ts';
import { graphql } from 'graphql';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildDirectorySchema } from './answer-directory.ts';
import { openDirectoryStore } from './entries/directory-store.ts';
import { entriesOfHub } from './entries/entries-of-hub.ts';
import type { Entry } from './entries/entry.ts';
import { makeLoaders } from './entries/loaders.ts';
import { storeEntries } from './entries/store-entries.ts';
import { importInventory } from './inventory/import-inventory.ts';
import { bringUpDirectory, openDirectory } from './open-directory.ts';

const hub = entriesOfHub(readLibraries());
const civilAffairs = readFileSync(new URL('../prisma/directory/examples/civil-affairs.csv', import.meta.url), 'utf8');
const schema = buildDirectorySchema(readDirectorySubgraph());
let server: ScratchServer;
let pool: pg.Pool;

beforeAll(async () => {
  server = await openScratchServer(openLog('test', { logLevel: 'silent' }));
  pool = new pg.Pool({ connectionString: server.url, max: 2 });
  await bringUpDirectory(pool);
  await syncHub(hub);
  await importText(civilAffairs);
});
afterAll(async () => {
  await pool?.end();
  await server?.close();
});

const syncHub = (entries: readonly Entry[]) => storeEntries(pool, { origin: 'HUB', entries, providers: null });
const importText = (text: string) => importInventory(pool, new TextEncoder().encode(text));

/** The answer to a query; errors fail the test. */
// biome-ignore lint/suspicious/noExplicitAny: answers are compared with literals, so their shape needs no type
async function ask(source: string): Promise<any> {
  const store = openDirectoryStore({ poolNow: () => pool, places: 6, timeoutMs: 5_000, onTrouble: () => {} });
  const { data, errors } = await graphql({ schema, source, contextValue: { caller: PUBLIC, loaders: makeLoaders(store) } });
  if (errors) throw new Error(errors.map((error) => error.message).join('\n'));
  return JSON.parse(JSON.stringify(data));
}
async function search(filter: string): Promise<string[]> {
  const { resources } = await ask(`{ resources(filter: ${filter}, first: 100) { nodes { name } total } }`);
  expect(resources.total).toBe(resources.nodes.length);
  return resources.nodes.map((node: { name: string }) => node.name);
}

test('a resource of the hub is listed with its items, each with the way that reads it', async () => {
  const { resource } = await ask(`{ resource(code: "101001/1") {
    name category onHub library graphqlType version shareType openness updateCycle publishedOn provider { name division { code } }
    items { code name graphqlPath shareType openToPublic level } versions { number changes { kind } } } }`);
  expect(resource).toMatchObject({
    name: '人口基础信息',
    category: ['基础信息资源类', '人口基础信息资源', '户籍人口'],
    onHub: true,
    library: 'population',
    graphqlType: 'Person',
    version: '1.0',
    provider: { name: '甘肃省公安厅', division: { code: '620000' } },
    versions: [{ number: '1.0', changes: [{ kind: 'LISTED' }] }],
  });
  expect(resource.items).toContainEqual(
    expect.objectContaining({ name: '公民身份号码', graphqlPath: expect.stringContaining('idNumber'), openToPublic: false }),
  );
});

test('what is promised and not on the hub yet is listed beside it', async () => {
  expect(
    await ask(
      '{ resource(code: "307062000013002/1") { onHub library state items { code graphqlPath resource { name } } relatedCodes relatedResources { name } } }',
    ),
  ).toEqual({
    resource: {
      onHub: false,
      library: null,
      state: 'PUBLISHED',
      items: ['TYDM', 'MC', 'LB', 'FZR'].map((item) => ({
        code: `307062000013002/1#${item}`,
        graphqlPath: null,
        resource: { name: '社会组织登记信息' },
      })),
      relatedCodes: ['102001/1'],
      relatedResources: [{ name: '法人单位基础信息' }],
    },
  });
});

test('a search knows Chinese, pinyin, initials, English and item names', async () => {
  expect(await search('{ text: "最低生活保障" }')).toEqual(['城乡居民最低生活保障信息']);
  expect(await search('{ text: "zuidishenghuo" }')).toEqual(['城乡居民最低生活保障信息']);
  expect(await search('{ text: "zdshbz" }')).toEqual(['城乡居民最低生活保障信息']);
  expect(await search('{ text: "minimum living" }')).toEqual(['城乡居民最低生活保障信息']);
  expect(await search('{ text: "月保障金额" }')).toEqual(['城乡居民最低生活保障信息']);
  expect(await search('{ text: "penalty" }')).toContain('行政处罚信息');
  expect(await search('{ text: "无此资源" }')).toEqual([]);
  expect(await search('{ text: "?!" }')).toEqual([]);
});

test('exact code or name comes first, then names that hold the text, then items', async () => {
  expect((await search('{ text: "104002/1" }'))[0]).toBe('行政处罚信息');
  const exact = await search('{ text: "社会组织登记信息" }');
  expect(exact[0]).toBe('社会组织登记信息');
  // In one name, and in the items of another resource.
  const found = await search('{ text: "法定代表人" }');
  expect(found).toContain('社会组织登记信息');
  const funeral = await search('{ text: "机构" }');
  expect(funeral[0]).toBe('殡葬服务机构信息');
  expect(funeral.length).toBeGreaterThan(1);
});

test('filters hold together', async () => {
  expect(await search('{ onHub: false }')).toHaveLength(3);
  expect(await search('{ onHub: true }')).toHaveLength(hub.length);
  expect(await search('{ onHub: false, openness: OPEN }')).toEqual(['殡葬服务机构信息']);
  expect(await search('{ onHub: false, shareType: CONDITIONAL }')).toEqual(['城乡居民最低生活保障信息']);
  expect(await search('{ provider: "1162990100000006XQ", updateCycle: DAILY }')).toEqual(['社会组织登记信息']);
  expect(await search('{ category: "307062" }')).toHaveLength(3);
  expect(await search('{ category: "部门信息资源类/甘肃省/民政/社会救助" }')).toEqual(['城乡居民最低生活保障信息']);
  expect(await search('{ division: "620000" }')).toHaveLength(hub.length + 3);
  expect(await search('{ division: "620100" }')).toEqual([]);
  expect(await search('{ text: "信息", openness: OPEN, onHub: false }')).toEqual(['殡葬服务机构信息']);
});

test.each(['{}', '{ text: "xx" }', '{ text: "机构" }', '{ text: "行政处罚信息" }'])(
  'pages of %s hold every resource once, in one order',
  async (filter) => {
    const whole = await ask(`{ resources(filter: ${filter}, first: 100) { nodes { code } total } }`);
    const walked: { code: string }[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const place: string = after === '' ? '' : `, after: "${after}"`;
      const { resources } = await ask(
        `{ resources(filter: ${filter}, first: 2${place}) { nodes { code } pageInfo { endCursor hasNextPage } } }`,
      );
      walked.push(...resources.nodes);
      after = resources.pageInfo.hasNextPage ? resources.pageInfo.endCursor : null;
    }
    expect(walked).toEqual(whole.resources.nodes);
    expect(new Set(walked.map(({ code }) => code)).size).toBe(whole.resources.total);
  },
);

test('a cursor of another walk is refused', async () => {
  const { resources } = await ask('{ resources(first: 1) { pageInfo { endCursor } } }');
  await expect(ask(`{ resources(filter: { text: "信息" }, after: "${resources.pageInfo.endCursor}") { nodes { code } } }`)).rejects.toThrow(
    'after',
  );
  await expect(ask('{ resources(after: "bm9uZQ") { nodes { code } } }')).rejects.toThrow('after');
});

test('a provider has its resources, page by page', async () => {
  expect(
    await ask('{ provider(uscc: "1162990100000006XQ") { name resources(first: 2) { nodes { code } total pageInfo { hasNextPage } } } }'),
  ).toEqual({
    provider: {
      name: '甘肃省民政厅',
      resources: { nodes: [{ code: '307062000013001/1' }, { code: '307062000013002/1' }], total: 3, pageInfo: { hasNextPage: true } },
    },
  });
  expect(await ask('{ provider(uscc: "11620000013896072X") { name } resource(code: "999999/9") { name } }')).toEqual({
    provider: null,
    resource: null,
  });
});

test('the same file twice, and the same hub twice, change nothing', async () => {
  const before = await rowsOfAll();
  expect(await importText(civilAffairs)).toEqual({ kind: 'stored', listed: 0, changed: 0, withdrawn: 0, unchanged: 3 });
  expect(await syncHub(hub)).toEqual({ kind: 'stored', listed: 0, changed: 0, withdrawn: 0, unchanged: hub.length });
  expect(await rowsOfAll()).toEqual(before);
});

test('a later inventory changes, withdraws and lists again, and every state has its number', async () => {
  const later = civilAffairs
    .split('\n')
    .filter((line) => !line.startsWith('307062000013003/1'))
    .join('\n')
    .replace('每月', '每日')
    .replace(',XM,姓名,字符型,50', ',XM,姓名,字符型,100');
  expect(await importText(later)).toEqual({ kind: 'stored', listed: 0, changed: 1, withdrawn: 1, unchanged: 1 });
  const versions = (code: string) =>
    ask(`{ resource(code: "${code}") { state version versions { number changes { kind itemCode fact before after compatible } } } }`);
  expect((await versions('307062000013001/1')).resource).toMatchObject({
    version: '2.0',
    versions: [
      {
        number: '2.0',
        changes: [
          { kind: 'RESOURCE_CHANGED', itemCode: null, fact: 'updateCycle', before: 'MONTHLY', after: 'DAILY', compatible: true },
          { kind: 'ITEM_CHANGED', itemCode: '307062000013001/1#XM', fact: 'length', before: '50', after: '100', compatible: false },
        ],
      },
      { number: '1.0' },
    ],
  });
  expect((await versions('307062000013003/1')).resource).toMatchObject({ state: 'WITHDRAWN', version: '2.0' });
  expect(await search('{ text: "殡葬" }')).toEqual([]);
  expect(await importText(civilAffairs)).toMatchObject({ changed: 2, withdrawn: 0, unchanged: 1 });
  expect((await versions('307062000013003/1')).resource).toMatchObject({
    state: 'PUBLISHED',
    version: '2.1',
    versions: [{ changes: [{ kind: 'LISTED_AGAIN' }] }, { changes: [{ kind: 'WITHDRAWN' }] }, { changes: [{ kind: 'LISTED' }] }],
  });
  expect(await search('{ text: "殡葬" }')).toEqual(['殡葬服务机构信息']);
});

test('a file with one bad row stores nothing', async () => {
  const before = await rowsOfAll();
  const outcome = await importText(civilAffairs.replace('每季度', '有时').replace('殡仪馆', '公墓'));
  expect(outcome).toMatchObject({ kind: 'mistaken', mistakes: [{ line: 11 }] });
  expect(await rowsOfAll()).toEqual(before);
});

test("a code that another department listed is refused with its line, and that department's resources stay", async () => {
  const other = civilAffairs.replaceAll('1162990100000006XQ', '116299010000000436').replaceAll('307062000013003/1', '307062000013009/1');
  expect(await importText(other)).toMatchObject({
    kind: 'mistaken',
    mistakes: [
      { line: 2, reason: expect.stringContaining('307062000013001/1') },
      { line: 7, reason: expect.stringContaining('307062000013002/1') },
    ],
  });
  expect(await search('{ onHub: false }')).toHaveLength(3);
});

test('a promised resource that comes onto the hub is shown as it is there, and as promised when it goes', async () => {
  const [first] = hub;
  if (!first) throw new Error('the hub has no resource');
  const connected: Entry = {
    ...first,
    code: '307062000013003/1',
    name: '殡葬服务机构',
    items: first.items.slice(0, 1).map((item) => ({ ...item, code: 'F001' })),
  };
  await syncHub([...hub, connected]);
  expect(await search('{ text: "307062000013003/1" }')).toEqual(['殡葬服务机构']);
  await syncHub(hub);
  expect(await search('{ text: "307062000013003/1" }')).toEqual(['殡葬服务机构信息']);
});

test('while the database is not there, every root is LIBRARY_UNAVAILABLE', async () => {
  const gone: unknown[] = [];
  const nowhere = new pg.Pool({ connectionString: 'postgresql://longyuan@127.0.0.1:1/none' });
  const store = openDirectoryStore({ poolNow: () => nowhere, places: 6, timeoutMs: 5_000, onTrouble: (error) => gone.push(error) });
  const source = '{ resource(code: "101001/1") { name } resources { nodes { name } total } provider(uscc: "11629901000000019M") { name } }';
  const { data, errors } = await graphql({ schema, source, contextValue: { caller: PUBLIC, loaders: makeLoaders(store) } });
  expect(JSON.parse(JSON.stringify(data))).toEqual({ resource: null, resources: { nodes: null, total: null }, provider: null });
  expect(errors?.map((error) => error.extensions['code'])).toEqual(Array(4).fill('LIBRARY_UNAVAILABLE'));
  expect(gone.length).toBeGreaterThan(0);
  await nowhere.end();
});

test('a directory whose database comes later, goes and comes back is picked up each time; nobody waits for it', async () => {
  const gate = openGate(server.port);
  const port = await gate.open();
  gate.shut();
  const settings = readEnvironment({
    HUB_HEALTH_INTERVAL_MS: '50',
    DIRECTORY_DATABASE_URL: server.url.replace(`:${server.port}/`, `:${port}/`),
  });
  const directory = openDirectory({ settings, log: openLog('test', { logLevel: 'silent' }), libraries: readLibraries() });
  const { answer, close } = directory.mount(NOBODY_ELSE);
  const code = async () => {
    const { data, errors } = await answer({ query: '{ resource(code: "101001/1") { name } }', variables: {} }, asPublic());
    return errors[0]?.extensions?.['code'] ?? data?.['resource'];
  };
  expect(await code()).toBe('LIBRARY_UNAVAILABLE');
  for (let round = 0; round < 2; round += 1) {
    await gate.open();
    await expect.poll(code).toEqual({ name: '人口基础信息' });
    gate.shut();
    expect(await code()).toBe('LIBRARY_UNAVAILABLE');
  }
  await close();
  await directory.close();
});

/** A hub without libraries. */
const NOBODY_ELSE: Hub = {
  askLibrary: async () => ({ kind: 'silent' }),
  grants: { grantsOf: () => [], all: () => [], untoldBy: () => new Set(), version: () => 0, refresh: async () => {} },
  quotas: { spend: async () => ({ kind: 'spent', day: '2026-06-30' }), used: async (names) => names.map(() => 0) },
};

function asPublic(): Asker {
  const nothing = async () => {
    throw new Error('Nobody is asked.');
  };
  return {
    ...{
      caller: PUBLIC,
      access: EVERYTHING_VISIBLE,
      language: 'en',
      schema: null,
      requestId: 'r',
      span: NO_SPAN,
      cancellations: new Set(),
    },
    ...{ explain: nothing, ask: nothing, askOwner: nothing },
  };
}

/** A way to a server that can be shut, as when a database goes away, and opened again at the same port. */
function openGate(serverPort: number) {
  const sockets = new Set<Socket>();
  let port = 0;
  const listener = createServer((outer) => {
    const inner = connect(serverPort, '127.0.0.1');
    for (const socket of [outer, inner]) {
      sockets.add(socket);
      socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    }
    outer.pipe(inner).pipe(outer);
  });
  return {
    open: async () => {
      await new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', resolve));
      const address = listener.address();
      if (address === null || typeof address === 'string') throw new Error('no port');
      port = address.port;
      return port;
    },
    shut: () => {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function rowsOfAll(): Promise<unknown> {
  const read = async (table: string) => (await pool.query(`SELECT * FROM directory."${table}" ORDER BY 1, 2, 3`)).rows;
  return [await read('Resource'), await read('Item'), await read('Version'), await read('Provider')];
}
