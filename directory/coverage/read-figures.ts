import { divisionPrefix } from '@longyuan/schema/src/division-prefix.ts';
import type { DirectoryStore } from '../entries/directory-store.ts';
import { scoreMethod } from './score-method.ts';

type Ask = DirectoryStore['ask'];

/** Which part of the province is looked at; null: all. */
export type Scope = Readonly<{ division: string | null; provider: string | null; library: string | null }>;

/** Counts of one group. `values`: how far each check of the method holds, in its order. `key`: the group; null where there is one alone. */
export type GroupFigures = Readonly<{
  key: string | null;
  /** Name of the provider, where the groups are providers; else null. */
  name: string | null;
  auditedAt: Date | null;
  counts: Counts;
  values: readonly (number | null)[];
}>;

const resourceCounts = {
  required: 'count(*)',
  promised: 'count(*) FILTER (WHERE c.promised)',
  connected: 'count(*) FILTER (WHERE c.connected)',
  complete: `count(*) FILTER (WHERE c.missing = '{}')`,
  unconditional: `count(*) FILTER (WHERE c."shareType" = 'UNCONDITIONAL')`,
  conditional: `count(*) FILTER (WHERE c."shareType" = 'CONDITIONAL')`,
  notShared: `count(*) FILTER (WHERE c."shareType" = 'NOT_SHARED')`,
  open: `count(*) FILTER (WHERE c.openness = 'OPEN')`,
  partlyOpen: `count(*) FILTER (WHERE c.openness = 'PARTLY_OPEN')`,
  fresh: 'count(*) FILTER (WHERE c.fresh)',
  freshKnown: 'count(*) FILTER (WHERE c.fresh IS NOT NULL)',
  used: 'count(*) FILTER (WHERE c.connected AND c.used)',
} as const;

const itemSums = {
  itemsRequired: 'itemsRequired',
  itemsPromised: 'itemsPromised',
  itemsConnected: 'itemsConnected',
  itemsPopulated: 'itemsPopulated',
  itemsPermitted: 'itemsPermitted',
  itemsUsed: 'itemsUsed',
  itemsRefused: 'itemsRefused',
  itemsNeverAsked: 'itemsNeverAsked',
  itemsUnconditional: 'itemsUnconditional',
  itemsConditional: 'itemsConditional',
  itemsNotShared: 'itemsNotShared',
  itemsOpen: 'itemsOpen',
} as const;

/** Counts by their name here; `items…` of items, the others of resources. */
export type Counts = Readonly<Record<keyof typeof resourceCounts | keyof typeof itemSums, number>>;

const COUNTS = [
  ...Object.entries(resourceCounts).map(([name, sql]) => `${sql}::int AS "${name}"`),
  ...Object.entries(itemSums).map(([name, column]) => `coalesce(sum(c."${column}"), 0)::int AS "${name}"`),
].join(', ');
const VALUES = `ARRAY[${scoreMethod.map((_, place) => `avg(c.checks[${place + 1}])::float8`).join(', ')}] AS values`;

/** The groups that have a name. */
export const BY_PROVIDER = 'c."providerUscc"';

/** Figures of a scope as a whole, or of each group `by` an expression over it, in the order of its values, those after `after` and at most `limit`. */
export async function readFigures(
  ask: Ask,
  wanted: Readonly<{ scope?: Scope; by?: string; after?: string; limit?: number }>,
): Promise<readonly GroupFigures[]> {
  const { scope, by, after, limit } = wanted;
  const where = conditionsOf(scope);
  if (by !== undefined && after !== undefined) where.add(`${by} > ?`, after);
  const paging = limit === undefined ? '' : `LIMIT ${where.bind(limit)}`;
  const name = by === BY_PROVIDER ? `(SELECT p.name FROM directory."Provider" p WHERE p.uscc = ${by})` : 'NULL::text';
  const rows = await ask<Counts & { key: string | null; name: string | null; auditedAt: Date | null; values: readonly (number | null)[] }>(
    `SELECT ${by ?? 'NULL::text'} AS key, ${name} AS name, max(c."auditedAt") AS "auditedAt", ${COUNTS}, ${VALUES}
     FROM directory."ResourceCoverage" c WHERE ${where.sql()} ${by === undefined ? '' : 'GROUP BY 1 ORDER BY 1'} ${paging}`,
    where.values,
  );
  return rows.map(({ key, name, auditedAt, values, ...counts }) => ({ key, name, auditedAt, counts, values }));
}

/** The conditions of a scope over a table called `c` that has division, providerUscc and library; a question mark is the next value. */
export function conditionsOf(scope: Scope | undefined) {
  const values: unknown[] = [];
  const conditions = ['true'];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const add = (sql: string, ...more: readonly unknown[]): void => {
    const left = [...more];
    conditions.push(sql.replaceAll('?', () => bind(left.shift())));
  };
  if (scope?.division != null) add('starts_with(c.division, ?)', divisionPrefix(scope.division));
  if (scope?.provider != null) add('c."providerUscc" = ?', scope.provider);
  if (scope?.library != null) add('c.library = ?', scope.library);
  return { values, bind, add, sql: () => conditions.join(' AND ') };
}

/** A part counted in its whole, as `CoverageFigure` of schema/directory.graphql says. */
const part = (count: number, of: number) => ({ count, of, ratio: of === 0 ? null : count / of });

/** As `ResourceFigures` says. All that is required is listed: the directory is where it is promised. */
export function resourceFigures(counts: Counts) {
  const { required, connected } = counts;
  return {
    required,
    listed: part(required, required),
    promised: part(counts.promised, required),
    connected: part(connected, required),
    missing: part(required - connected, required),
    complete: part(counts.complete, required),
    unconditional: part(counts.unconditional, required),
    conditional: part(counts.conditional, required),
    notShared: part(counts.notShared, required),
    open: part(counts.open, required),
    partlyOpen: part(counts.partlyOpen, required),
    fresh: part(counts.fresh, counts.freshKnown),
    used: part(counts.used, connected),
  };
}

/** As `ItemFigures` says. */
export function itemFigures(counts: Counts) {
  const { itemsRequired: required, itemsConnected: connected } = counts;
  return {
    required,
    promised: part(counts.itemsPromised, required),
    connected: part(connected, required),
    populated: part(counts.itemsPopulated, connected),
    permitted: part(counts.itemsPermitted, connected),
    used: part(counts.itemsUsed, connected),
    refused: part(counts.itemsRefused, connected),
    neverAsked: part(counts.itemsNeverAsked, connected),
    unconditional: part(counts.itemsUnconditional, required),
    conditional: part(counts.itemsConditional, required),
    notShared: part(counts.itemsNotShared, required),
    open: part(counts.itemsOpen, required),
  };
}
