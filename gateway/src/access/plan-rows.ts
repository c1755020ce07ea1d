import type { Read } from '@longyuan/access/access-facts.ts';
import type { AccessSet } from '@longyuan/access/access-set.ts';
import { type Grant, type GrantLimits, limitsOf } from '@longyuan/access/grant.ts';
import type { Claimed } from '@longyuan/operation/decide-claims.ts';
import type { PrunedOperation } from '@longyuan/operation/prune-operation.ts';
import type { Variables } from '@longyuan/operation/selection.ts';
import type { ToldPlace, ToldRoot } from '@longyuan/operation/told-rows.ts';
import { type ValueNode, valueFromASTUntyped } from 'graphql';

/** The grants that an operation is answered by, and where in its answer their rows stand. Worked out once per operation and access set. */
export type RowPlan = Readonly<{ grants: readonly GrantLimits[]; roots: readonly PlannedRoot[] }>;

/** Below, a grant is its place among the plan's. */
type PlannedRoot = Readonly<{
  key: string;
  /** Grants by which the root's rows are found, or verified: they count one row at least, or as many as there are keys. */
  sought: ReadonlySet<number>;
  keys: readonly ValueNode[];
  top: RowPlace;
}>;
/** A place of the answer: objects of several types (`isMixed`) are rows of a grant only where they have a field that it tells. */
type RowPlace = Readonly<{
  isMixed: boolean;
  /** `isFound`: found by an item of the grant, so that each is a row, and one that is not there as well. */
  rows: readonly Readonly<{ grant: number; fields: readonly string[]; isFound: boolean }>[];
  /** Fields at whose end the rows of these grants stand: one row where there is none. */
  edges: readonly Readonly<{ field: string; grants: readonly number[] }>[];
  below: readonly (readonly [key: string, place: RowPlace])[];
}>;

/** Null where no grant opens anything of what is left. */
export function planRows(pruned: PrunedOperation, access: AccessSet, claimed: readonly Claimed[] = []): RowPlan | null {
  if (access.standing.grants.length === 0 || !pruned.left) return null;
  if (claimed.length > 0) return makePlan(pruned, access, claimed);
  // Prunings come and go while an access set is kept.
  const planned = access.once(planRows, () => new WeakMap<PrunedOperation, RowPlan | null>());
  return planned.getOrInsertComputed(pruned, () => makePlan(pruned, access, []));
}

function makePlan({ told }: PrunedOperation, access: AccessSet, claimed: readonly Claimed[]): RowPlan | null {
  const places = new Map<Grant, number>();
  const grantsOver = ({ code, toVerify }: Read): readonly number[] =>
    access.ofItem(code).by.flatMap(({ grant, access: given }) => {
      // Whichever grants would do: each adds rows of its own.
      if (given === (toVerify ? 'MASKED' : 'VERIFY')) return [];
      return [places.getOrInsertComputed(grant, () => places.size)];
    });

  function planPlace({ isRow, isMixed, told: ofRow, edges, below }: ToldPlace, found: ReadonlySet<number>): RowPlace {
    const fields = new Map<number, Set<string>>(isRow ? [...found].map((grant) => [grant, new Set()]) : []);
    for (const { read, fields: shownBy } of ofRow.values()) {
      for (const grant of grantsOver(read)) fields.set(grant, shownBy.union(fields.get(grant) ?? new Set()));
    }
    const ofEdges = new Map([...edges].map(([field, reads]) => [field, new Set([...reads.values()].flatMap(grantsOver))]));
    return {
      isMixed,
      rows: [...fields].map(([grant, shownBy]) => ({ grant, fields: [...shownBy], isFound: found.has(grant) })),
      edges: [...ofEdges].map(([field, grants]) => ({ field, grants: [...grants] })).filter(({ grants }) => grants.length > 0),
      below: [...below].map(([key, place]) => [key, planPlace(place, ofEdges.get(key) ?? (isRow ? NONE : found))] as const),
    };
  }

  function planRoot(key: string, root: ToldRoot | undefined, claims: readonly Read[]): PlannedRoot {
    const sought = new Set([...(root?.sought.values() ?? []), ...claims].flatMap(grantsOver));
    return { key, sought, keys: root?.keys ?? [], top: root ? planPlace(root.top, sought) : NOTHING };
  }

  const claims = Map.groupBy(claimed, ({ key }) => key);
  const keys = new Set([...told.keys(), ...claims.keys()]);
  const roots = [...keys].map((key) => planRoot(key, told.get(key), claims.get(key)?.flatMap(({ reads }) => reads) ?? []));
  return places.size === 0 ? null : { grants: [...places.keys()].map(limitsOf), roots };
}

