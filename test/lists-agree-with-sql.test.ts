import { readDirectorySubgraph } from '@longyuan/schema/src/directory-subgraph.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { asOwner } from './as-owner.ts';
import { type AskedHub, askWell } from './ask.ts';
import { type Comparison, writeComparisons } from './lists/comparisons.ts';
import { openDatabase } from './open-database.ts';
import { patience } from './patience.ts';

type Database = Awaited<ReturnType<typeof openDatabase>>;
/** A root that answers a list, as plain or page by page; `arguments` without those that turn pages. */
type ListRoot = Readonly<{ name: string; isPaged: boolean; arguments: readonly string[] }>;

const hubs = [['embedded', inject('embedded')] as const, ...(inject('postgresql') ? [['PostgreSQL', inject('postgresql')] as const] : [])];
/** Told by directory.test.ts, against an inventory of its own. */
const COMPARED_ELSEWHERE = new Set(['resources(filter)']);
/** Lists of the directory besides resources hold what other tests write (grants, objections, runs), and are told there. */
const TOLD_ELSEWHERE = new Set(
  readDirectorySubgraph().document.definitions.flatMap((each) =>
    'name' in each && each.name?.value === 'Query' && 'fields' in each ? (each.fields ?? []).map(({ name }) => name.value) : [],
  ),
);
TOLD_ELSEWHERE.delete('resources');
/** Lists that are for the developers of one library's owner alone, by root. */
const ownersLists = new Map(
  readSharingFacts(readLibraries()).fields.flatMap(({ lists, name, owner }) => (lists === 'OWNER' ? [[name, owner.library.name]] : [])),
);

describe.each(hubs)('over %s, every root that answers a list says what SQL says', (_name, given) => {
  const hub = given ?? inject('embedded');
  const databases = new Map<string, Database>();
  let comparisons: readonly Comparison[] = [];
  let roots: readonly ListRoot[] = [];

  beforeAll(async () => {
    comparisons = await writeComparisons(async (library, sql, values) => {
      const database = databases.get(library) ?? (await openDatabase(hub, library));
      databases.set(library, database);
      return database.rows(sql, values);
    });
    roots = (await findListRoots(hub)).filter(({ name }) => !TOLD_ELSEWHERE.has(name));
  });
  afterAll(async () => {
    for (const database of databases.values()) await database.close();
  });

  test('each of them is compared, with each of its arguments', () => {
    const compared = new Set(
      comparisons.flatMap(({ root, given: args }) => [root, ...Object.keys(args).map((name) => `${root}(${name})`)]),
    );
    const wanted = roots.flatMap((root) => [root.name, ...root.arguments.map((name) => `${root.name}(${name})`)]);
    expect(roots.length).toBeGreaterThan(10);
    expect(wanted.filter((each) => !compared.has(each) && !COMPARED_ELSEWHERE.has(each))).toEqual([]);
    // A comparison of nothing with nothing says little: each root has one with rows.
    expect(roots.filter(({ name }) => !comparisons.some(({ root, expected }) => root === name && expected.length > 0))).toEqual([]);
  });

  test('contents, order and totals', { timeout: patience(300_000) }, async () => {
    for (const comparison of comparisons) {
      const root = roots.find(({ name }) => name === comparison.root);
      if (!root) throw new Error(`There is no root ${comparison.root} that answers a list.`);
      const owner = ownersLists.get(root.name);
      const asked = owner === undefined ? hub : await asOwner(hub, owner);
      const said = root.isPaged ? await walk(asked, comparison) : { rows: await askOnce(asked, comparison), totals: [] };
      const called = `${comparison.root}(${printArguments(comparison.given)})`;
      expect({ called, rows: said.rows }).toEqual({ called, rows: comparison.expected });
      expect({ called, totals: said.totals }).toEqual({ called, totals: root.isPaged ? [comparison.expected.length] : [] });
    }
  });
});

async function findListRoots(hub: { url: string }): Promise<readonly ListRoot[]> {
  const named = 'kind fields { name }';
  const { __schema } = await askWell(
    hub,
    `{ __schema { queryType { fields { name args { name }
      type { ${named} ofType { ${named} } } } } } }`,
  );
  type Named = { kind: string; fields: { name: string }[] | null; ofType: Named | null };
  return __schema.queryType.fields.flatMap((field: { name: string; args: { name: string }[]; type: Named }) => {
    const type = field.type.kind === 'NON_NULL' && field.type.ofType ? field.type.ofType : field.type;
    const isPaged = type.fields?.some(({ name }) => name === 'nodes') ?? false;
    if (type.kind !== 'LIST' && !isPaged) return [];
    const args = field.args.map(({ name }) => name).filter((name) => !(isPaged && (name === 'first' || name === 'after')));
    return [{ name: field.name, isPaged, arguments: args }];
  });
}

async function askOnce(hub: AskedHub, { root, given, select }: Comparison): Promise<unknown[]> {
  const args = printArguments(given);
  const data = await askWell(hub, `{ ${root}${args && `(${args})`} { ${select} } }`);
  return data[root];
}

async function walk(hub: AskedHub, { root, given, select }: Comparison): Promise<{ rows: unknown[]; totals: number[] }> {
  const rows: unknown[] = [];
  const totals = new Set<number>();
  let after: string | null = null;
  do {
    const args = [printArguments(given), 'first: 100, after: $after'].filter(Boolean).join(', ');
    const data = await askWell(
      hub,
      `query ($after: String) { ${root}(${args}) { total nodes { ${select} } pageInfo { endCursor hasNextPage } } }`,
      { after },
    );
    rows.push(...data[root].nodes);
    totals.add(data[root].total);
    after = data[root].pageInfo.hasNextPage ? data[root].pageInfo.endCursor : null;
  } while (after !== null);
  return { rows, totals: [...totals] };
}

/** Arguments as GraphQL writes them: `category: SCHOOL, near: {lon: 103.83, lat: 36.06}`. */
function printArguments(given: Readonly<Record<string, unknown>>): string {
  return Object.entries(given)
    .map(([name, value]) => `${name}: ${printValue(value)}`)
    .join(', ');
}

function printValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printValue).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return 'enum' in value ? String(value.enum) : `{${printArguments({ ...value })}}`;
}
