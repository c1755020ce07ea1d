import { encodeCursor } from './cursor.ts';

/** Answer of every connection. Its members are functions, so a page is read, and a total counted, only when asked for. */
export type KeysetPage<Row> = Readonly<{
  nodes: () => Promise<readonly Row[]>;
  total: () => Promise<number>;
  pageInfo: () => Promise<Readonly<{ endCursor: string | null; hasNextPage: boolean }>>;
}>;

/**
 * One page of `first` rows of a walk along a unique order. `fetch` reads at most `limit` rows, `count` all there are;
 * `placeOf` gives a row's values of the columns that order the walk; `encode` makes the cursor of them, in clear where nothing else is said.
 */
export function keysetPage<Row>(walk: {
  first: number;
  fetch: (limit: number) => Promise<readonly Row[]>;
  placeOf: (row: Row) => readonly (string | number)[];
  encode?: (values: readonly (string | number)[]) => string | Promise<string>;
  count: () => Promise<number>;
}): KeysetPage<Row> {
  const { encode = encodeCursor } = walk;
  let reading: Promise<readonly Row[]> | undefined;
  const read = async () => {
    // The row beyond the page is the sign that more follows.
    reading ??= walk.fetch(walk.first + 1);
    const rows = await reading;
    return { nodes: rows.slice(0, walk.first), hasNextPage: rows.length > walk.first };
  };
  return {
    nodes: async () => (await read()).nodes,
    total: walk.count,
    pageInfo: async () => {
      const { nodes, hasNextPage } = await read();
      const last = nodes.at(-1);
      return { endCursor: last === undefined ? null : await encode(walk.placeOf(last)), hasNextPage };
    },
  };
}
