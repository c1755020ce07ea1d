import DataLoader from 'dataloader';

/** Most keys of one fetch: PostgreSQL takes 65,535 parameters in a statement, Prisma half of that. */
const MOST_KEYS = 30_000;

export type OneByKey<Row> = Readonly<{ load(key: string, columns: readonly string[]): Promise<Row | null> }>;
export type ManyByKey<Row, Filter = undefined> = Readonly<{
  load(key: string, columns: readonly string[], filter: Filter): Promise<readonly Row[]>;
}>;

type Wanted<Filter> = Readonly<{ key: string; columns: readonly string[]; filter: Filter }>;

/**
 * Loads one row for each key: everything asked in the same turn becomes one fetch of all keys and all columns together.
 * A key without a row answers null. `fetch` selects the key's own column by itself. Made for one request.
 */
export function oneByKey<Row>(
  fetch: (keys: readonly string[], columns: readonly string[]) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): OneByKey<Row> {
  const loader = new DataLoader<Wanted<undefined>, Row | null, string>(
    async (wanted) => {
      const rows = await fetch(keysOf(wanted), columnsOf(wanted));
      const rowByKey = new Map(rows.map((row) => [keyOf(row), row]));
      return wanted.map(({ key }) => rowByKey.get(key) ?? null);
    },
    { cacheKeyFn: nameOf, maxBatchSize: MOST_KEYS },
  );
  return { load: (key, columns) => loader.load({ key, columns, filter: undefined }) };
}

/**
 * Loads all rows of each key, in the order `fetch` gives them: one fetch in a turn for each distinct filter.
 * A key without rows answers `[]`. `fetch` selects the key's own column by itself. Made for one request.
 */
export function manyByKey<Row, Filter = undefined>(
  fetch: (keys: readonly string[], columns: readonly string[], filter: Filter) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): ManyByKey<Row, Filter> {
  const loader = new DataLoader<Wanted<Filter>, readonly Row[], string>(
    async (wanted) => {
      const wantedByFilter = Map.groupBy(wanted, ({ filter }) => JSON.stringify(filter));
      const fetched = await Promise.all([...wantedByFilter].map(([name, alike]) => fetchAlike(name, alike)));
      const rowsByFilter = new Map(fetched);
      return wanted.map(({ key, filter }) => rowsByFilter.get(JSON.stringify(filter))?.get(key) ?? []);
    },
    { cacheKeyFn: nameOf, maxBatchSize: MOST_KEYS },
  );
  return { load: (key, columns, filter) => loader.load({ key, columns, filter }) };

  async function fetchAlike(name: string | undefined, alike: readonly Wanted<Filter>[]) {
    // A group has at least one member, and all members have the same filter.
    const [{ filter }] = alike as [Wanted<Filter>];
    return [name, Map.groupBy(await fetch(keysOf(alike), columnsOf(alike), filter), keyOf)] as const;
  }
}

function keysOf(wanted: readonly Wanted<unknown>[]): readonly string[] {
  return [...new Set(wanted.map(({ key }) => key))];
}

function columnsOf(wanted: readonly Wanted<unknown>[]): readonly string[] {
  // Rows of one list share one array of columns: look at each array once.
  const distinct = new Set(wanted.map(({ columns }) => columns));
  return [...new Set([...distinct].flat())].sort();
}

function nameOf({ key, columns, filter }: Wanted<unknown>): string {
  return JSON.stringify([key, columns, filter]);
}
