import { inTransaction } from '@longyuan/prisma/store/connect/in-transaction.ts';
import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { type Change, compareEntries, FIRST_VERSION, nextVersion, type VersionNumber, wholeChange } from './compare-entries.ts';
import { digestOf, type Entry, type Origin } from './entry.ts';
import { readEntries } from './read-entries.ts';
import { searchVectors } from './search-tokens.ts';

/** What is stored: the entries of one origin. What the `providers` (all of them: null) have in the store and not among these is withdrawn. */
export type Load = Readonly<{ origin: Origin; entries: readonly Entry[]; providers: readonly string[] | null }>;

export type LoadOutcome =
  | Readonly<{ kind: 'stored'; listed: number; changed: number; withdrawn: number; unchanged: number }>
  | Readonly<{ kind: 'refused'; taken: readonly Readonly<{ code: string; provider: string }>[] }>;

/**
 * Brings the directory to these entries, in one transaction; entries that say what the store says are not touched. Every other state
 * gets a number and the list of what changed. Refuses, and stores nothing, where a code is listed already by a provider beside `providers`.
 * Search tokens are made before the transaction begins, because the embedded database serves nobody else during it.
 */
export async function storeEntries(pool: Pool, load: Load, recordedAt: Date = new Date()): Promise<LoadOutcome> {
  const drafts = await draftEntries(pool, load);
  const store = async (client: PoolClient): Promise<LoadOutcome> => {
    await client.query('SELECT pg_advisory_xact_lock($1, 0)', [LOCK_SPACE]);
    return storeDrafts(client, load, drafts, recordedAt.toISOString());
  };
  return inTransaction(pool, store, ({ kind }) => kind === 'stored');
}

/** Says whose advisory locks these are; any number will do, as long as it stays. */
const LOCK_SPACE = 620_001;
/** Rows of one statement. */
const CHUNK = 1_000;

/** Tokens of many entries are sorted into their index once, at the end, instead of every few entries. Good for the transaction alone. */
const COLLECT_TOKENS = `SET LOCAL gin_pending_list_limit = '64MB'; SET LOCAL maintenance_work_mem = '128MB'`;
const FILE_TOKENS = `SELECT gin_clean_pending_list('directory."Resource_nameTokens_idx"'), gin_clean_pending_list('directory."Resource_allTokens_idx"')`;

type Vectors = ReturnType<typeof searchVectors>;
type Draft = Readonly<{ entry: Entry; digest: string; vectors: () => Vectors }>;
type Known = Readonly<{
  id: string;
  code: string;
  provider: string;
  state: 'PUBLISHED' | 'WITHDRAWN';
  digest: string;
  major: number;
  minor: number;
}>;
type Written = Readonly<{ draft: Draft; changes: readonly Change[]; number: VersionNumber; known: Known | null }>;

async function draftEntries(pool: Pool, { origin, entries }: Load): Promise<readonly Draft[]> {
  const known = new Map((await readKnown(pool, origin)).map((each) => [each.code, each]));
  return entries.map((entry) => {
    const digest = digestOf(entry);
    let made = known.get(entry.code)?.digest === digest ? undefined : searchVectors(entry);
    return {
      entry,
      digest,
      // Made late only where somebody changed the entry in between, or it is listed again.
      vectors: () => {
        made ??= searchVectors(entry);
        return made;
      },
    };
  });
}

async function readKnown(queryable: Pick<PoolClient, 'query'>, origin: Origin): Promise<readonly Known[]> {
  const { rows } = await queryable.query<Known>(
    `SELECT id, code, "providerUscc" AS provider, state, digest, major, minor FROM directory."Resource" WHERE origin = $1::directory."Origin"`,
    [origin],
  );
  return rows;
}

async function storeDrafts(client: PoolClient, load: Load, drafts: readonly Draft[], recordedAt: string): Promise<LoadOutcome> {
  const known = await readKnown(client, load.origin);
  const knownByCode = new Map(known.map((each) => [each.code, each]));
  const owns = load.providers && new Set(load.providers);
  const isOwned = (each: Known) => owns === null || owns.has(each.provider);
  const taken = drafts.flatMap(({ entry: { code } }) => {
    const holder = knownByCode.get(code);
    return holder && holder.state === 'PUBLISHED' && !isOwned(holder) ? [{ code, provider: holder.provider }] : [];
  });
  if (taken.length > 0) return { kind: 'refused', taken };

  const touched = drafts.filter(({ entry, digest }) => {
    const before = knownByCode.get(entry.code);
    return before?.digest !== digest || before.state === 'WITHDRAWN';
  });
  const codes = new Set(drafts.map(({ entry }) => entry.code));
  const gone = known.filter((each) => each.state === 'PUBLISHED' && isOwned(each) && !codes.has(each.code));
  const written = await compareWithStore(client, touched, knownByCode);
  const isLarge = written.length > CHUNK;
  if (isLarge) await client.query(COLLECT_TOKENS);
  if (written.length + gone.length > 0) {
    await writeProviders(client, load.origin, written);
    for (const chunk of chunksOf(written)) await writeChunk(client, load.origin, chunk, recordedAt);
    for (const chunk of chunksOf(gone)) await withdraw(client, chunk, recordedAt);
    for (const chunk of chunksOf([...written.map(({ draft }) => draft.entry.code), ...gone.map(({ code }) => code)]))
      await chooseShown(client, chunk);
  }
  if (isLarge) await client.query(FILE_TOKENS);
  const listed = written.filter((each) => each.known === null).length;
  return {
    kind: 'stored',
    listed,
    changed: written.length - listed,
    withdrawn: gone.length,
    unchanged: drafts.length - written.length,
  };
}

