import { encodeCursor, type PagedList } from './cursor.ts';

type Values = readonly (string | number)[];
/** A row with its place. The cursor is made only when asked for. */
type Edge<Node> = Readonly<{ node: Node; cursor: () => string | Promise<string> }>;
type PageInfo = Readonly<{ startCursor: string | null; endCursor: string | null; hasPreviousPage: boolean; hasNextPage: boolean }>;

/** Answer of every connection. Its members are functions, so a page is read, and a total counted, only when asked for. */
export type KeysetPage<Node> = Readonly<{
  nodes: () => Promise<readonly Node[]>;
  edges: () => Promise<readonly Edge<Node>[]>;
  total: () => Promise<number>;
  pageInfo: () => Promise<PageInfo>;
}>;

type Walk<Row> = Readonly<{
  list: PagedList;
  first: number;
  after: string | null;
  fetch: (limit: number) => Promise<readonly Row[]>;
  placeOf: (row: Row) => Values;
  encode?: (values: Values) => string | Promise<string>;
  count: () => Promise<number>;
}>;

/**
 * One page of `first` rows of a walk along a unique order, behind the cursor `after`. `fetch` reads at most `limit` rows, `count` all there are;
 * `placeOf` gives a row's values of the columns that order the walk; `encode` makes the cursor of them: in clear, and of this `list` alone,
 * where nothing else is said.
 * It is read once, whichever of its members are asked for.
 */
export function keysetPage<Row>(walk: Walk<Row>): KeysetPage<Row> {
  return keysetPageOf(walk, (row) => row);
}

/** As `keysetPage`, of what each row stands for. */
export function keysetPageOf<Row, Node>(walk: Walk<Row>, nodeOf: (row: Row) => Node): KeysetPage<Node> {
  const { encode = (values: Values) => encodeCursor(walk.list, values) } = walk;
  let reading: Promise<readonly Row[]> | undefined;
  const read = async () => {
    // The row beyond the page is the sign that more follows.
    reading ??= walk.fetch(walk.first + 1);
    const rows = await reading;
    return { rows: rows.slice(0, walk.first), hasNextPage: rows.length > walk.first };
  };
  const cursorOf = async (row: Row | undefined) => (row === undefined ? null : encode(walk.placeOf(row)));
  return {
    nodes: async () => (await read()).rows.map(nodeOf),
    edges: async () => (await read()).rows.map((row) => ({ node: nodeOf(row), cursor: () => encode(walk.placeOf(row)) })),
    total: walk.count,
    pageInfo: async () => {
      const { rows, hasNextPage } = await read();
      const [startCursor, endCursor] = await Promise.all([cursorOf(rows[0]), cursorOf(rows.at(-1))]);
      return { startCursor, endCursor, hasPreviousPage: walk.after !== null, hasNextPage };
    },
  };
}
