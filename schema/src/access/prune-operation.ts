import {
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { badUserInput } from '../error-codes.ts';
import type { AccessFacts, Read } from './access-facts.ts';
import type { AccessSet } from './access-set.ts';
import type { Decision, Refusal } from './decide.ts';
import { isIncluded, type Variables } from './included-selections.ts';
import { refusalOfOthers, refusalOfOthersRead, type Whose, whoseBelow } from './others-rows.ts';
import { type NullPlace, openPlace, TYPE_KEY, trimPlaces } from './put-back-nulls.ts';
import { isOwnAlone } from './row-condition.ts';
import { noteAtRow, noteEdge, noteSought, openRoot, openToldPlace, type ToldPlace, type ToldRoot, trimRoot } from './told-rows.ts';

/** One refused item: where it was asked for, as response names without places in lists, and the coordinate whose item is missing. */
export type RefusedField = Readonly<{
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
  /** What may be executed; the very document that came in where nothing is refused, null where nothing is left. */
  document: DocumentNode | null;
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
  schema: GraphQLSchema;
  facts: AccessFacts;
  access: AccessSet;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  /** As sent; a variable that is missing has its default. */
  variables: Variables;
}>;

/**
 * Takes out of a valid operation what its caller may not see, before anything is planned or executed: fields whose item is refused, fields
 * whose arguments read an item that is refused, and roots under which nothing is left. Fragments are followed, a field of an interface
 * or union is decided for each type it can stand for. Pure; `makePruner` keeps its answers.
 */
export function pruneOperation(question: OperationToPrune): PrunedOperation {
  const { schema, document, operation } = question;
  const root = schema.getRootType(operation.operation);
  if (!root) return { document, refused: [], told: NOTHING_TOLD, nulls: null };
  const pruning: Pruning = {
    ...question,
    fragments: new Map(
      document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [])),
    ),
    refused: new Map(),
    told: new Map(),
  };
  const nulls = openPlace();
  const selections = pruneSelections(pruning, operation.selectionSet, root, {
    path: [],
    place: nulls,
    isRoot: true,
    isAbstract: false,
    needsWhole: false,
    possible: [root],
    whose: 'ANYBODYS',
    root: openRoot(),
    told: openToldPlace(),
    row: null,
  });
  for (const [key, each] of pruning.told) if (!trimRoot(each)) pruning.told.delete(key);
  const { told } = pruning;
  const refused = [...pruning.refused.values()];
  if (refused.length === 0) return { document, refused, told, nulls: null };
  trimPlaces(nulls);
  if (selections.length === 0) return { document: null, refused, told, nulls };
  const pruned: OperationDefinitionNode = { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections } };
  return { document: { kind: Kind.DOCUMENT, definitions: [pruned] }, refused, told, nulls };
}

type Pruning = OperationToPrune &
  Readonly<{ fragments: ReadonlyMap<string, Fragment>; refused: Map<string, RefusedField>; told: Map<string, ToldRoot> }>;
type Fragment = Readonly<{ typeCondition: Readonly<{ name: Readonly<{ value: string }> }>; selectionSet: SelectionSetNode }>;
/**
 * Where in the answer the selections stand, and what the object there can be: `isAbstract` by the field that leads there. `needsWhole`: it is
 * a list that an item shown in part would open.
 */
type Place = Readonly<{
  path: readonly string[];
  place: NullPlace;
  isRoot: boolean;
  isAbstract: boolean;
  needsWhole: boolean;
  possible: readonly GraphQLObjectType[];
  /** Whose row it is, for whoever sees own rows alone. */
  whose: Whose;
  /** The root field that leads there, and what is told there: of the row that it is in, by which of the row's fields; null outside of rows. */
  root: ToldRoot;
  told: ToldPlace;
  row: Readonly<{ place: ToldPlace; field: string | null }> | null;
}>;

const NOTHING_TOLD: PrunedOperation['told'] = new Map();