async function compareWithStore(
  client: PoolClient,
  drafts: readonly Draft[],
  knownByCode: ReadonlyMap<string, Known>,
): Promise<readonly Written[]> {
  const written: Written[] = [];
  const ask = async <Row extends QueryResultRow>(sql: string, values: readonly unknown[]) =>
    (await client.query<Row>(sql, [...values])).rows;
  for (const chunk of chunksOf(drafts)) {
    const ids = chunk.flatMap(({ entry }) => knownByCode.get(entry.code)?.id ?? []);
    const before = ids.length === 0 ? new Map<string, Entry>() : await readEntries(ask, ids);
    for (const draft of chunk) {
      const known = knownByCode.get(draft.entry.code) ?? null;
      const old = before.get(draft.entry.code);
      if (!known || !old) {
        written.push({ draft, known, changes: [wholeChange('LISTED')], number: FIRST_VERSION });
        continue;
      }
      const again = known.state === 'WITHDRAWN' ? [wholeChange('LISTED_AGAIN')] : [];
      const changes = [...again, ...compareEntries(old, draft.entry)];
      // Nothing that has a number changed, as when a provider gets another name.
      written.push({ draft, known, changes, number: changes.length === 0 ? known : nextVersion(known, changes) });
    }
  }
  return written;
}

/** A department's inventory does not rename a provider of the hub. */
async function writeProviders(client: PoolClient, origin: Origin, written: readonly Written[]): Promise<void> {
  const providers = new Map(written.map(({ draft: { entry } }) => [entry.provider.uscc, entry.provider]));
  for (const chunk of chunksOf([...providers.values()].sort((one, other) => (one.uscc < other.uscc ? -1 : 1)))) {
    await client.query(
      `INSERT INTO directory."Provider" (uscc, name, division)
       SELECT uscc, name, division FROM json_to_recordset($1::json) AS given(uscc text, name text, division text)
       ON CONFLICT (uscc) DO UPDATE SET name = excluded.name, division = excluded.division
       WHERE $2 = 'HUB' OR NOT EXISTS (
         SELECT FROM directory."Resource" r WHERE r."providerUscc" = excluded.uscc AND r.origin = 'HUB' AND r.state = 'PUBLISHED')`,
      [JSON.stringify(chunk), origin],
    );
  }
}

async function writeChunk(client: PoolClient, origin: Origin, chunk: readonly Written[], recordedAt: string): Promise<void> {
  const { rows } = await client.query<{ id: string; code: string }>(WRITE_RESOURCES, [
    JSON.stringify(chunk.map((written) => resourceRow(written, recordedAt))),
    origin,
  ]);
  const idByCode = new Map(rows.map(({ id, code }) => [code, id]));
  const items = chunk.flatMap(({ draft: { entry } }) =>
    entry.items.map((item, place) => ({ ...item, place, resourceId: idByCode.get(entry.code) })),
  );
  const known = chunk.flatMap((written) => written.known?.id ?? []);
  if (known.length > 0) await client.query('DELETE FROM directory."Item" WHERE "resourceId" = ANY($1::bigint[])', [known]);
  for (const some of chunksOf(items)) {
    // An item that moved from a resource that was withdrawn.
    if (origin === 'HUB') await client.query('DELETE FROM directory."Item" WHERE code = ANY($1::text[])', [some.map(({ code }) => code)]);
    await client.query(WRITE_ITEMS, [JSON.stringify(some)]);
  }
  const versions = chunk.flatMap(({ draft, changes, number }) =>
    changes.length === 0 ? [] : [{ resourceId: idByCode.get(draft.entry.code), ...number, changes }],
  );
  await writeVersions(client, versions, recordedAt);
}

async function withdraw(client: PoolClient, gone: readonly Known[], recordedAt: string): Promise<void> {
  const changes = [wholeChange('WITHDRAWN')];
  const versions = gone.map((each) => ({ resourceId: each.id, ...nextVersion(each, changes), changes }));
  await client.query(
    `UPDATE directory."Resource" r SET state = 'WITHDRAWN', major = v.major, minor = v.minor, "updatedAt" = $2::timestamptz
     FROM json_to_recordset($1::json) AS v("resourceId" bigint, major int, minor int) WHERE r.id = v."resourceId"`,
    [JSON.stringify(versions), recordedAt],
  );
  await writeVersions(client, versions, recordedAt);
}

