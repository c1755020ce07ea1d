import { expect, test } from 'vitest';
import { tellStatistics } from './statistics.ts';
import type { HeadCount, StatDimension } from './store.ts';

type Someone = Readonly<Record<StatDimension, string>>;
/** Cells by where they are and what they hold: `6201|ETHNICITY=2,SEX=1`. */
type Cells = Map<string, number | null>;

const ATTRIBUTES = ['AGE_BAND', 'ETHNICITY', 'MARITAL', 'SEX'] as const;
const VALUES: Readonly<Record<(typeof ATTRIBUTES)[number], number>> = { AGE_BAND: 3, ETHNICITY: 3, MARITAL: 2, SEX: 2 };
const LEVELS = [2, 4, 6, 9, 12];
const POPULATIONS = 25;

/**
 * Whoever asks everything: every division, by up to three dimensions. What is told becomes equations over the finest cells there can be;
 * a cell of one to four people must not follow from them, whether by adding and subtracting told counts, or by closing in on it from
 * both sides.
 */
test.each(Array.from({ length: POPULATIONS }, (_, seed) => seed))('nobody works out a small cell of population %i', async (seed) => {
  const people = populate(seed);
  const told = await askEverything(people);
  const truth = countEverything(people);
  const small = [...truth].filter(([cell, count]) => count > 0 && count < 5 && told.has(cell));
  expect([...told].filter(([cell, count]) => count !== null && count !== (truth.get(cell) ?? 0))).toEqual([]);
  expect(small.filter(([cell]) => told.get(cell) !== null)).toEqual([]);
  const known = [...told].filter(([, count]) => count !== null);
  const derivable = findDerivable(
    people,
    known,
    small.map(([cell]) => cell),
  );
  expect({ derived: derivable }).toEqual({ derived: [] });
  expect({
    enclosed: closeIn(
      told,
      truth,
      small.map(([cell]) => cell),
    ),
  }).toEqual({ enclosed: [] });
});

test('counts are still told where they give nobody away', async () => {
  const shares = await Promise.all(
    Array.from({ length: 20 }, async (_, seed) => {
      const people = populate(seed);
      const told = await askEverything(people);
      const large = [...countEverything(people)].filter(([cell, count]) => count >= 5 && told.has(cell));
      return large.filter(([cell]) => told.get(cell) !== null).length / large.length;
    }),
  );
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  // Little worlds give little away; a province of 2,500 tells nearly all (test/statistics.test.ts).
  expect(mean).toBeGreaterThan(0.15);
});

/** Numbers from 0 to 1, the same for the same seed. */
function draw(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 0) / 2 ** 32;
  };
}

/** 20 to 300 people of a little province; most are of the first value of everything, so that the others are rare. */
function populate(seed: number): readonly Someone[] {
  const next = draw(seed);
  for (let warm = 0; warm < 10; warm += 1) next();
  const skew = 1 + next() * 2.5;
  const pick = (size: number) => Math.floor(next() ** skew * size);
  const villages = ['620101001001', '620101001002', '620101002001', '620102001001', '620102001002', '620201001001', '620202001001'];
  return Array.from({ length: 20 + Math.floor(next() * 280) }, () => {
    const age = pick(VALUES.AGE_BAND);
    return {
      DIVISION: villages[pick(villages.length)] ?? '',
      AGE_BAND: String(age),
      ETHNICITY: String(pick(VALUES.ETHNICITY)),
      // In every other world no child is married: what cannot be is known to everybody.
      MARITAL: String(seed % 2 === 0 && age === 0 ? 0 : pick(VALUES.MARITAL)),
      SEX: String(pick(VALUES.SEX)),
    };
  });
}

function subsetsOf<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const all: (readonly Item[])[] = [[]];
  for (const item of items) all.push(...all.map((each) => [...each, item]));
  return all;
}

function nodesOf(people: readonly Someone[]): readonly string[] {
  return [...new Set(people.flatMap((each) => LEVELS.map((digits) => each.DIVISION.slice(0, digits))))].sort();
}

function nameCell(node: string, values: Readonly<Partial<Someone>>): string {
  return `${node}|${Object.entries(values)
    .sort()
    .map((pair) => pair.join('='))
    .join(',')}`;
}

