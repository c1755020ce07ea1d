import { divisionRange } from '../serve/rows/division-range.ts';
import type { HeadCount, StatDimension } from './store.ts';
import { LEAST_PEOPLE, suppressCells } from './suppress-cells.ts';

/** `by`: what the labels are of, in their order. */
export type StatCell = Readonly<{ by: readonly StatDimension[]; labels: readonly string[]; count: number | null; suppressed: boolean }>;

/** Counts the living of a division by dimensions, as the store does. */
type CountHeads = (division: string, by: readonly StatDimension[]) => Promise<readonly HeadCount[]>;

/**
 * Head counts as cells, ordered by their codes: ages as bands (`0-9` … `90+`), none for nobody. What is kept back is decided from the
 * province down, division by division, and from the total to the finer dimensions (`suppressCells`): a cell is told only where
 * everything is told that it is a part of. So it is kept back in every question or in none, whoever asks first. One statement, and one
 * for each level above, which may be answered from memory. That somebody lives in a division is no secret, where the count is.
 */
export async function tellStatistics(
  division: string,
  by: readonly StatDimension[],
  { countHeads, countHeadsAbove }: Readonly<{ countHeads: CountHeads; countHeadsAbove: CountHeads }>,
): Promise<readonly StatCell[]> {
  const attributes = [...new Set(by)].filter((dimension) => dimension !== 'DIVISION').sort();
  const own = divisionRange(division).gte;
  const isVillage = own.length === DIGITS.at(-1);
  // A village has nothing below: told apart by division it is itself.
  const listsBelow = by.includes('DIVISION') && !isVillage;
  const above = DIGITS.filter((digits) => digits < own.length).map((digits) => own.slice(0, digits));
  const families = listsBelow ? [...above, own] : above;
  const below = families.map((family, place) => ({ family, child: [...families, own][place + 1] ?? own }));
  const counts = await Promise.all(
    families.length > 0
      ? families.map((family) => (family === families.at(-1) ? countHeads : countHeadsAbove)(codeOf(family), ['DIVISION', ...attributes]))
      : [countHeads(codeOf(own), attributes)],
  );
  const values = attributes.map((_, place) => valuesOf(counts[0] ?? [], families.length > 0 ? place + 1 : place));
  let told: Tables = decide({
    heads: families.length > 0 ? withoutDivision(counts[0] ?? []) : (counts[0] ?? []),
    values,
    parent: null,
  }).tables;
  for (const [place, { family, child }] of below.entries()) {
    const { tables, children } = decideOnce(counts.slice(0, place + 1), { values, parent: told });
    if (listsBelow && family === own) return print({ table: tables.at(-1), children, values, by, attributes });
    told = tables.map((table) => childOf(table, children.indexOf(codeOf(child)), children.length));
  }
  return print({ table: told.at(-1), children: [codeOf(own)], values, by, attributes });
}

/** Digits of a division's code at each level: province, prefecture, county, town, village. */
const DIGITS = [2, 4, 6, 9, 12] as const;

function codeOf(digits: string): string {
  return digits.padEnd(6, '0');
}

/** Counts by a subset of the attributes (`of` holds their places), and what is kept back of them; of one division, or of each below it. */
type Table = Readonly<{ of: readonly number[]; counts: readonly number[]; hidden: readonly boolean[] }>;
/** One for each subset of the attributes, each after the subsets of itself. */
type Tables = readonly Table[];

/** What was decided of a division, by the counts of it; for as long as these are kept, and the same of all divisions above were counted. */
const decided = new WeakMap<readonly HeadCount[], Readonly<{ path: readonly unknown[]; decision: Suppression }>>();

/** `path`: the counts of the divisions from the province down, the last of which is decided. */
function decideOnce(path: readonly (readonly HeadCount[])[], given: Pick<Parameters<typeof decide>[0], 'values' | 'parent'>): Suppression {
  const heads = path.at(-1) ?? [];
  const known = decided.get(heads);
  if (known && known.path.length === path.length && known.path.every((each, place) => each === path[place])) return known.decision;
  const decision = decide({ heads, ...given });
  decided.set(heads, { path, decision });
  return decision;
}

type Suppression = Readonly<{ tables: Tables; children: readonly string[] }>;