/** Of the entries of one code: what is listed before what is withdrawn, then the hub's own before an inventory's. */
async function chooseShown(client: PoolClient, codes: readonly string[]): Promise<void> {
  await client.query(
    `UPDATE directory."Resource" r SET shown = false WHERE r.code = ANY($1::text[]) AND r.shown AND r.id <> (${BEST_OF_CODE})`,
    [codes],
  );
  await client.query(
    `UPDATE directory."Resource" r SET shown = true WHERE r.code = ANY($1::text[]) AND NOT r.shown AND r.id = (${BEST_OF_CODE})`,
    [codes],
  );
}

const BEST_OF_CODE = `SELECT best.id FROM directory."Resource" best WHERE best.code = r.code
  ORDER BY best.state = 'PUBLISHED' DESC, best.origin = 'HUB' DESC LIMIT 1`;

async function writeVersions(client: PoolClient, versions: readonly unknown[], recordedAt: string): Promise<void> {
  if (versions.length === 0) return;
  await client.query(
    `INSERT INTO directory."Version" ("resourceId", major, minor, "recordedAt", changes)
     SELECT "resourceId", major, minor, $2::timestamptz, changes
     FROM json_to_recordset($1::json) AS given("resourceId" bigint, major int, minor int, changes jsonb)`,
    [JSON.stringify(versions), recordedAt],
  );
}

function resourceRow({ draft: { entry, digest, vectors }, number }: Written, recordedAt: string): Record<string, unknown> {
  const { provider, items: _items, ...facts } = entry;
  const { name: nameTokens, all: allTokens } = vectors();
  return {
    ...facts,
    providerUscc: provider.uscc,
    division: provider.division,
    major: number.major,
    minor: number.minor,
    digest,
    updatedAt: recordedAt,
    nameTokens,
    allTokens,
  };
}

const resourceColumns = {
  code: 'text',
  name: 'text',
  category: 'text',
  providerUscc: 'text',
  providerOffice: 'text',
  abstract: 'text',
  formats: 'text[]',
  shareType: 'text',
  shareCondition: 'text',
  shareModes: 'text[]',
  openness: 'text',
  openCondition: 'text',
  updateCycle: 'text',
  publishedOn: 'date',
  related: 'text[]',
  keywords: 'text[]',
  division: 'text',
  level: 'int',
  library: 'text',
  typeName: 'text',
  major: 'int',
  minor: 'int',
  digest: 'text',
  nameTokens: 'tsvector',
  allTokens: 'tsvector',
} as const;

const itemColumns = {
  code: 'text',
  resourceId: 'bigint',
  place: 'int',
  name: 'text',
  dataType: 'text',
  length: 'int',
  standard: 'text',
  shareType: 'text',
  basis: 'text',
  noShareReason: 'text',
  openToPublic: 'boolean',
  level: 'int',
  mask: 'text',
  verifyOnly: 'boolean',
  aggregate: 'boolean',
  source: 'text',
  graphqlPath: 'text',
  fields: 'jsonb',
  laxer: 'jsonb',
} as const;

const listOf = (columns: Readonly<Record<string, string>>) =>
  Object.keys(columns)
    .map((column) => `"${column}"`)
    .join(', ');
const typesOf = (columns: Readonly<Record<string, string>>) =>
  Object.entries(columns)
    .map(([column, type]) => `"${column}" ${type}`)
    .join(', ');

/** An entry without another of its code is shown. A state without a number of its own keeps the moment of the one it has. */
const WRITE_RESOURCES = `
  INSERT INTO directory."Resource" AS r (origin, shown, state, "updatedAt", ${listOf(resourceColumns)})
  SELECT $2::directory."Origin", NOT EXISTS (SELECT FROM directory."Resource" other WHERE other.code = given.code), 'PUBLISHED', "updatedAt", ${listOf(resourceColumns)}
  FROM json_to_recordset($1::json) AS given("updatedAt" timestamptz, ${typesOf(resourceColumns)})
  ON CONFLICT (code, origin) DO UPDATE SET state = 'PUBLISHED',
    "updatedAt" = CASE WHEN (r.major, r.minor) = (excluded.major, excluded.minor) THEN r."updatedAt" ELSE excluded."updatedAt" END,
    ${Object.keys(resourceColumns)
      .map((column) => `"${column}" = excluded."${column}"`)
      .join(', ')}
  RETURNING id, code`;

const WRITE_ITEMS = `
  INSERT INTO directory."Item" (${listOf(itemColumns)})
  SELECT ${listOf(itemColumns)} FROM json_to_recordset($1::json) AS given(${typesOf(itemColumns)})`;

function* chunksOf<Each>(all: readonly Each[]): Generator<readonly Each[]> {
  for (let start = 0; start < all.length; start += CHUNK) yield all.slice(start, start + CHUNK);
}
