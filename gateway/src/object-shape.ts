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
