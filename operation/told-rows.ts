import type { Read } from '@longyuan/access/access-facts.ts';
import type { ValueNode } from 'graphql';

/**
 * One root field of what is left of an operation, by its response name: the rows that its answer holds, and what is told of them that a
 * grant can open.
 */
export type ToldRoot = Readonly<{
  /** What is told outside of any row: what the rows are found by, or verified of, and items of the root field itself. */
  sought: Map<string, Read>;
  /** Arguments that find rows: a list of them asks for so many. */
  keys: ValueNode[];
  top: ToldPlace;
}>;

/** A place of an answer: an object, or each object of a list. */
export type ToldPlace = {
  /** Whether objects there are records of a resource. */
  isRow: boolean;
  /** Whether they are of several types, which show not all the same fields. */
  isMixed: boolean;
  /** What is told of the row, and by which of its fields (response names). Of a type that is no resource nothing: it belongs to the row above. */
  readonly told: Map<string, Readonly<{ read: Read; fields: Set<string> }>>;
  /** Fields that lead to records of another resource and tell an item of theirs (`Person.licenses`): the rows are those records. */
  readonly edges: Map<string, Map<string, Read>>;
  readonly below: Map<string, ToldPlace>;
};

export function openRoot(): ToldRoot {
  return { sought: new Map(), keys: [], top: openToldPlace() };
}

export function openToldPlace(): ToldPlace {
  return { isRow: false, isMixed: false, told: new Map(), edges: new Map(), below: new Map() };
}

export function noteSought({ sought }: ToldRoot, reads: readonly Read[]): void {
  for (const read of reads) sought.set(nameOf(read), read);
}

export function noteAtRow({ told }: ToldPlace, field: string, reads: readonly Read[]): void {
  for (const read of reads) told.getOrInsertComputed(nameOf(read), () => ({ read, fields: new Set<string>() })).fields.add(field);
}

export function noteEdge({ edges }: ToldPlace, field: string, reads: readonly Read[]): void {
  const ofField = edges.getOrInsertComputed(field, () => new Map<string, Read>());
  for (const read of reads) ofField.set(nameOf(read), read);
}

/** Takes out the places of which nothing is told, so that an answer is not looked through for them; whether anything is left. */
export function trimRoot({ sought, top }: ToldRoot): boolean {
  return trim(top, sought.size > 0) || sought.size > 0;
}

/** `isSought`: the first rows below count though nothing else is told of them. */
function trim(place: ToldPlace, isSought: boolean): boolean {
  for (const [key, below] of place.below) {
    if (!trim(below, (isSought && !place.isRow) || place.edges.has(key))) place.below.delete(key);
  }
  return place.told.size + place.edges.size + place.below.size > 0 || (isSought && place.isRow);
}

function nameOf({ code, toVerify }: Read): string {
  return `${code} ${toVerify}`;
}
