import { createHash } from 'node:crypto';
import { type AccessFacts, type Read, readsIn } from '@longyuan/access/access-facts.ts';
import type { AccessSet } from '@longyuan/access/access-set.ts';
import type { Decision, Refusal } from '@longyuan/access/decide.ts';
import { refusalOfOthers, refusalOfOthersRead, type Whose, whoseBelow } from '@longyuan/access/others-rows.ts';
import { isOwnAlone } from '@longyuan/access/row-condition.ts';
import { badUserInput } from '@longyuan/schema/src/refuse.ts';
import {
  type DocumentNode,
  type GraphQLObjectType,
  isAbstractType,
  isNonNullType,
  print,
  TypeNameMetaFieldDef,
  valueFromASTUntyped,
} from 'graphql';
import { type NullPlace, openPlace, TYPE_KEY, trimPlaces } from './put-back-nulls.ts';
import type { Operation } from './read-operation.ts';
import { type AskedField, areMet, type Selection, type Variables } from './selection.ts';
import { noteAtRow, noteEdge, noteSought, openRoot, openToldPlace, type ToldPlace, type ToldRoot, trimRoot } from './told-rows.ts';
import { typenameAs, writeOperation } from './write-operation.ts';

/** One refused item: where it was asked for, as response names without places in lists, and the coordinate whose item is missing. */
type RefusedField = Readonly<{
  path: readonly string[];
  coordinate: string;
  item: string;
  refusal: Refusal;
  /** All items for want of which it is refused there, this one first, each with what of it was wanted. */
  missing: readonly MissingItem[];
}>;

/** An item that is refused: its value was wanted, to be shown or to search by, or match and mismatch of it (`toVerify`). */
export type MissingItem = Readonly<{ code: string; toVerify: boolean; refusal: Refusal }>;

/** What is left of an operation for one caller. */
export type PrunedOperation = Readonly<{
  /** What may be asked: all that was asked where nothing is refused, null where nothing is left. */
  left: Selection | null;
  /** The same to be executed: the very document that came in where nothing is refused. */
  document: DocumentNode | null;
  /** Names what is left where something is refused, for all callers who are left the same; else null. */
  name: string | null;
  refused: readonly RefusedField[];
  /**
   * By root field, the items that what is left answers by and that a grant can open: shown, or read or verified by what is given. Empty for
   * callers who hold no grants.
   */
  told: ReadonlyMap<string, ToldRoot>;
  /** Where the answer gets its nulls back; null where nothing is refused. */
  nulls: NullPlace | null;
}>;

export type OperationToPrune = Readonly<{
  operation: Operation;
  facts: AccessFacts;
  access: AccessSet;
  /** The variables with their defaults. */
  given: Variables;
}>;

/**
 * Takes out of an operation what its caller may not see, before anything is planned or executed: fields whose item is refused, fields
 * whose arguments read an item that is refused, and roots under which nothing is left. A field of an interface or union is decided for each
 * type it can stand for. Pure; `makePruner` keeps its answers.
 */
export function pruneOperation(question: OperationToPrune): PrunedOperation {
  const { root, document } = question.operation;
  const pruning: Pruning = { ...question, refused: new Map(), told: new Map() };
  const nulls = openPlace();
  const fields = pruneSelection(pruning, root, {
    ...{ path: [], place: nulls, isRoot: true, isAbstract: false, needsWhole: false, whose: 'ANYBODYS' },
    ...{ root: openRoot(), told: openToldPlace(), row: null },
  });
  for (const [key, each] of pruning.told) if (!trimRoot(each)) pruning.told.delete(key);
  const { told } = pruning;
  const refused = [...pruning.refused.values()];
  if (refused.length === 0) return { left: root, document, name: null, refused, told, nulls: null };
  trimPlaces(nulls);
  if (fields.length === 0) return { left: null, document: null, name: null, refused, told, nulls };
  const left = { ...root, fields };
  const written = writeOperation(question.operation, left);
  return { left, document: written, name: createHash('sha256').update(print(written)).digest('hex'), refused, told, nulls };
}

type Pruning = OperationToPrune & Readonly<{ refused: Map<string, RefusedField>; told: Map<string, ToldRoot> }>;
/**
 * Where in the answer a selection stands: `isAbstract` by the field that leads there. `needsWhole`: it is a list that an item shown in part
 * would open.
 */
type AnswerPlace = Readonly<{
  path: readonly string[];
  place: NullPlace;
  isRoot: boolean;
  isAbstract: boolean;
  needsWhole: boolean;
  /** Whose row it is, for whoever sees own rows alone. */
  whose: Whose;
  /** The root field that leads there, and what is told there: of the row that it is in, by which of the row's fields; null outside of rows. */
  root: ToldRoot;
  told: ToldPlace;
  row: Readonly<{ place: ToldPlace; field: string | null }> | null;
}>;

/** What is left of the fields of a selection. */
function pruneSelection(pruning: Pruning, { fields }: Selection, at: AnswerPlace): AskedField[] {
  return fields.flatMap((field) => (areMet(field.conditions, pruning.given) ? pruneField(pruning, field, at) : []));
}