function pruneSelections(pruning: Pruning, set: SelectionSetNode, type: GraphQLCompositeType, at: Place): SelectionNode[] {
  return set.selections.flatMap((selection): SelectionNode[] => {
    if (!isIncluded(selection, pruning.variables)) return [];
    if (selection.kind === Kind.FIELD) return pruneField(pruning, selection, type, at);
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : pruning.fragments.get(selection.name.value);
    if (!fragment) return [];
    const named = fragment.typeCondition?.name.value;
    const condition = named === undefined ? type : pruning.schema.getType(named);
    if (!isCompositeType(condition)) return [];
    const meant = objectsOf(pruning.schema, condition);
    const possible = at.possible.filter((object) => meant.includes(object));
    if (possible.length === 0) return [];
    const selections = pruneSelections(pruning, fragment.selectionSet, condition, { ...at, possible });
    if (selections.length === 0) return [];
    return [inlineFragment(named, selections, selection.directives)];
  });
}

function pruneField(pruning: Pruning, field: FieldNode, type: GraphQLCompositeType, place: Place): SelectionNode[] {
  const name = field.name.value;
  const key = (field.alias ?? field.name).value;
  const at = place.isRoot ? { ...place, root: pruning.told.getOrInsertComputed(key, openRoot) } : place;
  if (key === TYPE_KEY && name !== '__typename') throw badUserInput(TYPE_KEY, 'RESERVED_NAME');
  at.place.keys.add(key);
  if (name.startsWith('__')) return [field];
  const verdicts = at.possible.map((object) => ({ object, refusal: refusalOf(pruning, field, object, at) }));
  for (const { object, refusal } of verdicts) {
    if (!refusal) continue;
    noteRefusal(pruning, { path: [...at.path, key], ...refusal });
    markNull(at.place, key, at.isAbstract ? object.name : null);
    // What is missing below is told at once, though nothing of it is asked for.
    pruneBelow(pruning, field, object, { ...at, place: openPlace(), isRoot: false, root: openRoot(), told: openToldPlace(), row: null });
  }
  const shown = verdicts.filter(({ refusal }) => refusal === null).map(({ object }) => object);
  if (shown.length === verdicts.length) {
    const pruned = pruneBelow(pruning, field, type, at);
    if (!pruned) return [];
    for (const object of shown) noteTold(pruning, field, object, at);
    return [pruned];
  }
  // Some of the types it can stand for show the field, others do not: it is asked of those that do.
  return shown.flatMap((object) => {
    const pruned = pruneBelow(pruning, field, object, at);
    if (!pruned) return [];
    noteTold(pruning, field, object, at);
    return [inlineFragment(object.name, [pruned], [])];
  });
}

/** The field with what is left below it; null for a root field under which nothing is left. */
function pruneBelow(pruning: Pruning, field: FieldNode, type: GraphQLCompositeType, at: Place): FieldNode | null {
  if (!field.selectionSet) return field;
  const declared = fieldOf(type, field.name.value);
  const below = declared && getNamedType(declared.type);
  if (!isCompositeType(below)) return field;
  const key = (field.alias ?? field.name).value;
  const place = at.place.below.get(key) ?? openPlace();
  at.place.below.set(key, place);
  const possible = objectsOf(pruning.schema, below);
  const told = (at.isRoot ? at.root.top : at.told).below.getOrInsertComputed(key, openToldPlace);
  told.isRow ||= possible.some(({ name }) => pruning.facts.resourceOfType(name) !== null);
  told.isMixed ||= possible.length > 1;
  const refusedBefore = pruning.refused.size;
  const selections = pruneSelections(pruning, field.selectionSet, below, {
    path: [...at.path, key],
    place,
    isRoot: false,
    isAbstract: isAbstractType(below),
    needsWhole: isOfList(pruning, field, type, at) && isShownInPartAlone(pruning, field.selectionSet, objectsOf(pruning.schema, below)),
    possible,
    whose: whoseIsBelow(pruning, field, isObjectType(type) ? [type] : at.possible, at.whose),
    root: at.root,
    told,
    row: told.isRow ? { place: told, field: null } : at.row && { place: at.row.place, field: at.row.field ?? key },
  });
  const isEmpty = selections.length === 0;
  if (isEmpty && at.isRoot && pruning.refused.size > refusedBefore && declared && !isNonNullType(declared.type)) {
    markNull(at.place, key, null);
    at.place.below.delete(key);
    return null;
  }
  // Nulls that depend on the type need to be told it; and a selection of nothing still tells that there is an object.
  if (isEmpty || place.nullsByType.size > 0) {
    place.isTold = true;
    selections.push(typenameAs(TYPE_KEY));
  }
  return { ...field, selectionSet: { kind: Kind.SELECTION_SET, selections } };
}

