import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ask, until } from './ask.ts';
import type { HubUnderTest } from './hubs.ts';
import { openDatabase } from './open-database.ts';

const hubs = [inject('embedded'), inject('postgresql')].filter((hub) => hub !== null);

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
        (now['internal-developer ANSWERED'] ?? 0) >= (before['internal-developer ANSWERED'] ?? 0) + 3 &&
        (now['public ANSWERED'] ?? 0) >= (before['public ANSWERED'] ?? 0) + 1
      );
    });
  });

  test('a file counts once for each of its items, as the public', async () => {
    const [code, name] = [await itemCodeOf('AdministrativeDivision.code'), await itemCodeOf('AdministrativeDivision.name')];
    const counted = async () => [(await usesOf(code))['public ANSWERED'] ?? 0, (await usesOf(name))['public ANSWERED'] ?? 0];
    const [codeBefore = 0, nameBefore = 0] = await counted();
    const response = await fetch(`${hub.url}/public/datasets/103001~1.csv`);
    const lines = (await response.text()).trimEnd().split('\n').length;
    expect(lines).toBeGreaterThan(1_000);
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
    for (const { caller } of callers) expect(caller).toMatch(/^(public|internal-developer|[0-9A-Z]{18})$/);
  });
});

async function askPublicly(hub: HubUnderTest, query: string): Promise<void> {
  const body = JSON.stringify({ query });
  const response = await fetch(`${hub.url}/public/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  await response.json();
}
