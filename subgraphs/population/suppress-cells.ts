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
  const { hidden, isKnown, cells, isInherited } = grid;
  for (let cell = 0; cell < cells; cell += 1) if (isInherited(cell)) hidden[cell] = true;
  // With one value along a dimension every cell is its own total.
  if (table.sizes.some((size) => size === 1)) return hidden;
  let fresh: number[] = [];
  for (let cell = 0; cell < cells; cell += 1) {
    const count = table.counts[cell] ?? 0;
    if (count === 0 || count >= LEAST_PEOPLE) continue;
    hidden[cell] = true;
    fresh.push(cell);
  }
  for (;;) {
    for (const cell of fresh) if (!isKnown[cell]) hideBox(cell, grid, table);
    fresh = hideThinLines(grid, table);
    if (fresh.length === 0) return hidden;
  }
}

/** The table as lines: those along a dimension are numbered as its totals are. Nothing here makes an array for each cell: tables are large. */
type Grid = Readonly<{
  cells: number;
  hidden: boolean[];
  /** Cells that are the corner of a box already. */
  boxed: boolean[];
  strides: readonly number[];
  lineOf: (cell: number, dimension: number) => number;
  /** The cells of a line, in order: from `first`, every `stride`. */
  firstOf: (line: number, dimension: number) => number;
  totalOf: (cell: number, dimension: number) => number | null;
  isInherited: (cell: number) => boolean;
  /** The totals alone say what is in it: nobody where a total is nobody, all of a total where the rest of its line is known. */
  isKnown: readonly boolean[];
}>;

function layOut({ sizes, totals }: CountTable): Grid {
  const strides = sizes.map((_, dimension) => sizes.slice(dimension + 1).reduce((product, size) => product * size, 1));
  const cells = sizes.reduce((product, size) => product * size, 1);
  const lineOf = (cell: number, dimension: number) => {
    const stride = strides[dimension] ?? 1;
    return Math.floor(cell / (stride * (sizes[dimension] ?? 1))) * stride + (cell % stride);
  };
  const firstOf = (line: number, dimension: number) => {
    const stride = strides[dimension] ?? 1;
    return Math.floor(line / stride) * stride * (sizes[dimension] ?? 1) + (line % stride);
  };
  const totalOf = (cell: number, dimension: number) => totals[dimension]?.[lineOf(cell, dimension)] ?? null;
  const isInherited = (cell: number) => {
    let isKept = false;
    for (let dimension = 0; dimension < sizes.length; dimension += 1) {
      const total = totalOf(cell, dimension);
      if (total === 0) return false;
      if (total === null) isKept = true;
    }
    return isKept;
  };
  const hidden = Array.from({ length: cells }, () => false);
  const boxed = Array.from({ length: cells }, () => false);
  const lines = { cells, hidden, boxed, strides, lineOf, firstOf, totalOf, isInherited };
  return { ...lines, isKnown: findKnown(lines, { sizes, totals }) };
}

function findKnown(grid: Omit<Grid, 'isKnown'>, { sizes, totals }: Pick<CountTable, 'sizes' | 'totals'>): readonly boolean[] {
  const { cells, strides, lineOf, firstOf, totalOf } = grid;
  const known = Array.from({ length: cells }, () => false);
  const unknown = sizes.map((size) => Array.from({ length: cells / size }, () => size));
  const leftOver: (readonly [line: number, dimension: number])[] = [];
  const learn = (cell: number) => {
    known[cell] = true;
    for (const [dimension, left] of unknown.entries()) {
      const line = lineOf(cell, dimension);
      const rest = (left[line] ?? 0) - 1;
      left[line] = rest;
      if (rest === 1 && typeof totals[dimension]?.[line] === 'number') leftOver.push([line, dimension]);
    }
  };
  for (let cell = 0; cell < cells; cell += 1) {
    for (let dimension = 0; dimension < sizes.length && !known[cell]; dimension += 1) if (totalOf(cell, dimension) === 0) learn(cell);
  }
  for (let next = leftOver.pop(); next; next = leftOver.pop()) {
    const [line, dimension] = next;
    const first = firstOf(line, dimension);
    for (let place = 0; place < (sizes[dimension] ?? 1); place += 1) {
      const cell = first + place * (strides[dimension] ?? 1);
      if (!known[cell]) learn(cell);
    }
  }
  return known;
}

/** So many values are tried along each dimension, the cheapest first. */
const MOST_TRIED = 6;
const MOST_TRIED_OF_MANY = 3;
/** A corner of nobody is a label more in the answer, which says nothing; cheap, but not for nothing. */
const COST_OF_NOBODY = 3;
const UNLIKELY = 1e9;
const IMPOSSIBLE = 1e12;

