import { decodeCursor, type PagedList } from '@longyuan/schema/src/paging/cursor.ts';
import { type KeysetPage, keysetPage } from '@longyuan/schema/src/paging/keyset-page.ts';
import type { DirectoryStore } from '../entries/directory-store.ts';
import type { ToldHoldings } from './library-holdings.ts';
import { BY_PROVIDER, type Counts, conditionsOf, type GroupFigures, readFigures, type Scope } from './read-figures.ts';
import { workOf } from './score-method.ts';
import { snapshotScope } from './snapshots.ts';

type Ask = DirectoryStore['ask'];
type Paging = Readonly<{ first: number; after: string | null }>;

/** One resource as it is kept by the audit. Numbers of records are text, as PostgreSQL's large numbers come. */
export type ResourceCoverageRow = Readonly<{
  code: string;
  name: string;
  providerUscc: string;
  providerName: string;
  library: string | null;
  shareType: string;
  openness: string;
  updateCycle: string;
  promised: boolean;
  connected: boolean;
  missing: readonly string[];
  rows: string | null;
  newestAt: Date | null;
  oldestAt: Date | null;
  overdue: string | null;
  fresh: boolean | null;
  itemsRequired: number;
  itemsConnected: number;
  itemsPopulated: number;
  itemsUsed: number;
  itemsNeverAsked: number;
  checks: readonly (number | null)[];
}>;

/** One item in the six views, as it is kept by the audit. */
export type ItemCoverageRow = Readonly<{
  code: string;
  name: string;
  resourceCode: string;
  resourceName: string;
  providerUscc: string;
  providerName: string;
  library: string | null;
  promised: boolean;
  connected: boolean;
  populated: string | null;
  permitted: boolean;
  used: string;
  refused: string;
  asked: string;
}>;

const NAME_OF_PROVIDER = `(SELECT p.name FROM directory."Provider" p WHERE p.uscc = c."providerUscc") AS "providerName"`;
const NAME_OF_RESOURCE = `(SELECT r.name FROM directory."ResourceCoverage" r WHERE r.code = c."resourceCode") AS "resourceName"`;

const resourceGaps: Readonly<Record<string, string>> = {
  CONNECTION: 'NOT c.connected',
  METADATA: `c.missing <> '{}'`,
  FRESHNESS: 'c.fresh = false',
  USE: 'c.connected AND NOT c.used',
  OPENNESS: `c.openness <> 'OPEN'`,
};

const itemGaps: Readonly<Record<string, string>> = {
  PROMISE: 'c.connected AND NOT c.promised',
  SCHEMA: 'NOT c.connected',
  VALUES: 'c.connected AND c.populated = 0',
  PERMISSION: 'c.connected AND NOT c.permitted',
  USE: 'c.connected AND c.used = 0',
  DEMAND: 'c.connected AND c.asked = 0',
};

const PROVIDERS = { field: 'Coverage.providers' };
const RESOURCES = { field: 'Coverage.resourceList' };
const ITEMS = { field: 'Coverage.itemList' };

/** What one request reads of the audit: figures of a scope are read once. */
export type CoverageReader = ReturnType<typeof readCoverage>;

