/** Counts under this are kept back. */
export const LEAST_PEOPLE = 5;

/**
 * A table of counts with its totals, cell by cell; the last dimension varies the fastest. `totals[d]` holds what is told of the lines
 * along dimension d: the count, or null where the total itself is kept back. It is as long as the table without that dimension.
 */
export type CountTable = Readonly<{ sizes: readonly number[]; counts: readonly number[]; totals: readonly (readonly (number | null)[])[] }>;

/**
 * Which cells of a table are kept back, so that none under five can be worked out from the others and the totals. Never depends on what
 * was asked before, and never on a finer table: what was told of the totals stays told.
 *
 * 1. Whatever has a total that is kept back is kept back itself, nobody included: a part says something of the whole.
 * 2. A cell of one to four people is kept back.
 * 3. With either the other corners of a box: for each dimension whose total is told another value, such that people could be moved
 *    around the corners without changing any total. So no sum of told counts says what is in one corner. The cheapest box is taken.
 * 4. What is missing in a line has at least five people and two cells; else the smallest cell that is still told goes too.
 *
 * What is left: where the totals along three dimensions have so many zeros that they alone say what is in a small cell, keeping back the
 * cell does not help. In 400 made-up worlds of 20 to 300 people that was one cell.
 *
 * A cell that is kept back may therefore be one of nobody. What the totals alone say of a cell is no secret, and no corner of a box.
 */
export function suppressCells(table: CountTable): readonly boolean[] {
  const grid = layOut(table);
  const { hidden, isInherited, cells } = grid;
  const isDegenerate = table.sizes.some((size) => size === 1);
  for (let cell = 0; cell < cells; cell += 1) if (isInherited(cell)) hidden[cell] = true;
  // With one value along a dimension every cell is its own total.
  if (isDegenerate) return hidden;
  let fresh: number[] = [];
  for (let cell = 0; cell < cells; cell += 1) {
    const count = table.counts[cell] ?? 0;
    if (count === 0 || count >= LEAST_PEOPLE) continue;
    hidden[cell] = true;
    fresh.push(cell);
  }
  for (;;) {
    for (const cell of fresh) if (!grid.isKnown(cell)) hideBox(cell, grid, table);
    fresh = hideThinLines(grid, table);
    if (fresh.length === 0) return hidden;
  }
}

type Grid = Readonly<{
  cells: number;
  hidden: boolean[];
  strides: readonly number[];
  placeAlong: (cell: number, dimension: number) => number;
  totalOf: (cell: number, dimension: number) => number | null;
  isInherited: (cell: number) => boolean;
  /** The totals alone say what is in it: nobody where a total is nobody, all of a total where the rest of its line is known. */
  isKnown: (cell: number) => boolean;
}>;

function layOut({ sizes, totals }: CountTable): Grid {
  const dimensions = [...sizes.keys()];
  const strides = sizes.map((_, dimension) => sizes.slice(dimension + 1).reduce((product, size) => product * size, 1));
  const cells = sizes.reduce((product, size) => product * size, 1);
  const placeAlong = (cell: number, dimension: number) => Math.floor(cell / (strides[dimension] ?? 1)) % (sizes[dimension] ?? 1);
  const totalOf = (cell: number, dimension: number) => {
    const stride = strides[dimension] ?? 1;
    const line = Math.floor(cell / (stride * (sizes[dimension] ?? 1))) * stride + (cell % stride);
    return totals[dimension]?.[line] ?? null;
  };
  const isNobody = (cell: number) => dimensions.some((dimension) => totalOf(cell, dimension) === 0);
  const known = Array.from({ length: cells }, (_, cell) => isNobody(cell));
  const grid: Grid = {
    cells,
    hidden: Array.from({ length: cells }, () => false),
    strides,
    placeAlong,
    totalOf,
    isInherited: (cell) => !isNobody(cell) && dimensions.some((dimension) => totalOf(cell, dimension) === null),
    isKnown: (cell) => known[cell] ?? false,
  };
  const isLeftOver = (cell: number, dimension: number) =>
    totalOf(cell, dimension) !== null && neighbours(cell, dimension, grid, sizes).every(grid.isKnown);
  for (let found = true; found; ) {
    found = false;
    for (let cell = 0; cell < cells; cell += 1) {
      if (known[cell] || !dimensions.some((dimension) => isLeftOver(cell, dimension))) continue;
      known[cell] = true;
      found = true;
    }
  }
  return grid;
}