function pruneField(pruning: Pruning, field: AskedField, place: AnswerPlace): AskedField[] {
  const { key, name } = field;
  const at = place.isRoot ? { ...place, root: pruning.told.getOrInsertComputed(key, openRoot) } : place;
  if (key === TYPE_KEY && name !== '__typename') throw badUserInput(TYPE_KEY, 'RESERVED_NAME');
  at.place.keys.add(key);
  if (name.startsWith('__')) return [field];
  const verdicts = field.possible.map((object) => ({ object, refusal: refusalOf(pruning, field, object, at) }));
  for (const { object, refusal } of verdicts) {
    if (!refusal) continue;
    noteRefusal(pruning, { path: [...at.path, key], ...refusal });
    markNull(at.place, key, at.isAbstract ? object.name : null);
    // What is missing below is told at once, though nothing of it is asked for.
    pruneBelow(pruning, askedOf(field, object), {
      ...at,
      place: openPlace(),
      isRoot: false,
      root: openRoot(),
      told: openToldPlace(),
      row: null,
    });
  }
  const shown = verdicts.filter(({ refusal }) => refusal === null).map(({ object }) => object);
  // Where some of the types it can stand for show the field and others do not, it is asked of those that do.
  const left = shown.length === verdicts.length ? [field] : shown.map((object) => askedOf(field, object));
  return left.flatMap((each) => {
    const pruned = pruneBelow(pruning, each, at);
    if (!pruned) return [];
    for (const object of each.possible) noteTold(pruning, each, object, at);
    return [pruned];
  });
}

/** The field as it is asked of one of its objects alone. */
function askedOf(field: AskedField, object: GraphQLObjectType): AskedField {
  return { ...field, parent: object, declared: object.getFields()[field.name] ?? field.declared, possible: [object] };
}

/** The field with what is left below it; null for a root field under which nothing is left. */
function pruneBelow(pruning: Pruning, field: AskedField, at: AnswerPlace): AskedField | null {
  const { key, below } = field;
  if (!below) return field;
  const place = at.place.below.get(key) ?? openPlace();
  at.place.below.set(key, place);
  const told = (at.isRoot ? at.root.top : at.told).below.getOrInsertComputed(key, openToldPlace);
  told.isRow ||= below.possible.some(({ name }) => pruning.facts.resourceOfType(name) !== null);
  told.isMixed ||= below.possible.length > 1;
  const refusedBefore = pruning.refused.size;
  const fields = pruneSelection(pruning, below, {
    path: [...at.path, key],
    place,
    isRoot: false,
    isAbstract: isAbstractType(below.type),
    needsWhole: isOfList(pruning, field, at) && isShownInPartAlone(pruning, below),
    whose: whoseIsBelow(pruning, field, at.whose),
    root: at.root,
    told,
    row: told.isRow ? { place: told, field: null } : at.row && { place: at.row.place, field: at.row.field ?? key },
  });
  const isEmpty = fields.length === 0;
  if (isEmpty && at.isRoot && pruning.refused.size > refusedBefore && !isNonNullType(field.declared.type)) {
    markNull(at.place, key, null);
    at.place.below.delete(key);
    return null;
  }
  // Nulls that depend on the type need to be told it; and a selection of nothing still tells that there is an object.
  if (isEmpty || place.nullsByType.size > 0) {
    place.isTold = true;
    fields.push(typenameOf(below));
  }
  return { ...field, below: { ...below, fields } };
}

function typenameOf({ type, possible }: Selection): AskedField {
  const node = typenameAs(TYPE_KEY);
  return {
    ...{ key: TYPE_KEY, name: TypeNameMetaFieldDef.name, node, parent: type, declared: TypeNameMetaFieldDef },
    ...{ possible, conditions: [], below: null },
  };
}

/** Of an object of several types what holds for all of them. */
function whoseIsBelow({ facts, access }: Pruning, { possible, name }: AskedField, whose: Whose): Whose {
  const each = new Set(possible.map((object) => whoseBelow(facts, access, { type: object.name, field: name }, whose)));
  const [only = 'ANYBODYS'] = each;
  return each.size === 1 ? only : 'ANYBODYS';
}

/** Whether the rows of a list are chosen below the field: at the root, and through its pages down to the rows themselves. */
function isOfList({ facts }: Pruning, { parent, name }: AskedField, at: AnswerPlace): boolean {
  const access = facts.ofField(parent.name, name);
  return at.isRoot ? access?.listOf != null : at.needsWhole && access?.item == null;
}

/** Whether nothing of a list's rows is asked for that is seen whole anywhere, but something that is shown in part. */
function isShownInPartAlone(pruning: Pruning, selection: Selection): boolean {
  const seen = [...decisionsOver(pruning, selection)];
  return seen.length > 0 && seen.every(({ visible }) => visible.rows === 'NONE');
}

