import { readTrouble } from '@longyuan/prisma/store/connect/database-trouble.ts';
import { openTurns, StoreRefusal } from '@longyuan/prisma/store/connect/turns.ts';
import { divisionPrefix } from '@longyuan/schema/src/division-prefix.ts';
import { decodeCursor, type PagedList, refuseCursor } from '@longyuan/schema/src/paging/cursor.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import { withinTime } from '@longyuan/settings/within-time.ts';
import { GraphQLError } from 'graphql';
import type pg from 'pg';
import type { Change } from './compare-entries.ts';
import type { Entry, EntryField, EntryItem, EntryLaxerClass, Origin } from './entry.ts';
import { plainText, searchQuery } from './search-tokens.ts';

/** A resource as it is stored, without its items. */
export type ResourceRow = Omit<Entry, 'provider' | 'items'> &
  Readonly<{
    id: string;
    origin: Origin;
    state: 'PUBLISHED' | 'WITHDRAWN';
    providerUscc: string;
    major: number;
    minor: number;
    updatedAt: Date;
  }>;

export type ItemRow = Omit<EntryItem, 'fields' | 'laxer'> &
  Readonly<{ resourceId: string; resourceCode: string; fields: readonly EntryField[]; laxer: readonly EntryLaxerClass[] }>;
export type ProviderRow = Readonly<{ uscc: string; name: string; division: string }>;
export type VersionRow = Readonly<{ resourceId: string; major: number; minor: number; recordedAt: Date; changes: readonly Change[] }>;

/** What resources are looked for; what is not said may be anything. */
export type ResourceFilter = Readonly<{
  text?: string | null;
  category?: string | null;
  provider?: string | null;
  shareType?: string | null;
  openness?: string | null;
  updateCycle?: string | null;
  division?: string | null;
  onHub?: boolean | null;
}>;

/** A resource with its place in the walk that found it. */
type FoundResource = Readonly<{ row: ResourceRow; place: SearchPlace }>;

/** The questions that are asked of the directory. Keys may hold repetitions; rows come in no order but the one that is said. */
export type DirectoryStore = Readonly<{
  /** A short statement of what is kept beside the entries (use, coverage), within the same bounds. */
  ask<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[]): Promise<readonly Row[]>;
  resourcesByCode(codes: readonly string[]): Promise<readonly ResourceRow[]>;
  /** At most `limit` resources after a place, in the order of the walk. */
  findResources(filter: ResourceFilter, after: SearchPlace | null, limit: number): Promise<readonly FoundResource[]>;
  countResources(filter: ResourceFilter): Promise<number>;
  /** Of each provider the first `limit` after a code, by code. */
  resourcesOfProviders(usccs: readonly string[], after: string, limit: number): Promise<readonly ResourceRow[]>;
  countOfProviders(usccs: readonly string[]): Promise<readonly Readonly<{ uscc: string; count: number }>[]>;
  /** In the order of each resource. */
  itemsOfResources(ids: readonly string[]): Promise<readonly ItemRow[]>;
  itemsByCode(codes: readonly string[]): Promise<readonly ItemRow[]>;
  providersByUscc(usccs: readonly string[]): Promise<readonly ProviderRow[]>;
  /** Of each resource the latest first. */
  versionsOfResources(ids: readonly string[]): Promise<readonly VersionRow[]>;
}>;

/**
 * The directory in PostgreSQL, asked by so many at a time (`places`), in turns between callers; `poolNow` is null while it cannot be asked. A
 * database that cannot be used is LIBRARY_UNAVAILABLE, and `onTrouble` is told; one that is slow is LIBRARY_TIMEOUT.
 */