export function readCoverage(ask: Ask) {
  const known = new Map<string, Promise<GroupFigures | undefined>>();
  const figuresOf = (scope: Scope) => {
    const name = JSON.stringify(scope);
    const figures = known.get(name) ?? readFigures(ask, { scope }).then(([whole]) => whole);
    known.set(name, figures);
    return figures;
  };
  const listResources = (scope: Scope, gap: string | null, order: string, after: string | null, limit: number) => {
    const where = conditionsOf(scope);
    if (gap !== null) where.add(`(${resourceGaps[gap] ?? 'false'})`);
    if (after !== null) where.add('c.code > ?', after);
    return ask<ResourceCoverageRow>(
      `SELECT c.*, ${NAME_OF_PROVIDER} FROM directory."ResourceCoverage" c WHERE ${where.sql()} ORDER BY ${order} LIMIT ${where.bind(limit)}`,
      where.values,
    );
  };
  const listItems = (scope: Scope, gap: string | null, after: string | null, limit: number) => {
    const where = conditionsOf(scope);
    if (gap !== null) where.add(`(${itemGaps[gap] ?? 'false'})`);
    if (after !== null) where.add('c.code > ?', after);
    return ask<ItemCoverageRow>(
      `SELECT c.*, ${NAME_OF_PROVIDER}, ${NAME_OF_RESOURCE} FROM directory."ItemCoverage" c WHERE ${where.sql()} ORDER BY c.code LIMIT ${where.bind(limit)}`,
      where.values,
    );
  };
  const count = async (table: string, scope: Scope, condition: string, counted = '*') => {
    const where = conditionsOf(scope);
    where.add(`(${condition})`);
    const sql = `SELECT count(${counted})::int AS count FROM directory."${table}" c WHERE ${where.sql()}`;
    return (await ask<{ count: number }>(sql, where.values))[0]?.count ?? 0;
  };

  return {
    figuresOf,
    /** Whether the directory has a provider of this credit code. */
    async knowsProvider(uscc: string): Promise<boolean> {
      return (await ask<{ uscc: string }>('SELECT p.uscc FROM directory."Provider" p WHERE p.uscc = $1', [uscc])).length > 0;
    },
    /** Work of a scope, most points first, at most `limit` kinds. */
    async workOf(scope: Scope, limit: number) {
      const figures = await figuresOf(scope);
      return workOf(figures?.values ?? [])
        .slice(0, limit)
        .map(({ check, place, pointsGained }) => ({
          check: check.name,
          part: check.part,
          pointsGained,
          count: () => count('ResourceCoverage', scope, `c.checks[${place + 1}] < 1`),
          codes: async (most: number) => {
            const where = conditionsOf(scope);
            where.add(`c.checks[${place + 1}] < 1`);
            const rows = await ask<{ code: string }>(
              `SELECT c.code FROM directory."ResourceCoverage" c WHERE ${where.sql()} ORDER BY c.checks[${place + 1}], c.code LIMIT ${where.bind(most)}`,
              where.values,
            );
            return rows.map(({ code }) => code);
          },
        }));
    },
    resources: (scope: Scope, lacking: string | null, { first, after }: Paging): KeysetPage<ResourceCoverageRow> =>
      keysetPage({
        ...{ list: RESOURCES, first, after },
        fetch: (limit) => listResources(scope, lacking, 'c.code', readCursor(after, RESOURCES), limit),
        placeOf: ({ code }) => [code],
        count: () => count('ResourceCoverage', scope, lacking === null ? 'true' : (resourceGaps[lacking] ?? 'false')),
      }),
    items: (scope: Scope, lacking: string | null, { first, after }: Paging): KeysetPage<ItemCoverageRow> =>
      keysetPage({
        ...{ list: ITEMS, first, after },
        fetch: (limit) => listItems(scope, lacking, readCursor(after, ITEMS), limit),
        placeOf: ({ code }) => [code],
        count: () => count('ItemCoverage', scope, lacking === null ? 'true' : (itemGaps[lacking] ?? 'false')),
      }),
    providers: (scope: Scope, { first, after }: Paging): KeysetPage<GroupFigures> =>
      keysetPage({
        ...{ list: PROVIDERS, first, after },
        fetch: (limit) => readFigures(ask, { scope, by: BY_PROVIDER, after: readCursor(after, PROVIDERS) ?? '', limit }),
        placeOf: ({ key }) => [key ?? ''],
        count: () => count('ResourceCoverage', scope, 'true', 'DISTINCT c."providerUscc"'),
      }),
    async libraries(scope: Scope) {
      const [groups, told] = await Promise.all([readFigures(ask, { scope, by: 'c.library' }), readTold(ask)]);
      return groups.flatMap((group) => {
        if (group.key === null) return [];
        const { measuredAt = null, asOf = null } = told.get(group.key) ?? {};
        return [{ ...group, measuredAt, measuredAsOf: asOf }];
      });
    },
    refusedDemand(scope: Scope, first: number) {
      const where = conditionsOf(scope);
      where.add('c.refused > 0');
      return ask<ItemCoverageRow>(
        `SELECT c.*, ${NAME_OF_PROVIDER}, ${NAME_OF_RESOURCE} FROM directory."ItemCoverage" c WHERE ${where.sql()} ORDER BY c.refused DESC, c.code LIMIT ${where.bind(first)}`,
        where.values,
      );
    },
    /** Columns of the libraries that the scope reaches: those with a resource in it. */
    async unlistedColumns(scope: Scope) {
      const [groups, told] = await Promise.all([readFigures(ask, { scope, by: 'c.library' }), readTold(ask)]);
      return groups.flatMap(({ key: library }) => (told.get(library ?? '')?.unlisted ?? []).map((column) => ({ library, ...column })));
    },
    async history(scope: Scope, first: number) {
      const name = snapshotScope(scope);
      if (name === null) return [];
      return ask<{ day: string; score: string | null; figures: Counts }>(
        'SELECT day::text, score, figures FROM directory."CoverageSnapshot" WHERE scope = $1 ORDER BY day DESC LIMIT $2',
        [name, first],
      );
    },
  };
}

async function readTold(ask: Ask): Promise<ReadonlyMap<string, ToldHoldings>> {
  const rows = await ask<{ library: string; holdings: ToldHoldings }>(
    'SELECT library, holdings FROM directory."LibraryHoldings" ORDER BY library',
    [],
  );
  return new Map(rows.map(({ library, holdings }) => [library, holdings]));
}

/** The key of the last row of the page before. @throws GraphQLError BAD_USER_INPUT for anything that no page gave out. */
function readCursor(cursor: string | null, list: PagedList): string | null {
  return cursor === null ? null : String(decodeCursor(cursor, list, 1)[0]);
}