/** Hides the corners of the cheapest box around a cell. */
function hideBox(cell: number, grid: Grid, table: CountTable): void {
  const { hidden, boxed, isKnown, totalOf } = grid;
  if (boxed[cell]) return;
  const dimensions = [...table.sizes.keys()];
  const toldAlong = dimensions.filter((dimension) => totalOf(cell, dimension) !== null);
  if (toldAlong.length === 0) return;
  const keptAlong = dimensions.filter((dimension) => totalOf(cell, dimension) === null);
  const cost = (other: number) => {
    if (isKnown[other]) return IMPOSSIBLE;
    // A total that is told of this corner alone would not stay as it is.
    for (const dimension of keptAlong) if (totalOf(other, dimension) !== null) return IMPOSSIBLE;
    return hidden[other] ? 0 : table.counts[other] || COST_OF_NOBODY;
  };
  const most = toldAlong.length > 3 ? MOST_TRIED_OF_MANY : MOST_TRIED;
  let choices: readonly (readonly number[])[] = [[cell]];
  let best: { cost: number; corners: readonly number[] } | null = null;
  const tried = toldAlong.map((dimension) => cheapestSteps(cell, dimension, { grid, table, cost, most }));
  for (const [place, steps] of tried.entries()) {
    const isLast = place === tried.length - 1;
    const longer: (readonly number[])[] = [];
    for (const corners of choices) {
      if (best?.cost === 0) break;
      for (const step of steps) {
        const more = [...corners, ...corners.map((corner) => corner + step)];
        if (!isLast) longer.push(more);
        else {
          let costs = canTurn(more, table) ? 0 : UNLIKELY;
          for (const corner of more) costs += cost(corner);
          if (!best || costs < best.cost) best = { cost: costs, corners: more };
          if (best.cost === 0) break;
        }
      }
    }
    choices = longer;
  }
  for (const corner of best?.corners ?? []) {
    if (!isKnown[corner]) hidden[corner] = true;
    if (best && best.cost < UNLIKELY) boxed[corner] = true;
  }
}

function cheapestSteps(
  cell: number,
  dimension: number,
  way: { grid: Grid; table: CountTable; cost: (cell: number) => number; most: number },
): readonly number[] {
  const { grid, table, cost, most } = way;
  const first = grid.firstOf(grid.lineOf(cell, dimension), dimension);
  const found: { step: number; cost: number }[] = [];
  for (let place = 0; place < (table.sizes[dimension] ?? 1); place += 1) {
    const other = first + place * (grid.strides[dimension] ?? 1);
    if (other !== cell) found.push({ step: other - cell, cost: cost(other) });
  }
  return found
    .sort((one, other) => one.cost - other.cost || one.step - other.step)
    .slice(0, most)
    .map(({ step }) => step);
}

/** People can be moved around the corners one way or the other: everybody who would leave is there. */
function canTurn(corners: readonly number[], { counts }: CountTable): boolean {
  let [evenAreThere, oddAreThere] = [true, true];
  for (const [place, corner] of corners.entries()) {
    if ((counts[corner] ?? 0) > 0) continue;
    // How many steps lead to the corner: the ones in its place's binary digits.
    let isOdd = false;
    for (let bits = place; bits > 0; bits >>= 1) if (bits & 1) isOdd = !isOdd;
    if (isOdd) oddAreThere = false;
    else evenAreThere = false;
  }
  return evenAreThere || oddAreThere;
}

/** Hides one cell more in every line that misses too little, and says which. */
function hideThinLines(grid: Grid, table: CountTable): number[] {
  const { hidden, isKnown, strides, firstOf } = grid;
  const fresh: number[] = [];
  for (const [dimension, size] of table.sizes.entries()) {
    const stride = strides[dimension] ?? 1;
    for (const [line, total] of (table.totals[dimension] ?? []).entries()) {
      if (total === null || total === 0) continue;
      const first = firstOf(line, dimension);
      let [missing, people, next, least] = [0, 0, -1, Number.POSITIVE_INFINITY];
      for (let place = 0; place < size; place += 1) {
        const cell = first + place * stride;
        if (isKnown[cell]) continue;
        const count = table.counts[cell] ?? 0;
        if (hidden[cell]) [missing, people] = [missing + 1, people + count];
        else if ((count || UNLIKELY) < least) [next, least] = [cell, count || UNLIKELY];
      }
      // Where two are missing and nobody is left to join them, everybody of the line is missing, and its total is told: five at least.
      if (missing === 0 || next < 0 || (missing > 1 && (people >= LEAST_PEOPLE || least === UNLIKELY))) continue;
      hidden[next] = true;
      fresh.push(next);
    }
  }
  return fresh;
}
