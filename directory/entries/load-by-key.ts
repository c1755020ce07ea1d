import DataLoader from 'dataloader';

/** Keys that are asked for in the same turn become one question: the row of a key; null where there is none. */
export function oneByKey<Row>(fetch: (keys: readonly string[]) => Promise<readonly Row[]>, keyOf: (row: Row) => string) {
  const loader = new DataLoader<string, Row | null>(async (keys) => {
    const rowByKey = new Map((await fetch(keys)).map((row) => [keyOf(row), row]));
    return keys.map((key) => rowByKey.get(key) ?? null);
  });
  return (key: string) => loader.load(key);
}

/** So with all rows of a key. */
export function manyByKey<Row>(fetch: (keys: readonly string[]) => Promise<readonly Row[]>, keyOf: (row: Row) => string) {
  const loader = new DataLoader<string, readonly Row[]>(async (keys) => {
    const rowsByKey = Map.groupBy(await fetch(keys), keyOf);
    return keys.map((key) => rowsByKey.get(key) ?? []);
  });
  return (key: string) => loader.load(key);
}
