import {
  type DirectiveNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isSpecifiedScalarType,
  Kind,
  type SelectionSetNode,
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

/** `@include` or `@skip` by a variable. */
type Condition = Readonly<{ variable: string; wants: boolean }>;
type Asked = Readonly<{ set: SelectionSetNode; when: readonly Condition[] }>;
type Reading = Readonly<{ schema: GraphQLSchema; fragments: ReadonlyMap<string, SelectionSetNode> }>;

/** One object of an answer: what is asked of it, by the type that it turns out to be. */
export class ObjectShape {
  readonly type: GraphQLCompositeType;
  readonly #reading: Reading;
  readonly #asked: readonly Asked[];
  readonly #byType = new Map<string, Fields>();
  #any: Fields | undefined;

  constructor(reading: Reading, type: GraphQLCompositeType, asked: readonly Asked[]) {
    this.type = type;
    this.#reading = reading;
    this.#asked = asked;
  }

  /** What is asked of an object of this type; null where none of it can stand here. */
  fieldsOf(typeName: string): Fields | null {
    const known = this.#byType.get(typeName);
    if (known) return known;
    const { schema } = this.#reading;
    const type = schema.getType(typeName);
    if (!isObjectType(type) || !(type === this.type || (isAbstractType(this.type) && schema.isSubType(this.type, type)))) return null;
    const fields = collectFields(this.#reading, this.#asked, { parent: type, runtime: type });
    this.#byType.set(typeName, fields);
    return fields;
  }

  /** What may be asked of it, whatever its type; of a fragment's fields none has to be there. */
  anyOf(): Fields {
    this.#any ??= isObjectType(this.type)
      ? (this.fieldsOf(this.type.name) ?? NONE)
      : collectFields(this.#reading, this.#asked, { parent: this.type, runtime: null });
    return this.#any;
  }
}

const NONE: Fields = { list: [], byName: new Map(), typenames: [] };

/** `runtime` null: it is not known what the object is. `isSure`: the fragments around apply. */
type At = Readonly<{ parent: GraphQLCompositeType; runtime: GraphQLObjectType | null; isSure?: boolean }>;
type Found = Readonly<{
  coordinates: Set<string>;
  asked: Asked[];
  when: (readonly Condition[])[];
  type: GraphQLOutputType | undefined;
  isShown: boolean;
  isTypename: boolean;
}>;

function collectFields(reading: Reading, asked: readonly Asked[], at: At): Fields {
  const found = new Map<string, Found>();
  for (const { set, when } of asked) collect(reading, set, { ...at, isSure: true }, when, found);
  const list = [...found].map(([name, field]): FieldShape => {
    const named = field.type && getNamedType(field.type);
    return {
      name,
      coordinates: [...field.coordinates],
      isShown: field.isShown,
      isInherited: name in Object.prototype,
      isNeverNull: isNonNullType(field.type) && isLeafType(field.type.ofType),
      lists: listsOf(field.type),
      leaf: !named || isEnumType(named) || isSpecifiedScalarType(named) || isCompositeType(named) ? 'leaf' : 'anything',
      below: isCompositeType(named) && field.asked.length > 0 ? new ObjectShape(reading, named, field.asked) : null,
      required: field.when.length > 0 && (field.when.some((each) => each.length === 0) || field.when),
    };
  });
  const typenames = [...found].flatMap(([name, { isTypename }]) => (isTypename ? [name] : []));
  return { list, byName: new Map(list.map((field) => [field.name, field])), typenames };
}

function collect(reading: Reading, set: SelectionSetNode, at: At, when: readonly Condition[], found: Map<string, Found>): void {
  for (const selection of set.selections) {
    const conditions = conditionsOf(selection.directives);
    if (conditions === null) continue;
    const under = conditions.length === 0 ? when : [...when, ...conditions];
    if (selection.kind !== Kind.FIELD) {
      const inner = selection.kind === Kind.INLINE_FRAGMENT ? selection.selectionSet : reading.fragments.get(selection.name.value);
      const condition = selection.kind === Kind.INLINE_FRAGMENT ? selection.typeCondition?.name.value : undefined;
      const place = inner && atFragment(reading.schema, condition, at);
      if (place) collect(reading, inner, place, under, found);
      continue;
    }
    const name = selection.name.value;
    const isTypename = name === '__typename';
    const definition = isObjectType(at.parent) || isInterfaceType(at.parent) ? at.parent.getFields()[name] : undefined;
    const isShown = !isTypename && !definition?.astNode?.directives?.some((each) => each.name.value === 'inaccessible');
    const field = found.getOrInsertComputed(selection.alias?.value ?? name, () => ({
      ...{ coordinates: new Set<string>(), asked: [], when: [], type: definition?.type, isShown, isTypename },
    }));
    field.coordinates.add(`${at.parent.name}.${name}`);
    if (at.isSure) field.when.push(under);
    if (selection.selectionSet) field.asked.push({ set: selection.selectionSet, when: under });
  }
}

/** Where the fields of a fragment stand; null where it is for other types than the object's. Named fragments of plans stand where they fit. */
function atFragment(schema: GraphQLSchema, condition: string | undefined, at: At): At | null {
  const type = condition === undefined ? at.parent : schema.getType(condition);
  if (!isCompositeType(type)) return null;
  if (at.runtime)
    return type === at.runtime || (isAbstractType(type) && schema.isSubType(type, at.runtime)) ? { ...at, parent: at.runtime } : null;
  const isWider = type === at.parent || (isAbstractType(type) && isInterfaceType(at.parent) && schema.isSubType(type, at.parent));
  return { ...at, parent: type, isSure: at.isSure === true && isWider };
}

/** Conditions by variables; null where it is not asked for at all. */
function conditionsOf(directives: readonly DirectiveNode[] = []): readonly Condition[] | null {
  const conditions: Condition[] = [];
  for (const { name, arguments: given } of directives) {
    const value = given?.find((each) => each.name.value === 'if')?.value;
    if (!value || (name.value !== 'include' && name.value !== 'skip')) continue;
    const wants = name.value === 'include';
    if (value.kind === Kind.VARIABLE) conditions.push({ variable: value.name.value, wants });
    else if (value.kind === Kind.BOOLEAN && value.value !== wants) return null;
  }
  return conditions;
}

function listsOf(type: GraphQLOutputType | undefined): number {
  let lists = 0;
  let inner = type && getNullableType(type);
  while (isListType(inner)) {
    lists += 1;
    // A list of output types holds output types; graphql's types do not carry that along.
    inner = getNullableType(inner.ofType as GraphQLOutputType);
  }
  return lists;
}