export function openDirectoryStore(
  way: Readonly<{ poolNow: () => pg.Pool | null; places: number; timeoutMs: number; onTrouble: (error: unknown) => void }>,
): DirectoryStore {
  const turns = openTurns(way.places);

  async function ask<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[]): Promise<readonly Row[]> {
    const pool = way.poolNow();
    if (pool === null) throw refuse('DIRECTORY_NO_DATABASE');
    try {
      const answer = turns.take(() => pool.query<Row>(sql, [...values]));
      return (await withinTime(answer, way.timeoutMs, tooLate)).rows;
    } catch (cause) {
      if (cause instanceof StoreRefusal) {
        throw cause.code === 'STORE_BUSY' ? refuse('DIRECTORY_BUSY') : refuse('DIRECTORY_CALL_OVER');
      }
      const trouble = cause instanceof GraphQLError ? null : readTrouble(cause);
      if (!trouble) throw cause;
      if (trouble.isSlow) throw refuse('DIRECTORY_LATE');
      way.onTrouble(cause);
      throw refuse('DIRECTORY_NO_DATABASE');
    }
  }
  const find = (filter: ResourceFilter, order: Walk, after: readonly unknown[], limit: number) => {
    const where = readFilter(filter);
    const [condition, key] = order;
    const from = after.length === 0 ? '' : ` AND (${key}) > (${after.map((value) => where.bind(value)).join(', ')})`;
    const sql = `SELECT ${RESOURCE} FROM directory."Resource" r
      WHERE ${where.sql} AND ${condition(where)}${from} ORDER BY ${key} LIMIT ${where.bind(limit)}`;
    return ask<ResourceRow>(sql, where.values);
  };

  return {
    ask,
    resourcesByCode: (codes) => ask(`SELECT ${RESOURCE} FROM directory."Resource" r WHERE r.shown AND r.code = ANY($1::text[])`, [codes]),
    async findResources(filter, after, limit) {
      const isSearch = hasText(filter);
      if (isSearch && searchQuery(filter.text ?? '') === null) return [];
      const found: FoundResource[] = [];
      for (const tier of isSearch ? ([0, 1, 2] as const) : ([3] as const)) {
        if (found.length >= limit || (after !== null && tier < after.tier)) continue;
        const isByLength = tier === 1;
        const place = after?.tier === tier ? [...(isByLength ? [after.length] : []), after.code] : [];
        const rows = await find(filter, walks[tier], place, limit - found.length);
        found.push(...rows.map((row) => ({ row, place: { tier, length: isByLength ? [...row.name].length : 0, code: row.code } })));
      }
      return found;
    },
    async countResources(filter) {
      if (hasText(filter) && searchQuery(filter.text ?? '') === null) return 0;
      const where = readFilter(filter);
      const found = hasText(filter) ? isFound(where) : 'true';
      const [row] = await ask<{ count: number }>(
        `SELECT count(*)::int AS count FROM directory."Resource" r WHERE ${where.sql} AND ${found}`,
        where.values,
      );
      return row?.count ?? 0;
    },
    resourcesOfProviders: (usccs, after, limit) =>
      ask(
        `SELECT page.* FROM unnest($1::text[]) AS asked(uscc) CROSS JOIN LATERAL (
           SELECT ${RESOURCE} FROM directory."Resource" r
           WHERE r."providerUscc" = asked.uscc AND r.shown AND r.state = 'PUBLISHED' AND r.code > $2 ORDER BY r.code LIMIT $3) page
         ORDER BY page.code`,
        [usccs, after, limit],
      ),
    countOfProviders: (usccs) =>
      ask(
        `SELECT r."providerUscc" AS uscc, count(*)::int AS count FROM directory."Resource" r
         WHERE r."providerUscc" = ANY($1::text[]) AND r.shown AND r.state = 'PUBLISHED' GROUP BY 1`,
        [usccs],
      ),
    itemsOfResources: (ids) => ask(`SELECT ${ITEM} WHERE i."resourceId" = ANY($1::bigint[]) ORDER BY i."resourceId", i.place`, [ids]),
    itemsByCode: (codes) => ask(`SELECT ${ITEM} WHERE r.shown AND i.code = ANY($1::text[])`, [codes]),
    providersByUscc: (usccs) => ask('SELECT uscc, name, division FROM directory."Provider" WHERE uscc = ANY($1::text[])', [usccs]),
    versionsOfResources: (ids) =>
      ask(
        `SELECT "resourceId", major, minor, "recordedAt", changes FROM directory."Version" WHERE "resourceId" = ANY($1::bigint[])
         ORDER BY "resourceId", major DESC, minor DESC`,
        [ids],
      ),
  };
}

/**
 * Has a pool of the directory's own read by indexes where there is one. PostgreSQL's planner does not know what it costs to fetch a row's
 * tokens from where long values are kept, and would look through those of every row for a common word. Not for the embedded database,
 * whose one session is everybody's.
 */
export function preferIndexes(pool: pg.Pool): void {
  pool.options.options = `${pool.options.options ?? ''} -c enable_seqscan=off`;
}

const RESOURCE = `r.id, r.code, r.origin, r.state, r.name, r.category, r."providerUscc", r."providerOffice", r.abstract, r.formats,
  r."shareType", r."shareCondition", r."shareModes", r.openness, r."openCondition", r."updateCycle", r."publishedOn"::text AS "publishedOn",
  r.related, r.keywords, r.level, r.library, r."typeName", r.major, r.minor, r."updatedAt"`;