function decide(question: {
  heads: readonly HeadCount[];
  values: readonly (readonly string[])[];
  /** What is told of the division above; null for the province, whose heads name no division. */
  parent: Tables | null;
}): Suppression {
  const { heads, values, parent } = question;
  const children = parent ? valuesOf(heads, 0) : [];
  const tables: Table[] = [];
  for (const of of subsets(values.length)) {
    const axes = [...(parent ? [children] : []), ...of.map((place) => values[place] ?? [])];
    const counts = countAlong(heads, parent ? [0, ...of.map((place) => place + 1)] : of, axes);
    const totals = [
      ...(parent ? [toldOf(parent.find((table) => isSame(table.of, of)))] : []),
      ...of.map((left) =>
        toldOf(
          tables.find((table) =>
            isSame(
              table.of,
              of.filter((place) => place !== left),
            ),
          ),
        ),
      ),
    ];
    const hidden =
      axes.length === 0
        ? counts.map((count) => count > 0 && count < LEAST_PEOPLE)
        : suppressCells({ sizes: axes.map((axis) => axis.length), counts, totals });
    tables.push({ of, counts, hidden });
  }
  return { tables, children };
}

function toldOf(table: Table | undefined): readonly (number | null)[] {
  return (table?.counts ?? []).map((count, cell) => (table?.hidden[cell] ? null : count));
}

/** The part of a table that is about one division; of one in which nobody is, all cells are nobody. */
function childOf({ of, counts, hidden }: Table, child: number, children: number): Table {
  const size = children === 0 ? 0 : counts.length / children;
  return child < 0
    ? { of, counts: [], hidden: [] }
    : { of, counts: counts.slice(child * size, (child + 1) * size), hidden: hidden.slice(child * size, (child + 1) * size) };
}

function countAlong(heads: readonly HeadCount[], places: readonly number[], axes: readonly (readonly string[])[]): readonly number[] {
  const placesOf = axes.map((axis) => new Map(axis.map((value, place) => [value, place])));
  const counts = Array.from({ length: axes.reduce((product, axis) => product * axis.length, 1) }, () => 0);
  for (const { codes, count } of heads) {
    let cell = 0;
    for (const [dimension, place] of places.entries()) {
      cell = cell * (axes[dimension]?.length ?? 1) + (placesOf[dimension]?.get(codes[place] ?? '') ?? 0);
    }
    counts[cell] = (counts[cell] ?? 0) + count;
  }
  return counts;
}

function valuesOf(heads: readonly HeadCount[], place: number): readonly string[] {
  return [...new Set(heads.filter(({ count }) => count > 0).flatMap(({ codes }) => codes[place] ?? []))].sort();
}

function withoutDivision(heads: readonly HeadCount[]): readonly HeadCount[] {
  return heads.map(({ codes, count }) => ({ codes: codes.slice(1), count }));
}

/** Every subset of the places below `size`, the smaller ones first. */
function subsets(size: number): readonly (readonly number[])[] {
  const places = Array.from({ length: size }, (_, place) => place);
  const all: (readonly number[])[] = [[]];
  for (const place of places) all.push(...all.map((each) => [...each, place]));
  return all.sort((one, other) => one.length - other.length);
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((place, at) => place === other[at]);
}

function print(answer: {
  table: Table | undefined;
  children: readonly string[];
  values: readonly (readonly string[])[];
  by: readonly StatDimension[];
  attributes: readonly StatDimension[];
}): readonly StatCell[] {
  const { table, children, values, by, attributes } = answer;
  const axes = [children, ...values];
  const cells = (table?.counts ?? []).flatMap((count, cell) => {
    const suppressed = table?.hidden[cell] ?? false;
    if (count === 0 && !suppressed) return [];
    const codes: string[] = [];
    let rest = cell;
    for (const axis of axes.toReversed()) {
      codes.unshift(axis[rest % axis.length] ?? '');
      rest = Math.floor(rest / axis.length);
    }
    const coded = by.map((dimension) => codes[dimension === 'DIVISION' ? 0 : attributes.indexOf(dimension) + 1] ?? '');
    return [{ coded, count: suppressed ? null : count, suppressed }];
  });
  return cells
    .sort((one, other) => (one.coded.join('\0') < other.coded.join('\0') ? -1 : 1))
    .map(({ coded, count, suppressed }) => ({
      by,
      labels: coded.map((code, place) => (by[place] === 'AGE_BAND' ? ageBand(Number(code)) : code)),
      count,
      suppressed,
    }));
}

function ageBand(decade: number): string {
  return decade >= 9 ? '90+' : `${decade * 10}-${decade * 10 + 9}`;
}
