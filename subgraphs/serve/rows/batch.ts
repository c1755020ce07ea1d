import DataLoader from 'dataloader';
import type { AskedRows } from './asked-rows.ts';
import { some, type Test, testOf } from './row-rule.ts';

/** Most keys of one fetch: PostgreSQL takes 65,535 parameters in a statement, Prisma half of that. */
const MOST_KEYS = 30_000;

export type OneByKey<Row> = Readonly<{ load(key: string, asked: AskedRows): Promise<Row | null> }>;
export type ManyByKey<Row, Filter = undefined> = Readonly<{
  load(key: string, asked: AskedRows, filter: Filter): Promise<readonly Row[]>;
}>;

// Where no row is in scope the store is not asked, whether there is one or not.
const NO_ROW_THERE = Promise.resolve(null);
const NO_ROWS_THERE = Promise.resolve([]);

type Wanted<Filter> = Readonly<{ key: string; asked: AskedRows; filter: Filter }>;

/**
 * Loads one row for each key: everything asked in the same turn becomes one fetch of all keys and all columns together, and each load gets
 * the row if its own rule holds for it. A key without such a row answers null. `fetch` selects the key's own column by itself. Made for
 * one request.
 */
export function oneByKey<Row extends object>(
  fetch: (keys: readonly string[], asked: AskedRows) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): OneByKey<Row> {
  const loader = new DataLoader<Wanted<undefined>, Row | null, string>(
    async (wanted) => {
      const rows = await fetch(keysOf(wanted), togetherOf(wanted));
      const rowByKey = new Map(rows.map((row) => [keyOf(row), row]));
      const isShown = rowTest();
      return wanted.map(({ key, asked }) => {
        const row = rowByKey.get(key);
        return row && isShown(asked, row) ? row : null;
      });
    },
    { cacheKeyFn: namer(), maxBatchSize: MOST_KEYS },
  );
  return { load: (key, asked) => (asked.rows.kind === 'none' ? NO_ROW_THERE : loader.load({ key, asked, filter: undefined })) };
}

/**
 * Loads all rows of each key for which the load's own rule holds, in the order `fetch` gives them: one fetch in a turn for each distinct
 * filter. A key without rows answers `[]`. `fetch` selects the key's own column by itself. Made for one request.
 */
export function manyByKey<Row extends object, Filter = undefined>(
  fetch: (keys: readonly string[], asked: AskedRows, filter: Filter) => Promise<readonly Row[]>,
  keyOf: (row: Row) => string,
): ManyByKey<Row, Filter> {
  const loader = new DataLoader<Wanted<Filter>, readonly Row[], string>(
    async (wanted) => {
      const wantedByFilter = Map.groupBy(wanted, ({ filter }) => JSON.stringify(filter));
      const fetched = await Promise.all([...wantedByFilter].map(([name, alike]) => fetchAlike(name, alike)));
      const rowsByFilter = new Map(fetched);
      const isShown = rowTest();
      return wanted.map(({ key, asked, filter }) => {
        const rows = rowsByFilter.get(JSON.stringify(filter))?.get(key) ?? [];
        return asked.rows.kind === 'all' ? rows : rows.filter((row) => isShown(asked, row));
      });
    },
    { cacheKeyFn: namer(), maxBatchSize: MOST_KEYS },
  );
  return { load: (key, asked, filter) => (asked.rows.kind === 'none' ? NO_ROWS_THERE : loader.load({ key, asked, filter })) };

  async function fetchAlike(name: string | undefined, alike: readonly Wanted<Filter>[]) {
    // A group has at least one member, and all members have the same filter.
    const [{ filter }] = alike as [Wanted<Filter>];
    return [name, Map.groupBy(await fetch(keysOf(alike), togetherOf(alike), filter), keyOf)] as const;
  }
}

/** Whether the rule of a load holds for a row: rows of one list share one question, whose test is made once. */
function rowTest(): (asked: AskedRows, row: object) => boolean {
  const tests = new Map<AskedRows, Test>();
  return (asked, row) => tests.getOrInsertComputed(asked, () => testOf(asked.rows))(row);
}

function keysOf(wanted: readonly Wanted<unknown>[]): readonly string[] {
  return [...new Set(wanted.map(({ key }) => key))];
}

/** All columns, of the rows for which any load's rule holds. */
function togetherOf(wanted: readonly Wanted<unknown>[]): AskedRows {
  // Rows of one list share one question: look at each once.
  const distinct = [...new Set(wanted.map(({ asked }) => asked))];
  const [only] = distinct;
  if (only && distinct.length === 1) return only;
  const columns = [...new Set(distinct.flatMap((asked) => asked.columns))].sort();
  return { columns, rows: some(distinct.map(({ rows }) => rows)) };
}

/** Names what is wanted, alike for what is alike. What is asked of the rows is spelled out once, not for every key. */
function namer(): (wanted: Wanted<unknown>) => string {
  const numberByText = new Map<string, number>();
  const numbers = new Map<AskedRows, number>();
  const numberOf = (asked: AskedRows): number => numberByText.getOrInsert(JSON.stringify(asked), numberByText.size);
  return ({ key, asked, filter }) => JSON.stringify([key, numbers.getOrInsertComputed(asked, numberOf), filter]);
}