function countEverything(people: readonly Someone[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const someone of people) {
    for (const digits of LEVELS) {
      for (const of of subsetsOf(ATTRIBUTES)) {
        if (of.length > 3) continue;
        const cell = nameCell(someone.DIVISION.slice(0, digits), Object.fromEntries(of.map((name) => [name, someone[name]])));
        counts.set(cell, (counts.get(cell) ?? 0) + 1);
      }
    }
  }
  return counts;
}

/** All answers together, null where kept back; a label that is not there is a cell of nobody. Asked one way or another, a cell is the same. */
async function askEverything(people: readonly Someone[]): Promise<Cells> {
  const countHeads = countOver(people);
  const cells: Cells = new Map();
  const note = (cell: string, count: number | null) => {
    if (cells.has(cell)) expect([cell, count]).toEqual([cell, cells.get(cell)]);
    cells.set(cell, count);
  };
  const nodes = nodesOf(people);
  for (const node of nodes) {
    for (const by of subsetsOf([...ATTRIBUTES, 'DIVISION'] as const)) {
      if (by.length > 3) continue;
      const attributes = by.filter((name) => name !== 'DIVISION');
      const isBelow = by.includes('DIVISION');
      const answered = await tellStatistics(node.padEnd(6, '0'), by, { countHeads, countHeadsAbove: countHeads });
      const said = new Map(
        answered.map(({ labels, count }) => [
          nameCell(
            isBelow ? digitsOf(labels[by.indexOf('DIVISION')] ?? '', nodes) : node,
            Object.fromEntries(attributes.map((name) => [name, codeOf(name, labels[by.indexOf(name)] ?? '')])),
          ),
          count,
        ]),
      );
      const asked = isBelow ? childrenOf(node, nodes) : [node];
      for (const place of asked.length > 0 ? asked : [node]) {
        for (const values of combinations(attributes)) {
          const cell = nameCell(place, values);
          const count = said.get(cell);
          note(cell, count === undefined ? 0 : count);
        }
      }
    }
  }
  return cells;
}

function digitsOf(code: string, nodes: readonly string[]): string {
  return nodes.find((node) => node.padEnd(6, '0') === code) ?? code;
}

function codeOf(name: StatDimension, label: string): string {
  return name === 'AGE_BAND' ? String(Number.parseInt(label, 10) / 10) : label;
}

function childrenOf(node: string, nodes: readonly string[]): readonly string[] {
  const digits = LEVELS[LEVELS.indexOf(node.length) + 1];
  return nodes.filter((other) => other.length === digits && other.startsWith(node));
}

function combinations(names: readonly (typeof ATTRIBUTES)[number][]): readonly Readonly<Partial<Someone>>[] {
  return names.reduce<readonly Readonly<Partial<Someone>>[]>(
    (some, name) => some.flatMap((each) => Array.from({ length: VALUES[name] }, (_, value) => ({ ...each, [name]: String(value) }))),
    [{}],
  );
}

function countOver(people: readonly Someone[]) {
  return async (division: string, by: readonly StatDimension[]): Promise<readonly HeadCount[]> => {
    const prefix = division.length === 6 ? division.replace(/(00)+$/, '') : division;
    const digits = LEVELS[LEVELS.indexOf(prefix.length) + 1] ?? 12;
    const counts = new Map<string, HeadCount>();
    for (const someone of people) {
      if (!someone.DIVISION.startsWith(prefix)) continue;
      const codes = by.map((name) => (name === 'DIVISION' ? someone.DIVISION.slice(0, digits).padEnd(6, '0') : someone[name]));
      const key = codes.join();
      counts.set(key, { codes, count: (counts.get(key)?.count ?? 0) + 1 });
    }
    return [...counts.values()];
  };
}

/** Large prime under which equations are solved: fractions need no rounding. */
const PRIME = 1_000_003;

