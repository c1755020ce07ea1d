import { buildSubgraphSchema } from '@apollo/subgraph';
import { coordinatesOf } from '@longyuan/schema/src/access/operation-coordinates.ts';
import { subgraphDocument } from '@longyuan/schema/src/subgraph-document.ts';
import {
  type DocumentNode,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isListType,
  isObjectType,
  isSpecifiedScalarType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { LRUCache } from 'lru-cache';

/** What a field of an answer must look like: how many lists deep, and of what. */
type FieldShape = { readonly lists: number; readonly of: 'leaf' | 'anything' | Shape };
/** The fields an object of an answer may have, by response name. */
type Shape = Map<string, FieldShape>;

/** What one fetch of a plan asks a library for. */
export type FetchShape = Readonly<{
  /** Response names of the fields asked for, below `_entities` where there is one: what is null when the fetch fails. */
  fields: readonly string[];
  /** Schema coordinates of everything it selects, sorted: what its warrant must hold. */
  items: readonly string[];
  /** How many values the data hold, nulls included; null where they have not the shape that the schema promises for this fetch. */
  valuesIn(data: Readonly<Record<string, unknown>>): number | null;
}>;

/** Plans repeat themselves; the bounds only guard against callers who make a new plan with every call. */
const MAX_KEPT = 500;
const MAX_KEPT_BYTES = 8_000_000;
/** Heap that the shape of a fetch takes for each character of it, and whatever it asks for: measured on Node 26. */
const BYTES_A_CHARACTER = 32;
const LEAST_BYTES = 1_024;

/**
 * Makes the reader of the fetches that go to one library, by the library's own schema. An answer of the wrong shape would end the whole
 * request inside Apollo's executor; held against its shape before, it costs only the library that gave it. Worked out once per fetch.
 */
export function makeFetchReader(library: Readonly<{ document: DocumentNode }>): (query: string) => FetchShape {
  const schema = buildSubgraphSchema([{ typeDefs: subgraphDocument(library) }]);
  const kept = new LRUCache<string, FetchShape>({
    max: MAX_KEPT,
    maxSize: MAX_KEPT_BYTES,
    sizeCalculation: (_shape, text) => LEAST_BYTES + BYTES_A_CHARACTER * text.length,
  });
  return (query) => {
    const known = kept.get(query);
    if (known) return known;
    const shape = readFetch(query, schema);
    kept.set(query, shape);
    return shape;
  };
}

function readFetch(query: string, schema: GraphQLSchema): FetchShape {
  const document = parse(query, { noLocation: true });
  const fragments = new Map<string, SelectionSetNode>();
  const root: Shape = new Map();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition.selectionSet);
  }
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (operation) collect({ schema, fragments }, operation.selectionSet, schema.getRootType(operation.operation)?.name ?? '', root);
  const entities = root.get('_entities')?.of;
  const asked = entities instanceof Map ? entities : root;
  return {
    fields: [...asked.keys()].filter((name) => name !== '__typename'),
    items: coordinatesOf(schema, document),
    valuesIn: (data) => valuesInShape(data, root),
  };
}

type Reading = Readonly<{ schema: GraphQLSchema; fragments: ReadonlyMap<string, SelectionSetNode> }>;

function collect(reading: Reading, set: SelectionSetNode, typeName: string, shape: Shape): void {
  for (const selection of set.selections) {
    switch (selection.kind) {
      case Kind.INLINE_FRAGMENT:
        collect(reading, selection.selectionSet, selection.typeCondition?.name.value ?? typeName, shape);
        break;
      case Kind.FRAGMENT_SPREAD: {
        const fragment = reading.fragments.get(selection.name.value);
        if (fragment) collect(reading, fragment, typeName, shape);
        break;
      }
      case Kind.FIELD: {
        const name = selection.name.value;
        const responseName = selection.alias?.value ?? name;
        const type = fieldType(reading.schema, typeName, name);
        // Fields of one response name have one shape, whatever fragments they stand in: validation has seen to that.
        const before = shape.get(responseName)?.of;
        const below: Shape = before instanceof Map ? before : new Map();
        if (selection.selectionSet) collect(reading, selection.selectionSet, type ? getNamedType(type).name : '', below);
        shape.set(responseName, { lists: listsOf(type), of: selection.selectionSet ? below : leafOf(type) });
        break;
      }
    }
  }
}

function fieldType(schema: GraphQLSchema, typeName: string, field: string): GraphQLOutputType | undefined {
  const parent = schema.getType(typeName);
  return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field]?.type : undefined;
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

/** A scalar of our own (GeoJSON) may be anything; the built-in ones and enums are never objects or lists. */
function leafOf(type: GraphQLOutputType | undefined): 'leaf' | 'anything' {
  if (!type) return 'leaf';
  const named = getNamedType(type);
  return isEnumType(named) || isSpecifiedScalarType(named) || isCompositeType(named) ? 'leaf' : 'anything';
}

function valuesInShape(value: Readonly<Record<string, unknown>>, shape: Shape): number | null {
  let values = 0;
  for (const [name, field] of shape) {
    if (!Object.hasOwn(value, name)) continue;
    const within = valuesInField(value[name], field, field.lists);
    if (within === null) return null;
    values += within;
  }
  return values;
}

/** Each counts as one, a list or an object one more than what is in it, and what a scalar of our own holds as one. */
function valuesInField(value: unknown, field: FieldShape, lists: number): number | null {
  if (value === null || value === undefined) return 1;
  if (lists > 0) {
    if (!Array.isArray(value)) return null;
    let values = 1;
    for (const each of value) {
      const within = valuesInField(each, field, lists - 1);
      if (within === null) return null;
      values += within;
    }
    return values;
  }
  if (field.of === 'anything') return 1;
  if (field.of === 'leaf') return typeof value === 'object' ? null : 1;
  if (typeof value !== 'object' || Array.isArray(value)) return null;
  // An object that is no list is a record.
  const within = valuesInShape(value as Record<string, unknown>, field.of);
  return within === null ? null : 1 + within;
}