/** The decisions over the items of a list's rows that are not refused. */
function* decisionsOver(pruning: Pruning, { fields }: Selection): Generator<Decision> {
  const { facts, access, given } = pruning;
  for (const { name, possible, conditions, below } of fields) {
    if (!areMet(conditions, given)) continue;
    const items = possible.filter((object) => facts.ofField(object.name, name)?.item);
    for (const object of items) {
      const decision = access.ofField(object.name, name);
      if (decision.refusal === null) yield decision;
    }
    if (below && items.length < possible.length) yield* decisionsOver(pruning, below);
  }
}

type FoundRefusal = Omit<RefusedField, 'path'>;

function refusalOf(
  pruning: Pruning,
  field: AskedField,
  object: GraphQLObjectType,
  { needsWhole, whose }: AnswerPlace,
): FoundRefusal | null {
  const { access, facts } = pruning;
  const { name } = field;
  // Of a subgraph's own roots, `_entities` is decided by what is asked below it.
  if (name === '_entities') return null;
  const { refusal: shownRefusal, wholeRefusal } = access.ofField(object.name, name);
  // A list opened by an item that is shown in part alone would tell who there is.
  const refusal = (needsWhole ? wholeRefusal : shownRefusal) ?? refusalOfOthers(facts, access, { type: object.name, field: name }, whose);
  const coordinate = `${object.name}.${name}`;
  const isList = facts.ofField(object.name, name)?.listOf != null;
  const own = facts.ofField(object.name, name)?.item;
  const shown = refusal && own ? [{ code: own.code, toVerify: false, refusal }] : [];
  const read = readsOfArguments(pruning, field, object).flatMap(({ code, toVerify }) => {
    const decision = access.ofItem(code);
    // Filtering by an item that is shown in part alone would tell it whole.
    const inOwn = isList ? ownRefusal(decision) : refusalOfOthersRead(facts, access, code);
    const missing = toVerify ? decision.verifyRefusal : (decision.wholeRefusal ?? inOwn);
    return missing ? [{ code, toVerify, refusal: missing }] : [];
  });
  const missing = [...shown, ...read];
  if (refusal) return { coordinate, item: coordinate, refusal, missing };
  const [first] = missing;
  return first ? { coordinate, item: facts.fieldOfItem(first.code) ?? coordinate, refusal: first.refusal, missing } : null;
}

/** What the arguments that are given read. Items that a statistic may group and filter by are read by nobody. */
function readsOfArguments({ facts, given }: Pruning, { name, node, declared }: AskedField, object: GraphQLObjectType): readonly Read[] {
  const isStatistic = facts.isStatistic(object.name, name);
  return (node.arguments ?? []).flatMap((argument) => {
    const input = declared.args.find((each) => each.name === argument.name.value);
    const value: unknown = valueFromASTUntyped(argument.value, { ...given });
    if (!input || value === null || value === undefined) return [];
    const reads = [...facts.readsAt(`${object.name}.${name}(${input.name}:)`), ...readsIn(facts, input.type, value)];
    return reads.filter(({ code }) => !(isStatistic && facts.mayAggregate(code)));
  });
}

function noteTold(pruning: Pruning, field: AskedField, object: GraphQLObjectType, { isRoot, root, row }: AnswerPlace): void {
  const { access, facts } = pruning;
  if (access.standing.caller.kind !== 'department') return;
  const { key, name, node } = field;
  const { item = null, resource = null } = facts.ofField(object.name, name) ?? {};
  const shown: readonly Read[] = item && facts.canBeGranted(item.code) ? [{ code: item.code, toVerify: false }] : [];
  const read = readsOfArguments(pruning, field, object).filter(({ code }) => facts.canBeGranted(code));
  const told = [...shown, ...read];
  if (told.length === 0) return;
  if (!row) noteSought(root, told);
  else if (resource !== null && leadsToRowsOf(resource, pruning, field, object)) noteEdge(row.place, key, told);
  else noteAtRow(row.place, row.field ?? key, told);
  if (isRoot && read.length > 0) root.keys.push(...(node.arguments ?? []).map(({ value }) => value));
}

/** Whether the records of a resource stand at the end of a field, and not where it begins. */
function leadsToRowsOf(resource: string, { facts }: Pruning, { below }: AskedField, object: GraphQLObjectType): boolean {
  if (!below || facts.resourceOfType(object.name) === resource) return false;
  return below.possible.some(({ name }) => facts.resourceOfType(name) === resource);
}

/** A search in nothing but the caller's own rows would find none, as if there were none. */
function ownRefusal({ visible }: Decision): Refusal | null {
  return isOwnAlone(visible) ? { code: 'ITEM_NOT_SHARED', missing: 'NOTHING_HELPS' } : null;
}

function noteRefusal(pruning: Pruning, refused: RefusedField): void {
  const name = `${refused.path.join('.')} ${refused.item}`;
  if (!pruning.refused.has(name)) pruning.refused.set(name, refused);
}

function markNull(place: NullPlace, key: string, type: string | null): void {
  if (type === null) {
    place.nulls.add(key);
    return;
  }
  const keys = place.nullsByType.get(type) ?? new Set();
  keys.add(key);
  place.nullsByType.set(type, keys);
}