/** The small cells that are a sum of told counts, taken any number of times and with any sign, once everything that is nobody is left out. */
function findDerivable(
  people: readonly Someone[],
  known: readonly (readonly [string, number | null])[],
  small: readonly string[],
): string[] {
  const finest = [...new Set(people.map((each) => each.DIVISION))].flatMap((village) =>
    combinations(ATTRIBUTES).map((values) => ({ DIVISION: village, ...values }) as Someone),
  );
  const isIn = (cell: string) => {
    const [node = '', rest = ''] = cell.split('|');
    const wanted = rest
      .split(',')
      .filter(Boolean)
      .map((pair) => pair.split('='));
    // Names of dimensions, as nameCell wrote them.
    return (one: Someone) => one.DIVISION.startsWith(node) && wanted.every(([name, value]) => one[name as StatDimension] === value);
  };
  const nobody = known.filter(([, count]) => count === 0).map(([cell]) => isIn(cell));
  const possible = finest.filter((one) => !nobody.some((is) => is(one)));
  const rowOf = (cell: string) => {
    const is = isIn(cell);
    return possible.map((one) => (is(one) ? 1 : 0));
  };
  const basis: (number[] | undefined)[] = [];
  const reduce = (row: number[]): number | null => {
    for (let place = 0; place < row.length; place += 1) {
      const factor = row[place] ?? 0;
      if (factor === 0) continue;
      const pivot = basis[place];
      if (!pivot) return place;
      for (let at = place; at < row.length; at += 1) {
        row[at] = ((row[at] ?? 0) + (PRIME - factor) * (pivot[at] ?? 0)) % PRIME;
      }
    }
    return null;
  };
  for (const [cell, count] of known) {
    if (count === 0) continue;
    const row = rowOf(cell);
    const place = reduce(row);
    if (place === null) continue;
    const inverse = invert(row[place] ?? 1);
    basis[place] = row.map((value) => (value * inverse) % PRIME);
  }
  return small.filter((cell) => reduce(rowOf(cell)) === null);
}

function invert(value: number): number {
  let [result, base, power] = [1n, BigInt(value), BigInt(PRIME - 2)];
  for (; power > 0n; power >>= 1n) {
    if (power & 1n) result = (result * base) % BigInt(PRIME);
    base = (base * base) % BigInt(PRIME);
  }
  return Number(result);
}

/** Closes in on every cell by every line it is in, until nothing moves; the small cells that are then known. */
function closeIn(told: Cells, truth: ReadonlyMap<string, number>, small: readonly string[]): string[] {
  const cells = [...told.keys()];
  const most = truth.get('62|') ?? 0;
  const least = new Map(cells.map((cell) => [cell, told.get(cell) ?? 0]));
  const greatest = new Map(cells.map((cell) => [cell, told.get(cell) ?? most]));
  const lines = linesOf(cells);
  for (let moved = true; moved; ) {
    moved = false;
    const move = (bounds: Map<string, number>, cell: string, value: number, isBetter: boolean) => {
      if (!isBetter) return;
      bounds.set(cell, value);
      moved = true;
    };
    const low = (cell: string) => least.get(cell) ?? 0;
    const high = (cell: string) => greatest.get(cell) ?? most;
    for (const { total, parts } of lines) {
      const lowest = parts.reduce((sum, part) => sum + low(part), 0);
      const highest = parts.reduce((sum, part) => sum + high(part), 0);
      move(least, total, lowest, lowest > low(total));
      move(greatest, total, highest, highest < high(total));
      for (const part of parts) {
        const [others, most_] = [lowest - low(part), highest - high(part)];
        move(greatest, part, high(total) - others, high(total) - others < high(part));
        move(least, part, low(total) - most_, low(total) - most_ > low(part));
      }
    }
  }
  return small.filter((cell) => least.get(cell) === greatest.get(cell));
}

function linesOf(cells: readonly string[]): readonly { total: string; parts: readonly string[] }[] {
  const lines = new Map<string, string[]>();
  const known = new Set(cells);
  for (const cell of cells) {
    const [node = '', rest = ''] = cell.split('|');
    const pairs = rest.split(',').filter(Boolean);
    const above = LEVELS[LEVELS.indexOf(node.length) - 1];
    const totals = [
      ...(above === undefined ? [] : [[`${node.slice(0, above)}|${rest}`, 'DIVISION'] as const]),
      ...pairs.map((pair) => [`${node}|${pairs.filter((other) => other !== pair).join(',')}`, pair.split('=')[0] ?? ''] as const),
    ];
    for (const [total, along] of totals) {
      if (!known.has(total)) continue;
      const key = `${total} ${along}`;
      lines.set(key, [...(lines.get(key) ?? []), cell]);
    }
  }
  return [...lines].map(([key, parts]) => ({ total: key.split(' ')[0] ?? '', parts }));
}
