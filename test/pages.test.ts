import { beforeAll, expect, inject, test } from 'vitest';
import { asOwner } from './as-owner.ts';
import { ask, askWell } from './ask.ts';
import { openDatabase } from './open-database.ts';

const hub = inject('embedded');
const count = new Map<string, number>();

beforeAll(async () => {
  for (const [library, table] of [
    ['population', 'population."Person"'],
    ['legal-entity', 'legal_entity."LegalEntity"'],
    ['credit', `credit."DishonestRecord" WHERE "publishUntil" IS NULL OR "publishUntil" >= (now() AT TIME ZONE 'Asia/Shanghai')::date`],
    ['geospatial', `geospatial."Poi" WHERE category = 'SCHOOL'`],
  ] as const) {
    const database = await openDatabase(hub, library);
    const [row] = await database.rows(`SELECT count(*)::int AS rows FROM ${table}`);
    count.set(library, Number(row?.['rows']));
    await database.close();
  }
});

const walks = [
  ['population', 'searchPersons', '', 'idNumber'],
  ['legal-entity', 'searchLegalEntities', '', 'uscc'],
  ['credit', 'dishonestList', '', 'id'],
  ['geospatial', 'pois', 'category: SCHOOL,', 'code'],
  ['geospatial', 'pois', 'category: SCHOOL, near: { lon: 103.83, lat: 36.06 },', 'code'],
] as const;

test.each(walks)('a walk through %s %s(%s …) meets every row once', async (library, field, fixed, key) => {
  const seen: string[] = [];
  let after: string | null = null;
  for (;;) {
    const data = await askWell(
      await asOwner(hub, library),
      `query($after: String) { ${field}(${fixed} first: 100, after: $after) { total nodes { ${key} } pageInfo { endCursor hasNextPage } } }`,
      { after },
    );
    const page = data[field];
    expect(page.total).toBe(count.get(library));
    seen.push(...page.nodes.map((node: Record<string, string>) => node[key]));
    if (!page.pageInfo.hasNextPage) break;
    after = page.pageInfo.endCursor;
  }
  expect(seen).toHaveLength(count.get(library) ?? -1);
  expect(new Set(seen).size).toBe(seen.length);
});

test('an empty page has no cursor and nothing after it', async () => {
  const { searchPersons } = await askWell(
    await asOwner(hub, 'population'),
    '{ searchPersons(name: "没有这个人") { total nodes { name } pageInfo { endCursor hasNextPage } } }',
  );
  expect(searchPersons).toEqual({ total: 0, nodes: [], pageInfo: { endCursor: null, hasNextPage: false } });
});

test('a cursor that no page gave is refused', async () => {
  const { data, errors } = await ask(await asOwner(hub, 'population'), '{ searchPersons(after: "bm90IGEgY3Vyc29y") { total } }');
  expect(data?.searchPersons ?? null).toBeNull();
  expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
});