const ITEM = `i.code, i."resourceId", r.code AS "resourceCode", i.name, i."dataType", i.length, i.standard, i."shareType", i.basis,
  i."noShareReason", i."openToPublic", i.level, i.mask, i."verifyOnly", i.aggregate, i.source, i."graphqlPath", i.fields, i.laxer
  FROM directory."Item" i JOIN directory."Resource" r ON r.id = i."resourceId"`;

/** A way through the resources: which of them, and by what they are ordered. */
type Walk = readonly [condition: (where: Where) => string, key: string];

const isExact = (where: Where) => `(r.code = ${where.text()} OR r.name = ${where.text()})`;
const isFound = (where: Where) => `r."allTokens" @@ ${where.query()}`;
const isNamed = (where: Where) => `r."nameTokens" @@ ${where.query()}`;
// By the index rather than row by row: reading a row's tokens costs far more than its number.
const isNotNamed = (where: Where) =>
  `r.id NOT IN (SELECT named.id FROM directory."Resource" named WHERE named."nameTokens" @@ ${where.query()})`;
const walks: Readonly<Record<SearchPlace['tier'], Walk>> = {
  0: [isExact, 'r.code'],
  1: [(where) => `${isNamed(where)} AND NOT ${isExact(where)}`, 'char_length(r.name), r.code'],
  2: [(where) => `${isFound(where)} AND ${isNotNamed(where)} AND NOT ${isExact(where)}`, 'r.code'],
  3: [() => 'true', 'r.code'],
};

/** The conditions of a filter beside its text, and a place for more values. */
type Where = Readonly<{ sql: string; values: readonly unknown[]; bind(value: unknown): string; text(): string; query(): string }>;

function readFilter(filter: ResourceFilter): Where {
  const values: unknown[] = [];
  const bind = (value: unknown): string => {
    values.push(value);
    return `$${values.length}`;
  };
  const conditions = ['r.shown', `r.state = 'PUBLISHED'`];
  const { category, division, onHub } = filter;
  for (const [column, value] of Object.entries({
    providerUscc: filter.provider,
    shareType: filter.shareType,
    openness: filter.openness,
    updateCycle: filter.updateCycle,
  })) {
    if (value !== null && value !== undefined) conditions.push(`r."${column}" = ${bind(value)}`);
  }
  if (category) {
    const beginning = plainText(category).replace(/\s*\/\s*/g, '/');
    conditions.push(`starts_with(${/^\d/.test(beginning) ? 'r.code' : `r.category || '/'`}, ${bind(beginning)})`);
  }
  if (division) conditions.push(`starts_with(r.division, ${bind(divisionPrefix(division))})`);
  if (onHub !== null && onHub !== undefined) conditions.push(`r.origin ${onHub ? '=' : '<>'} 'HUB'`);
  const text = plainText(filter.text ?? '');
  let [boundText, boundQuery] = ['', ''];
  return {
    sql: conditions.join(' AND '),
    values,
    bind,
    text() {
      boundText ||= `${bind(text)}::text`;
      return boundText;
    },
    query() {
      boundQuery ||= `${bind(searchQuery(text))}::tsquery`;
      return boundQuery;
    },
  };
}

function hasText(filter: ResourceFilter): boolean {
  return filter.text !== null && filter.text !== undefined && filter.text.trim() !== '';
}

function tooLate(): never {
  throw refuse('DIRECTORY_LATE');
}

/**
 * Where a row stands in a walk through the directory, and so what a cursor holds. Tier 0: its code or name is the text itself;
 * 1: its name holds the text, shorter names first; 2: something around it does; 3: nothing is searched for. Within those by code.
 */
export type SearchPlace = Readonly<{ tier: 0 | 1 | 2 | 3; length: number; code: string }>;

/** @throws GraphQLError `BAD_USER_INPUT` for anything that no page gave out, and for the cursor of another kind of walk. */
export function readPlace(cursor: string, list: PagedList, isSearch: boolean): SearchPlace {
  const [tier, length, code] = decodeCursor(cursor, list, 3);
  const isTier = tier === 0 || tier === 1 || tier === 2 || tier === 3;
  if (!isTier || !Number.isSafeInteger(length) || typeof length !== 'number' || typeof code !== 'string' || (tier === 3) === isSearch) {
    throw refuseCursor(list);
  }
  return { tier, length: Math.min(length, 10_000), code };
}
