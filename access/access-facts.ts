import { isOpenStatistic } from '@longyuan/schema/src/openness.ts';
import { type FieldFacts, type ItemFacts, plainClass, type SharingFacts, type TypeFacts } from '@longyuan/schema/src/sharing-facts.ts';
import {
  type GraphQLEnumType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
} from 'graphql';
import type { ItemToDecide } from './decide.ts';

/**
 * What stands at a field: an item, or nothing that would need a right (structure, a key, a field of a nested type whose way in decides).
 * `listOf` of a root that lists rows its caller does not name (`@lists`): the owners whose developers alone may ask it, empty where it is
 * for anyone; null for every other field.
 */
type FieldAccess = Readonly<{
  item: ItemToDecide | null;
  mask: string | null;
  resource: string | null;
  listOf: readonly string[] | null;
}>;

/** Whom rows can be about: those of a type with a subject that is its own key (`Person`, `LegalEntity`). */
type SubjectKind = 'PERSON' | 'ENTITY';

/**
 * Where a field leads, from a row. `kin`: from within a person's row to one other person. `leadsWithin`: to no other row. `subjectOf`: to rows
 * about the very row it stands at and nobody else, which is of this kind; else null. `isBySubject`: whether the rows of its own item are whose
 * subject they name, and nobody else's.
 */
type Way = Readonly<{ kin: boolean; leadsWithin: boolean; subjectOf: SubjectKind | null; isBySubject: boolean }>;

/** What the decision asks of the SDL, by coordinate (`Type.field`) and by item code. Read once. */
export type AccessFacts = Readonly<{
  /** Undefined for a field that no library declares: nothing is known of it, so nothing is given. */
  ofField: (type: string, field: string) => FieldAccess | undefined;
  /** The item itself, where an argument reads it; undefined for an unknown code. */
  ofItem: (code: string) => ItemToDecide | undefined;
  /** Coordinate of the field that shows the item in its resource; undefined for an unknown code. */
  fieldOfItem: (code: string) => string | undefined;
  /** Coordinates of all fields that are decided over: items are bound to them, or they list rows. */
  decidedFields: readonly string[];
  /** Whether a grant can open the item to a department at all: what every department has needs none, and some of it nobody has. */
  canBeGranted: (code: string) => boolean;
  /** Code of the resource whose records the type's objects are; null where they are none. */
  resourceOfType: (type: string) => string | null;
  itemCodes: readonly string[];
  /** What the rows of the type are; null where they are neither persons nor entities. */
  kindOfSubject: (type: string) => SubjectKind | null;
  /** Of a field that no library declares: nothing that leads anywhere. */
  wayOf: (type: string, field: string) => Way;
  /** Types of whose rows rows elsewhere tell whose own they are. */
  toldTypes: readonly string[];
  /** Coordinates of the fields that stand at such rows, or lead to them. */
  toldFields: readonly string[];
  /** What an argument (`Type.field(name:)`), a field of an input or a value of an enum reads; empty for one that reads nothing. */
  readsAt: (coordinate: string) => readonly Read[];
  /** Whether a value of the input type can read an item at all. */
  canRead: (inputType: string) => boolean;
  /** Whether the field is an open statistic: it may group and filter by items that are for that (`@item(aggregate:)`). */
  isStatistic: (type: string, field: string) => boolean;
  mayAggregate: (code: string) => boolean;
}>;

/** An item that a given value reads: filtering and sorting need the item, comparing (`@reads(verify: true)`) the right to verify it. */
export type Read = Readonly<{ code: string; toVerify: boolean }>;

const NO_ITEM: FieldAccess = Object.freeze({ item: null, mask: null, resource: null, listOf: null });

