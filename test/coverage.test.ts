import { askToken } from '@longyuan/identity/ask-token.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ask, askWell, until } from './ask.ts';
import type { HubUnderTest } from './hubs.ts';
import { openDatabase } from './open-database.ts';

const hubs = [inject('embedded'), inject('postgresql')].filter((hub) => hub !== null);
/** Days after which a record is overdue: the update cycle and a day's grace. What is brought up to date on demand never is. */
const DAYS: Readonly<Record<string, number>> = { REALTIME: 2, DAILY: 2, WEEKLY: 8, MONTHLY: 32, QUARTERLY: 93, YEARLY: 367 };

describe.each(hubs.map((hub) => [hub.url, hub] as const))('use is counted (%s)', (_url, hub) => {
  let database: Awaited<ReturnType<typeof openDatabase>>;
  beforeAll(async () => {
    database = await openDatabase(hub, 'directory');
    await until('the directory answers', 20_000, async () => !(await ask(hub, '{ resources(first: 1) { total } }')).errors);
  });
  afterAll(() => database.close());

  /** Calls of an item that are stored, by caller and outcome. */
  async function usesOf(item: string): Promise<Readonly<Record<string, number>>> {
    const rows = await database.rows(
      `SELECT caller || ' ' || outcome AS how, sum(calls)::int AS calls FROM directory."ItemUse" WHERE item = $1 GROUP BY 1`,
      [item],
    );
    return Object.fromEntries(rows.map((row) => [row['how'], row['calls']]));
  }
  async function itemCodeOf(coordinate: string): Promise<string> {
    const [row] = await database.rows(`SELECT code FROM directory."Item" WHERE fields @> $1::jsonb`, [JSON.stringify([{ coordinate }])]);
    return String(row?.['code']);
  }

  test('a query raises the stored counts of the items it asked for, by who asked and how it ended', async () => {
    const name = await itemCodeOf('AdministrativeDivision.name');
    const before = await usesOf(name);
    for (let call = 0; call < 3; call += 1) await ask(hub, '{ division(code: "620100") { called: name } }');
    await askPublicly(hub, '{ division(code: "620100") { ...Named } } fragment Named on AdministrativeDivision { name }');
    await askPublicly(hub, '{ division(code: "not a code") { name } }');
    await until('counts are stored', 15_000, async () => {
      const now = await usesOf(name);
      return (
        answeredTo(DEPARTMENT, now) >= answeredTo(DEPARTMENT, before) + 3 &&
        answeredTo(/^public$/, now) >= answeredTo(/^public$/, before) + 1
      );
    });
  });

  test('what is refused counts under the code it was refused with', async () => {
    const phone = await itemCodeOf('Person.phone');
    const before = (await usesOf(phone))['public UNAUTHENTICATED'] ?? 0;
    const answer = await ask(hub, '{ person(idNumber: "629901198704270021") { phone } }', {}, '/graphql', null);
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toContain('UNAUTHENTICATED');
    await until('the refusal is stored', 15_000, async () => ((await usesOf(phone))['public UNAUTHENTICATED'] ?? 0) > before);
  });

  test('a file counts once for each of its items, as the public', async () => {
    const [code, name] = [await itemCodeOf('AdministrativeDivision.code'), await itemCodeOf('AdministrativeDivision.name')];
    const counted = async () => [(await usesOf(code))['public ANSWERED'] ?? 0, (await usesOf(name))['public ANSWERED'] ?? 0];
    const [codeBefore = 0, nameBefore = 0] = await counted();
    // A library that is busy for a moment refuses the file, which is counted as that.
    await until('the file is sent whole', 30_000, async () => {
      const response = await fetch(`${hub.url}/public/datasets/103001~1.csv`);
      return (await response.text()).trimEnd().split('\n').length > 1_000;
    });
    await until('the download is counted', 15_000, async () => ((await counted())[0] ?? 0) > codeBefore);
    const [codeAfter = 0, nameAfter = 0] = await counted();
    // Other tests ask the same hub at the same time, but not by the thousand.
    expect(codeAfter - codeBefore).toBeLessThan(50);
    expect(nameAfter - nameBefore).toBeGreaterThan(0);
  });

  test('a count holds an item, a day, a caller, an outcome and a number, and no person', async () => {
    const columns = await database.rows(
      `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = 'directory' AND table_name = 'ItemUse' ORDER BY 1`,
    );
    expect(columns.map(({ name }) => name)).toEqual(['caller', 'calls', 'day', 'item', 'outcome']);
    const callers = await database.rows('SELECT DISTINCT caller FROM directory."ItemUse"');
    for (const { caller } of callers) expect(caller).toMatch(/^(public|citizen|agent|auditor|[0-9A-Z]{18})$/);
  });
});