const NONE: ReadonlySet<number> = new Set();
const NOTHING: RowPlace = { isMixed: false, rows: [], edges: [], below: [] };

/** How many rows the arguments of each root name: the longest list that is given, and one at least. */
export function namedRows({ roots }: RowPlan, given: Variables): readonly number[] {
  const variables = { ...given };
  return roots.map(({ keys }) => {
    const lists = keys.map((key): unknown => valueFromASTUntyped(key, variables)).filter(Array.isArray);
    return Math.max(1, ...lists.map(({ length }) => length));
  });
}

/** The rows that an operation asks for by its arguments alone, for each grant of the plan. */
export function leastRows({ grants, roots }: RowPlan, named: readonly number[]): readonly number[] {
  const least = zeros(grants);
  roots.forEach(({ sought }, root) => {
    for (const grant of sought) add(least, grant, named[root] ?? 1);
  });
  return least;
}

/** The rows of an answer for each grant of the plan: its lists are counted, its values not looked at. Never less than `leastRows`. */
export function countRows({ grants, roots }: RowPlan, named: readonly number[], data: unknown): readonly number[] {
  const counted = zeros(grants);
  roots.forEach(({ sought, top }, root) => {
    const ofRoot = zeros(grants);
    countPlace(data, top, ofRoot);
    ofRoot.forEach((rows, grant) => {
      add(counted, grant, sought.has(grant) ? Math.max(rows, named[root] ?? 1) : rows);
    });
  });
  return counted;
}

function zeros({ length }: readonly unknown[]): number[] {
  return new Array<number>(length).fill(0);
}

function countPlace(value: unknown, place: RowPlace, rows: number[]): void {
  if (Array.isArray(value)) {
    for (const each of value) {
      // A list that answers keys holds null for each that is nobody's, or not for this caller: it was asked for, and that is its answer.
      if (each === null) for (const { grant, isFound } of place.rows) add(rows, grant, isFound ? 1 : 0);
      else countPlace(each, place, rows);
    }
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const object = value as Readonly<Record<string, unknown>>;
  for (const { grant, fields, isFound } of place.rows) {
    if (isFound || !place.isMixed || fields.some((field) => Object.hasOwn(object, field))) add(rows, grant, 1);
  }
  for (const { field, grants } of place.edges) {
    const end = object[field];
    if (end === null || (Array.isArray(end) && end.length === 0)) for (const grant of grants) add(rows, grant, 1);
  }
  for (const [key, below] of place.below) countPlace(object[key], below, rows);
}

function add(rows: number[], grant: number, more: number): void {
  rows[grant] = (rows[grant] ?? 0) + more;
}

/** An error of an answer as far as it says where something failed: response names from the root down; none where all did. */
export type FailedAt = readonly string[];

/** For each grant of the plan whether nothing that it opens was answered, because whoever should have failed. */
export function findUnanswered({ grants, roots }: RowPlan, data: unknown, failed: readonly FailedAt[]): readonly boolean[] {
  const hasFailed = (path: readonly string[]) =>
    failed.some((at) => at.length <= path.length && at.every((name, step) => name === path[step]));

  function isAnswered(grant: number, values: readonly unknown[], place: RowPlace, path: readonly string[]): boolean {
    const ends = place.edges.filter(({ grants: ofEdge }) => ofEdge.includes(grant)).map(({ field }) => field);
    const told = [...(place.rows.find((each) => each.grant === grant)?.fields ?? []), ...ends];
    if (told.some((field) => !hasFailed([...path, field]) || valuesAt(values, field).length > 0)) return true;
    return place.below.some(([key, below]) => isAnswered(grant, valuesAt(values, key), below, [...path, key]));
  }
  return grants.map((_, grant) =>
    roots.every(({ key, sought, top }) => {
      const isFound = sought.has(grant) && (!hasFailed([key]) || valuesAt([data], key).length > 0);
      return !isFound && !isAnswered(grant, [data], top, []);
    }),
  );
}

/** What is not null under a name in any of the objects, lists counted through. */
function valuesAt(objects: readonly unknown[], key: string): readonly unknown[] {
  return objects
    .flatMap((each) => (typeof each === 'object' && each !== null ? [(each as Readonly<Record<string, unknown>>)[key]] : []))
    .flat(Number.POSITIVE_INFINITY)
    .filter((each) => each !== null && each !== undefined);
}