/** Reads it out of the facts of all libraries (the gateway), or of one (its subgraph). */
export function readAccessFacts(facts: SharingFacts): AccessFacts {
  const resources = new Map(facts.types.flatMap((type) => (type.resource ? [[type.resource.code, type] as const] : [])));
  /** An item on an edge (`Person.licenses`) belongs to the resource where its code is bound otherwise. */
  const resourceOf = (code: string): string | null => {
    for (const field of facts.fieldsOfItem(code)) {
      const [resource] = facts.resourcesOver(field);
      if (resource !== undefined) return resource;
    }
    return null;
  };
  const itemAt = (field: FieldFacts): ItemToDecide | null => {
    const plain = plainClass(field);
    if (!plain) return null;
    const resource = resourceOf(plain.code);
    const type = resource === null ? undefined : resources.get(resource);
    const rows = type?.resource?.rows;
    const [hasSubject, hasDivision] = [Boolean(rows?.subject), Boolean(rows?.division)];
    const toldOf = (rows?.own && type?.name) ?? null;
    const { name: library, uscc: owner } = field.owner.library;
    return { code: plain.code, library, owner, hasSubject, hasDivision, toldOf, classes: field.items };
  };

  const fields = new Map<string, FieldAccess>();
  for (const [coordinate, declared] of Map.groupBy(facts.fields, (field) => field.coordinate)) {
    const bound = declared.find((field) => field.items.length > 0);
    const listOf = readList(declared);
    if (bound) {
      const item = itemAt(bound);
      fields.set(coordinate, { item, mask: plainClass(bound)?.mask ?? null, resource: item && resourceOf(item.code), listOf });
    } else if (declared.every((field) => field.isStructure || field.isKey || facts.isNested(field.owner.name))) {
      fields.set(coordinate, listOf ? { ...NO_ITEM, listOf } : NO_ITEM);
    }
  }
  // An interface says nothing itself where its kinds are items of their own: the types it stands for decide.
  const items = new Map(
    facts.itemCodes().flatMap((code) => {
      const [first] = facts.fieldsOfItem(code).flatMap((field) => itemAt(field) ?? []);
      return first ? [[code, first] as const] : [];
    }),
  );
  const reads = readReads(facts);
  const grantable = new Set([...items.values()].filter(canBeGranted).map(({ code }) => code));
  const records = new Map(facts.types.flatMap(({ name, resource }) => (resource ? [[name, resource.code] as const] : [])));
  const told = new Set(facts.types.flatMap(({ name, resource }) => (resource?.rows?.own ? [name] : [])));
  const leadsToTold = ({ owner, returns }: FieldFacts): boolean => told.has(owner.name) || told.has(returns);
  const statistics = new Set(facts.fields.filter((field) => isOpenStatistic(facts, field)).map((field) => field.coordinate));
  return {
    readsAt: (coordinate) => reads.at.get(coordinate) ?? NOTHING,
    canRead: (inputType) => reads.reading.has(inputType),
    isStatistic: (type, field) => statistics.has(`${type}.${field}`),
    mayAggregate: (code) =>
      facts.fieldsOfItem(code).some((field) => field.items.some((item: ItemFacts) => item.code === code && item.aggregate)),
    ofField: (type, field) => fields.get(`${type}.${field}`),
    ofItem: (code) => items.get(code),
    fieldOfItem: (code) => {
      const bound = facts.fieldsOfItem(code);
      return (bound.find((field) => field.owner.resource !== null) ?? bound[0])?.coordinate;
    },
    decidedFields: [...fields].filter(([, { item, listOf }]) => item !== null || listOf !== null).map(([coordinate]) => coordinate),
    canBeGranted: (code) => grantable.has(code),
    resourceOfType: (type) => records.get(type) ?? null,
    itemCodes: [...items.keys()],
    ...readWays(facts),
    toldTypes: [...told],
    toldFields: [...new Set(facts.fields.filter(leadsToTold).map(({ coordinate }) => coordinate))],
  };
}

const NOTHING: readonly Read[] = [];
const NO_WAY: Way = Object.freeze({ kin: false, leadsWithin: true, subjectOf: null, isBySubject: false });