/** Of an object of several types what holds for all of them. */
function whoseIsBelow({ facts, access }: Pruning, field: FieldNode, objects: readonly GraphQLObjectType[], whose: Whose): Whose {
  const each = new Set(objects.map(({ name }) => whoseBelow(facts, access, { type: name, field: field.name.value }, whose)));
  const [only = 'ANYBODYS'] = each;
  return each.size === 1 ? only : 'ANYBODYS';
}

/** Whether the rows of a list are chosen below the field: at the root, and through its pages down to the rows themselves. */
function isOfList({ facts }: Pruning, field: FieldNode, type: GraphQLCompositeType, at: Place): boolean {
  const access = facts.ofField(type.name, field.name.value);
  return at.isRoot ? access?.listOf != null : at.needsWhole && access?.item == null;
}

/** Whether nothing of a list's rows is asked for that is seen whole anywhere, but something that is shown in part. */
function isShownInPartAlone(pruning: Pruning, set: SelectionSetNode, possible: readonly GraphQLObjectType[]): boolean {
  const seen = [...decisionsOver(pruning, set, possible)];
  return seen.length > 0 && seen.every(({ visible }) => visible.rows === 'NONE');
}

/** The decisions over the items of a list's rows that are not refused. */
function* decisionsOver(pruning: Pruning, set: SelectionSetNode, possible: readonly GraphQLObjectType[]): Generator<Decision> {
  const { schema, facts, access, variables, fragments } = pruning;
  for (const selection of set.selections) {
    if (!isIncluded(selection, variables)) continue;
    if (selection.kind === Kind.FIELD) {
      for (const object of possible) {
        const name = selection.name.value;
        const decision = access.ofField(object.name, name);
        const below = object.getFields()[name];
        const type = below && getNamedType(below.type);
        if (facts.ofField(object.name, name)?.item) {
          if (decision.refusal === null) yield decision;
        } else if (selection.selectionSet && isCompositeType(type)) {
          yield* decisionsOver(pruning, selection.selectionSet, objectsOf(schema, type));
        }
      }
      continue;
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments.get(selection.name.value);
    const condition = fragment?.typeCondition && schema.getType(fragment.typeCondition.name.value);
    const meant = isCompositeType(condition) ? objectsOf(schema, condition) : possible;
    if (fragment) {
      yield* decisionsOver(
        pruning,
        fragment.selectionSet,
        possible.filter((object) => meant.includes(object)),
      );
    }
  }
}

type FoundRefusal = Omit<RefusedField, 'path'>;

function refusalOf(pruning: Pruning, field: FieldNode, object: GraphQLObjectType, { needsWhole, whose }: Place): FoundRefusal | null {
  const { access, facts } = pruning;
  const name = field.name.value;
  const declared = object.getFields()[name];
  if (!declared) return null;
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
function readsOfArguments({ facts, variables }: Pruning, field: FieldNode, object: GraphQLObjectType): readonly Read[] {
  const name = field.name.value;
  const isStatistic = facts.isStatistic(object.name, name);
  return (field.arguments ?? []).flatMap((argument) => {
    const input = object.getFields()[name]?.args.find((each) => each.name === argument.name.value);
    const value: unknown = valueFromASTUntyped(argument.value, { ...variables });
    if (!input || value === null || value === undefined) return [];
    const reads = [...facts.readsAt(`${object.name}.${name}(${input.name}:)`), ...readsIn(facts, input.type, value)];
    return reads.filter(({ code }) => !(isStatistic && facts.mayAggregate(code)));
  });
}

function noteTold(pruning: Pruning, field: FieldNode, object: GraphQLObjectType, { isRoot, root, row }: Place): void {
  const { access, facts } = pruning;
  if (access.standing.caller.kind !== 'department') return;
  const { item = null, resource = null } = facts.ofField(object.name, field.name.value) ?? {};
  const shown: readonly Read[] = item && facts.canBeGranted(item.code) ? [{ code: item.code, toVerify: false }] : [];
  const read = readsOfArguments(pruning, field, object).filter(({ code }) => facts.canBeGranted(code));
  const told = [...shown, ...read];
  if (told.length === 0) return;
  const key = (field.alias ?? field.name).value;
  if (!row) noteSought(root, told);
  else if (resource !== null && leadsToRowsOf(resource, pruning, field, object)) noteEdge(row.place, key, told);
  else noteAtRow(row.place, row.field ?? key, told);
  if (isRoot && read.length > 0) root.keys.push(...(field.arguments ?? []).map(({ value }) => value));
}

/** Whether the records of a resource stand at the end of a field, and not where it begins. */
function leadsToRowsOf(resource: string, { schema, facts }: Pruning, field: FieldNode, object: GraphQLObjectType): boolean {
  const declared = object.getFields()[field.name.value];
  const below = declared && getNamedType(declared.type);
  if (!isCompositeType(below) || facts.resourceOfType(object.name) === resource) return false;
  return objectsOf(schema, below).some(({ name }) => facts.resourceOfType(name) === resource);
}

/** A search in nothing but the caller's own rows would find none, as if there were none. */
function ownRefusal({ visible }: Decision): Refusal | null {
  return isOwnAlone(visible) ? { code: 'ITEM_NOT_SHARED', missing: 'NOTHING_HELPS' } : null;
}

/**
 * What a given value reads by its fields and by values of enums. It is followed as deep as its type is: what does not fit its type is
 * refused by whoever executes, and reads nothing.
 */
export function readsIn(facts: AccessFacts, type: GraphQLInputType, value: unknown): readonly Read[] {
  if (value === null || value === undefined || !facts.canRead(getNamedType(type).name)) return [];
  const nullable = getNullableType(type);
  // One value where a list is expected is a list of it.
  if (isListType(nullable)) return [value].flat().flatMap((each) => readsIn(facts, nullable.ofType, each));
  if (isEnumType(nullable)) return readsOfValue(facts, nullable, value);
  if (isInputObjectType(nullable) && typeof value === 'object') return readsOfObject(facts, nullable, { ...value });
  return [];
}

function readsOfValue(facts: AccessFacts, type: GraphQLEnumType, value: unknown): readonly Read[] {
  return typeof value === 'string' ? facts.readsAt(`${type.name}.${value}`) : [];
}

function readsOfObject(facts: AccessFacts, type: GraphQLInputObjectType, value: Readonly<Record<string, unknown>>) {
  return Object.values(type.getFields()).flatMap((input) => {
    const given = Object.hasOwn(value, input.name) ? value[input.name] : undefined;
    if (given === null || given === undefined) return [];
    return [...facts.readsAt(`${type.name}.${input.name}`), ...readsIn(facts, input.type, given)];
  });
}

function objectsOf(schema: GraphQLSchema, type: GraphQLCompositeType): readonly GraphQLObjectType[] {
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
}

function fieldOf(type: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
  return 'getFields' in type ? type.getFields()[name] : undefined;
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

function inlineFragment(
  type: string | undefined,
  selections: readonly SelectionNode[],
  directives: SelectionNode['directives'],
): SelectionNode {
  return {
    kind: Kind.INLINE_FRAGMENT,
    ...(type !== undefined && { typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } } }),
    directives: directives ?? [],
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
}

function typenameAs(alias: string): FieldNode {
  return { kind: Kind.FIELD, alias: { kind: Kind.NAME, value: alias }, name: { kind: Kind.NAME, value: '__typename' } };
}