describe.each(hubs.map((hub) => [hub.url, hub] as const))('coverage is audited (%s)', (_url, asked) => {
  let hub: HubUnderTest;
  beforeAll(async () => {
    hub = { ...asked, token: await askToken(readEnvironment(asked.environment), { kind: 'auditor' }) };
    // The libraries count in the background, in short statements with rests between.
    await until('every library has told what it holds', 60_000, async () => {
      const { data } = await ask(hub, '{ coverage { libraries { measuredAt resources { fresh { of } required } } } }');
      const libraries: { measuredAt: string | null; resources: { fresh: { of: number }; required: number } }[] =
        data?.coverage?.libraries ?? [];
      return (
        libraries.length === readLibraries().length &&
        libraries.every(({ measuredAt, resources }) => measuredAt !== null && resources.fresh.of === resources.required)
      );
    });
  });

  test('records are as many as there are rows, and as fresh as the clock says: the made-up country alone may be told to stand still', async () => {
    const { coverage } = await askWell(
      hub,
      `{ coverage { score resources { fresh { ratio } connected { count } } libraries { library measuredAt measuredAsOf }
         resourceList(first: 100) { nodes { connected records newestAt overdueRecords fresh resource { graphqlType library updateCycle } } } } }`,
    );
    const isStill = asked.environment['HUB_STILL_DAY'] === 'on';
    expect(coverage.resources.fresh.ratio === 1).toBe(isStill);
    expect(coverage.score).toBeGreaterThan(50);
    for (const { measuredAt, measuredAsOf } of coverage.libraries) {
      if (isStill) expect(measuredAsOf).toBe('2026-06-30T00:00:00Z');
      else expect(Math.abs(Date.parse(measuredAsOf) - Date.parse(measuredAt))).toBeLessThan(60_000);
    }
    const asOf = new Map(coverage.libraries.map((each: { library: string; measuredAsOf: string }) => [each.library, each.measuredAsOf]));
    const connected = coverage.resourceList.nodes.filter((node: { connected: boolean }) => node.connected);
    expect(connected.length).toBe(coverage.resources.connected.count);
    for (const { records, overdueRecords, resource } of connected) {
      const library = await openDatabase(hub, resource.library);
      const [row] = await library.rows(
        `SELECT count(*)::int AS rows, count(*) FILTER (WHERE "confirmedAt" < $2::timestamptz - $1::int * interval '1 day')::int AS late
         FROM "${resource.library.replaceAll('-', '_')}"."${resource.graphqlType}"`,
        [DAYS[resource.updateCycle] ?? 100_000, asOf.get(resource.library)],
      );
      await library.close();
      expect([resource.graphqlType, records]).toEqual([resource.graphqlType, row?.['rows']]);
      expect([resource.graphqlType, overdueRecords ?? 0]).toEqual([resource.graphqlType, row?.['late']]);
    }
  });

  test('an item holds values in as many records as SQL says', async () => {
    const { coverage } = await askWell(hub, '{ coverage(library: "population") { itemList(first: 100) { nodes { code populated } } } }');
    const populated = new Map(coverage.itemList.nodes.map((node: { code: string; populated: number }) => [node.code, node.populated]));
    const population = await openDatabase(hub, 'population');
    const [row] = await population.rows(`SELECT count(phone)::int AS phone, count(*)::int AS all FROM population."Person"`);
    const [moves] = await population.rows(`SELECT count(*)::int AS moves FROM population."Move"`);
    await population.close();
    expect([populated.get('P032'), populated.get('P001'), populated.get('P014')]).toEqual([row?.['phone'], row?.['all'], moves?.['moves']]);
    // A statistic is worked out: there is nothing to count.
    expect(populated.get('P090')).toBeNull();
  });

  test('columns that nothing in the schema speaks of are told', async () => {
    const { coverage } = await askWell(hub, '{ coverage { unlistedColumns { library table column } } }');
    expect(coverage.unlistedColumns).toEqual([
      { library: 'e-license', table: 'LicenseType', column: 'definedByUscc' },
      { library: 'population', table: 'Household', column: 'address' },
      { library: 'population', table: 'Household', column: 'division' },
    ]);
  });

  test('what is asked for shows as used', async () => {
    await ask(asked, '{ division(code: "620100") { name } }');
    await ask(asked, '{ person(idNumber: "629901198704270021") { phone } }', {}, '/graphql', null);
    const name = 'used: coverage(library: "geospatial") { items { used { count } } }';
    await until('the audit has seen it', 60_000, async () => ((await askWell(hub, `{ ${name} }`)).used?.items?.used.count ?? 0) > 0);
    await until('refused demand shows too', 60_000, async () => {
      const { coverage } = await askWell(hub, '{ coverage { refusedDemand(first: 100) { code refused } } }');
      return coverage.refusedDemand.some(({ code, refused }: { code: string; refused: number }) => code === 'P032' && refused > 0);
    });
  });

  test('the province, its providers and libraries are kept by the day and handed out as tables', async () => {
    const { coverage } = await askWell(
      hub,
      '{ coverage { history { day score } providers(first: 100) { total nodes { score provider { uscc name } } } } }',
    );
    expect(coverage.history[0]).toMatchObject({ day: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), score: expect.any(Number) });
    expect(coverage.providers.nodes.length).toBe(coverage.providers.total);
    const fetchCsv = (query: string, token = hub.token) =>
      fetch(`${hub.url}/directory/coverage.csv${query}`, { headers: token === '' ? {} : { authorization: `Bearer ${token}` } });
    const csv = async (query: string) => (await fetchCsv(query)).text();
    const [head = '', ...rows] = (await csv('')).trim().split('\r\n');
    expect(head).toMatch(/^\uFEFF?provider,providerName,score,resources\.required,/);
    expect(rows.length).toBe(coverage.providers.total);
    expect(rows[0]).toMatch(/^[0-9A-Z]{18},甘肃省\p{Script=Han}+,/u);
    expect((await csv('?list=resources&library=credit')).trim().split('\r\n').length).toBe(5);
    expect(await csv('?list=items&library=population')).toMatch(
      /\r\nP032,联系电话,101001\/1,人口基础信息,11629901000000019M,甘肃省公安厅,population,/,
    );
    expect(await csv('?list=items&library=population')).not.toMatch(/\b62\d{15}[\dX]\b/);
    expect(await csv('?list=resources&library=credit&lang=zh')).toMatch(/^\uFEFF?信息资源代码,信息资源名称,提供方代码,提供方,基础库,/);
    for (const wrong of ['list=secrets', 'library=persons', 'division=629999', 'provider=91350100M000100Y43', 'lang=fr']) {
      const refused = await fetchCsv(`?${wrong}`);
      expect([wrong, refused.status]).toEqual([wrong, 400]);
      expect(await refused.text()).toContain(`"message":"${wrong.split('=')[0]} must be `);
    }
    expect([(await fetchCsv('', '')).status, (await fetchCsv('', asked.token)).status]).toEqual([401, 403]);
  });
});

/** A department is counted by its credit code. */
const DEPARTMENT = /^[0-9A-Z]{18}$/;

function answeredTo(caller: RegExp, uses: Readonly<Record<string, number>>): number {
  const ofCaller = Object.entries(uses).filter(([how]) => how.endsWith(' ANSWERED') && caller.test(how.split(' ')[0] ?? ''));
  return ofCaller.reduce((sum, [, calls]) => sum + calls, 0);
}

async function askPublicly(hub: HubUnderTest, query: string): Promise<void> {
  const body = JSON.stringify({ query });
  const response = await fetch(`${hub.url}/public/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  await response.json();
}