function readWays(facts: SharingFacts): Pick<AccessFacts, 'kindOfSubject' | 'wayOf'> {
  const homes = new Map(facts.types.flatMap((type) => (type.resource ? [[type.name, type] as const] : [])));
  const kindOfSubject = (type: string): SubjectKind | null => {
    const home = homes.get(type);
    const subject = home?.resource?.rows?.subject;
    if (!home || !subject || !home.keys.includes(subject)) return null;
    return home.library.personKeys ? 'PERSON' : 'ENTITY';
  };
  /** Whether rows of these types are whose subject they name, and nobody else's. */
  const areBySubject = (types: readonly TypeFacts[]): boolean =>
    types.length > 0 &&
    types.every(({ resource }) => {
      const rows = resource?.rows;
      return rows?.subject && rows.representative === null && rows.own === null;
    });
  const typesOfItem = (field: FieldFacts): readonly TypeFacts[] => {
    const codes = field.items.flatMap(({ code }) => facts.fieldsOfItem(code).flatMap((each) => facts.resourcesOver(each)));
    return [...homes.values()].filter(({ resource }) => resource && codes.includes(resource.code));
  };
  const wayOf = (field: FieldFacts): Way => {
    const { owner, returns, node } = field;
    const led = facts.possibleTypes(returns).flatMap((name) => homes.get(name) ?? []);
    const isNested = facts.isNested(owner.name);
    const isList = node.type.kind === 'ListType' || (node.type.kind === 'NonNullType' && node.type.type.kind === 'ListType');
    const isAway = owner.resource === null && kindOfSubject(owner.name) !== null;
    return {
      kin:
        isNested &&
        !isList &&
        kindOfSubject(returns) === 'PERSON' &&
        facts.resourcesOver(field).includes(homes.get(returns)?.resource?.code ?? ''),
      leadsWithin: led.length === 0,
      subjectOf: isAway && areBySubject(led) && led.every(({ name }) => kindOfSubject(name) === null) ? kindOfSubject(owner.name) : null,
      isBySubject: areBySubject(typesOfItem(field)),
    };
  };
  const ways = new Map<string, Way>();
  for (const field of facts.fields) if (!ways.has(field.coordinate)) ways.set(field.coordinate, wayOf(field));
  return { kindOfSubject, wayOf: (type, field) => ways.get(`${type}.${field}`) ?? NO_WAY };
}

function readList(declared: readonly FieldFacts[]): readonly string[] | null {
  const lists = declared.filter(({ lists }) => lists !== null);
  if (lists.length === 0) return null;
  return lists.flatMap(({ lists: reader, owner }) => (reader === 'OWNER' ? [owner.library.uscc] : []));
}

function canBeGranted({ classes }: ItemToDecide): boolean {
  return classes.some(({ when, share, open, verifyOnly }) => when === null && !open && (share === 'CONDITIONAL' || verifyOnly));
}

function readReads(facts: SharingFacts): { at: ReadonlyMap<string, readonly Read[]>; reading: ReadonlySet<string> } {
  const at = new Map<string, Read[]>();
  const add = (coordinate: string, codes: readonly string[], toVerify: boolean): void => {
    const known = at.get(coordinate) ?? [];
    // Libraries that declare the same argument may each say what it reads.
    for (const code of codes) if (!known.some((read) => read.code === code)) known.push({ code, toVerify });
    if (known.length > 0) at.set(coordinate, known);
  };
  for (const field of facts.fields) for (const input of field.arguments) add(input.coordinate, input.reads, input.isVerified);
  for (const type of facts.types) {
    for (const input of type.inputs) add(input.coordinate, input.reads, input.isVerified);
    for (const value of type.values) add(value.coordinate, value.reads, false);
  }
  return { at, reading: readingTypes(facts, at) };
}

/** Input types and enums of which a value can read an item, directly or in what it holds. */
function readingTypes(facts: SharingFacts, at: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const reading = new Set<string>();
  for (let before = -1; before !== reading.size; ) {
    before = reading.size;
    for (const type of facts.types) {
      const reads =
        type.values.some((value) => at.has(value.coordinate)) ||
        type.inputs.some((input) => at.has(input.coordinate) || reading.has(input.takes));
      if (reads) reading.add(type.name);
    }
  }
  return reading;
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