/** So many values are tried along each dimension, the cheapest first. */
const MOST_TRIED = 6;
const MOST_TRIED_OF_MANY = 4;

/** Hides the corners of the cheapest box around a cell. */
function hideBox(cell: number, grid: Grid, table: CountTable): void {
  const { hidden, isKnown, totalOf } = grid;
  const dimensions = [...table.sizes.keys()];
  const toldAlong = dimensions.filter((dimension) => totalOf(cell, dimension) !== null);
  const keptAlong = dimensions.filter((dimension) => totalOf(cell, dimension) === null);
  const cost = (other: number) => {
    if (isKnown(other)) return IMPOSSIBLE;
    // A total that is told of this corner alone would not stay as it is.
    if (keptAlong.some((dimension) => totalOf(other, dimension) !== null)) return IMPOSSIBLE;
    if (hidden[other]) return 0;
    return table.counts[other] || COST_OF_NOBODY;
  };
  const tried = toldAlong.map((dimension) =>
    neighbours(cell, dimension, grid, table.sizes)
      .map((other) => ({ step: other - cell, cost: cost(other) }))
      .sort((one, other) => one.cost - other.cost || one.step - other.step)
      .slice(0, toldAlong.length > 3 ? MOST_TRIED_OF_MANY : MOST_TRIED)
      .map(({ step }) => step),
  );
  let best: { cost: number; corners: readonly number[] } | null = null;
  for (const steps of everyChoice(tried)) {
    const corners = [cell];
    for (const step of steps) corners.push(...corners.map((corner) => corner + step));
    const costs = corners.reduce((sum, corner) => sum + cost(corner), 0) + (canTurn(corners, table) ? 0 : UNLIKELY);
    if (!best || costs < best.cost) best = { cost: costs, corners };
  }
  for (const corner of best?.corners ?? []) if (!isKnown(corner)) hidden[corner] = true;
}

/** A corner of nobody is a label more in the answer, which says nothing; cheap, but not for nothing. */
const COST_OF_NOBODY = 3;
const UNLIKELY = 1e9;
const IMPOSSIBLE = 1e12;

/** People can be moved around the corners one way or the other: everybody who would leave is there. */
function canTurn(corners: readonly number[], { counts }: CountTable): boolean {
  const isThere = (corner: number) => (counts[corner] ?? 0) > 0;
  const isEven = (_: number, place: number) => place.toString(2).replaceAll('0', '').length % 2 === 0;
  return corners.filter(isEven).every(isThere) || corners.filter((corner, place) => !isEven(corner, place)).every(isThere);
}

function* everyChoice(lists: readonly (readonly number[])[]): Generator<readonly number[]> {
  const [first, ...rest] = lists;
  if (!first) return yield [];
  for (const value of first) for (const others of everyChoice(rest)) yield [value, ...others];
}

function neighbours(cell: number, dimension: number, { strides, placeAlong }: Grid, sizes: readonly number[]): readonly number[] {
  const stride = strides[dimension] ?? 1;
  const start = cell - placeAlong(cell, dimension) * stride;
  return Array.from({ length: sizes[dimension] ?? 1 }, (_, place) => start + place * stride).filter((other) => other !== cell);
}

/** Hides one cell more in every line that misses too little, and says which. */
function hideThinLines(grid: Grid, table: CountTable): number[] {
  const { hidden, totalOf, placeAlong, isKnown, cells } = grid;
  const fresh: number[] = [];
  for (const dimension of table.sizes.keys()) {
    for (let first = 0; first < cells; first += 1) {
      const total = totalOf(first, dimension);
      if (placeAlong(first, dimension) !== 0 || total === null || total === 0) continue;
      const line = [first, ...neighbours(first, dimension, grid, table.sizes)];
      const missing = line.filter((cell) => hidden[cell] && !isKnown(cell));
      const people = missing.reduce((sum, cell) => sum + (table.counts[cell] ?? 0), 0);
      if (missing.length === 0 || (missing.length > 1 && people >= LEAST_PEOPLE)) continue;
      const told = line.filter((cell) => !hidden[cell] && !isKnown(cell));
      const [next] = told.sort((one, other) => (table.counts[one] || UNLIKELY) - (table.counts[other] || UNLIKELY) || one - other);
      if (next === undefined) continue;
      // Everybody of the line is missing already, in more cells than one: its total, which is told, is no small one.
      if ((table.counts[next] ?? 0) === 0 && missing.length > 1) continue;
      hidden[next] = true;
      fresh.push(next);
    }
  }
  return fresh;
}
