import type { AskedField, Condition, Selection } from '@longyuan/operation/selection.ts';
import {
  type GraphQLCompositeType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';

/** The fields that an object of an answer has, by response name and in the order asked. */
export type Fields = Readonly<{
  list: readonly FieldShape[];
  byName: ReadonlyMap<string, FieldShape>;
  /** Response names of `__typename`. */
  typenames: readonly string[];
}>;

/** What a field of an answer must look like. */
export type FieldShape = Readonly<{
  /** Its response name. */
  name: string;
  /** Schema coordinates of what it may be. */
  coordinates: readonly string[];
  /** Whether callers know it: no key of the hub's own, and no name of GraphQL's. */
  isShown: boolean;
  /** Whether every object of JavaScript has something of this name. */
  isInherited: boolean;
  /** Whether it is one value that is never null. */
  isNeverNull: boolean;
  /** How many lists deep. */
  lists: number;
  /** Of what, where it is no object: the built-in scalars and enums are never objects or lists, one of our own (GeoJSON) may be anything. */
  leaf: 'leaf' | 'anything';
  /** The object; null where it is none. */
  below: ObjectShape | null;
  /** Whether it must be there: always, never, or where all conditions of one of these hold. */
  required: boolean | readonly (readonly Condition[])[];
}>;

/** What is asked of an object in one place, under conditions that the field above stands under. */
type Asked = Readonly<{ selection: Selection; when: readonly Condition[] }>;

/** One object of an answer: what is asked of it, by the type that it turns out to be. */
export class ObjectShape {
  readonly type: GraphQLCompositeType;
  readonly #asked: readonly Asked[];
  readonly #byType = new Map<string, Fields>();
  #any: Fields | undefined;

  /** @param asked of one object: selections of one type, one at least. */
  constructor(type: GraphQLCompositeType, asked: readonly Asked[]) {
    this.type = type;
    this.#asked = asked;
  }

  /** What is asked of an object of this type; null where none of it can stand here. */
  fieldsOf(typeName: string): Fields | null {
    const known = this.#byType.get(typeName);
    if (known) return known;
    const isPossible = this.#asked.some(({ selection }) => selection.possible.some(({ name }) => name === typeName));
    if (!isPossible) return null;
    const fields = collectFields(this.#asked, typeName);
    this.#byType.set(typeName, fields);
    return fields;
  }

  /** What may be asked of it, whatever its type; of what is asked of some types alone none has to be there. */
  anyOf(): Fields {
    this.#any ??= isObjectType(this.type) ? (this.fieldsOf(this.type.name) ?? NONE) : collectFields(this.#asked, null);
    return this.#any;
  }
}

const NONE: Fields = { list: [], byName: new Map(), typenames: [] };

type Found = Readonly<{
  coordinates: Set<string>;
  asked: Asked[];
  when: (readonly Condition[])[];
  type: GraphQLOutputType;
  isShown: boolean;
  isTypename: boolean;
}>;

/** `typeName` null: it is not known what the object is. */
function collectFields(asked: readonly Asked[], typeName: string | null): Fields {
  const found = new Map<string, Found>();
  for (const { selection, when } of asked) {
    for (const field of selection.fields) {
      if (typeName !== null && !field.possible.some(({ name }) => name === typeName)) continue;
      const isSure = typeName !== null || field.possible.length === selection.possible.length;
      note(field, [...when, ...field.conditions], { isSure, on: typeName ?? field.parent.name }, found);
    }
  }
  const list = [...found].map(([name, field]): FieldShape => {
    const named = getNamedType(field.type);
    return {
      name,
      coordinates: [...field.coordinates],
      isShown: field.isShown,
      isInherited: name in Object.prototype,
      isNeverNull: isNonNullType(field.type) && isLeafType(field.type.ofType),
      lists: listsOf(field.type),
      leaf: isEnumType(named) || isSpecifiedScalarType(named) || isCompositeType(named) ? 'leaf' : 'anything',
      below: isCompositeType(named) && field.asked.length > 0 ? new ObjectShape(named, field.asked) : null,
      required: field.when.length > 0 && (field.when.some((each) => each.length === 0) || field.when),
    };
  });
  const typenames = [...found].flatMap(([name, { isTypename }]) => (isTypename ? [name] : []));
  return { list, byName: new Map(list.map((field) => [field.name, field])), typenames };
}

function note(
  { key, name, declared, below }: AskedField,
  when: readonly Condition[],
  { isSure, on }: Readonly<{ isSure: boolean; on: string }>,
  found: Map<string, Found>,
): void {
  const isTypename = name === '__typename';
  const isShown = !isTypename && !declared.astNode?.directives?.some((each) => each.name.value === 'inaccessible');
  const field = found.getOrInsertComputed(key, () => ({
    ...{ coordinates: new Set<string>(), asked: [], when: [], type: declared.type, isShown, isTypename },
  }));
  field.coordinates.add(`${on}.${name}`);
  if (isSure) field.when.push(when);
  if (below) field.asked.push({ selection: below, when });
}

function listsOf(type: GraphQLOutputType): number {
  let lists = 0;
  let inner = getNullableType(type);
  while (isListType(inner)) {
    lists += 1;
    // A list of output types holds output types; graphql's types do not carry that along.
    inner = getNullableType(inner.ofType as GraphQLOutputType);
  }
  return lists;
}

/** Where something stands in the data of a fetch, and in the answer: indices of lists, or `@` for all of one. */
export type Path = readonly (string | number)[];

/** How many values the data hold, nulls included, and what of them was asked for and is not there. */
export type Held = Readonly<{ values: number; missing: readonly MissingField[] }>;

/** A field that was asked for and is not there. `coordinates`: what it may be; `path`: once, or with `@` where it is so more than once. */
type MissingField = Readonly<{ path: Path; coordinates: readonly string[] }>;

/** One answer while it is held against its shape. */
type Checking = Readonly<{
  variables: Readonly<Record<string, unknown>>;
  path: (string | number)[];
  missing: Map<FieldShape, { path: Path; isOne: boolean }>;
}>;

/**
 * Holds the data of a fetch against what was asked: takes out what was not, notes what was and is not there, and counts.
 * Null where the data have another shape. It is done in place, and costs a row that is as it should be no allocation.
 */
export function checkData(data: Record<string, unknown>, root: ObjectShape, variables: Readonly<Record<string, unknown>>): Held | null {
  const checking: Checking = { variables, path: [], missing: new Map() };
  const values = checkFields(data, root.anyOf(), checking);
  return values === null
    ? null
    : { values, missing: [...checking.missing].map(([field, { path, isOne }]) => missingAt(field, path, isOne)) };
}

/** Each counts as one, a list or an object one more than what is in it, and what a scalar of our own holds as one. */
function checkFields(object: Record<string, unknown>, fields: Fields, checking: Checking): number | null {
  let values = 0;
  let found = 0;
  for (const field of fields.list) {
    const value = valueAt(object, field);
    if (value === undefined) {
      if (!isRequired(field, checking.variables)) continue;
      // It reads as null in the answer. Put there, it would be a key, or a type, that is null.
      noteMissing(field, checking);
      continue;
    }
    found += 1;
    if (field.below === null && field.lists === 0) {
      if (typeof value === 'object' && value !== null && field.leaf === 'leaf') return null;
      values += 1;
      continue;
    }
    checking.path.push(field.name);
    const within = field.name === '_entities' ? checkEntities(value, field, checking) : checkField(value, field, field.lists, checking);
    checking.path.pop();
    if (within === null) return null;
    values += within;
  }
  let members = 0;
  for (const _name in object) members += 1;
  if (members > found) for (const name of Object.keys(object)) if (!fields.byName.has(name)) delete object[name];
  return values;
}

/** The value of a field; undefined where there is none. */
function valueAt(object: Record<string, unknown>, { name, isNeverNull, isInherited }: FieldShape): unknown {
  if (isInherited && !Object.hasOwn(object, name)) return undefined;
  const value = object[name];
  if (value !== null || !isNeverNull) return value;
  // A null that is promised never to be one is no value either: as a key it would be sent on.
  delete object[name];
  return undefined;
}

function checkField(value: unknown, field: FieldShape, lists: number, checking: Checking): number | null {
  if (value === null) return 1;
  if (lists > 0) {
    if (!Array.isArray(value)) return null;
    let values = 1;
    for (let place = 0; place < value.length; place += 1) {
      checking.path.push(place);
      const within = checkField(value[place], field, lists - 1, checking);
      checking.path.pop();
      if (within === null) return null;
      values += within;
    }
    return values;
  }
  if (field.below === null) return field.leaf === 'leaf' && typeof value === 'object' ? null : 1;
  return isRecord(value) ? checkObject(value, field.below, checking) : null;
}

/** `expected`: the type that it must be, where that is known beforehand. */
function checkObject(object: Record<string, unknown>, shape: ObjectShape, checking: Checking, expected?: string): number | null {
  const any = shape.anyOf();
  const type = expected ?? (isObjectType(shape.type) ? shape.type.name : typeTold(object, any));
  const fields = type === undefined ? any : shape.fieldsOf(type);
  if (!fields) return null;
  for (const name of fields.typenames) if (Object.hasOwn(object, name) && object[name] !== type) return null;
  const within = checkFields(object, fields, checking);
  return within === null ? null : within + 1;
}

/** The type that an object says it is; undefined where it was not asked, or does not say. */
function typeTold(object: Readonly<Record<string, unknown>>, { typenames }: Fields): string | undefined {
  const told = typenames.map((name) => object[name]).find((each) => typeof each === 'string');
  // The find leaves nothing else.
  return told as string | undefined;
}

/** An entity is what was asked for: one for each representation, of its type, or null. */
function checkEntities(value: unknown, field: FieldShape, checking: Checking): number | null {
  const { representations } = checking.variables;
  if (!Array.isArray(value) || !Array.isArray(representations) || value.length !== representations.length) return null;
  let values = 1;
  for (let place = 0; place < value.length; place += 1) {
    const entity: unknown = value[place];
    checking.path.push(place);
    const within =
      entity === null
        ? 1
        : isRecord(entity) && field.below
          ? checkObject(entity, field.below, checking, representations[place]?.__typename)
          : null;
    checking.path.pop();
    if (within === null) return null;
    values += within;
  }
  return values;
}

function isRequired({ required }: FieldShape, variables: Readonly<Record<string, unknown>>): boolean {
  if (typeof required === 'boolean') return required;
  return required.some((conditions) => conditions.every(({ variable, wants }) => variables[variable] === wants));
}

function noteMissing(field: FieldShape, { missing, path }: Checking): void {
  const known = missing.get(field);
  if (known) known.isOne = false;
  else missing.set(field, { path: field.isShown ? [...path, field.name] : [...path], isOne: true });
}

function missingAt({ coordinates }: FieldShape, path: Path, isOne: boolean): MissingField {
  if (isOne && path.length > 2) return { path, coordinates };
  const everywhere = isOne ? path : path.map((part) => (typeof part === 'number' ? '@' : part));
  // What is said of all entities stands where the plan put the fetch.
  return { path: everywhere[0] === '_entities' ? everywhere.slice(2) : everywhere, coordinates };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
