import { buildSubgraphSchema } from '@apollo/subgraph';
import { findOperation, readOperation } from '@longyuan/operation/read-operation.ts';
import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { subgraphDocument } from '@longyuan/schema/src/subgraph-document.ts';
import { type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import { LRUCache } from 'lru-cache';
import { checkData, type FieldShape, type Held, ObjectShape, type Path } from './object-shape.ts';

/** What one fetch of a plan asks a library for. */
export type FetchShape = Readonly<{
  /** Response names of the fields asked for, below `_entities` where there is one: what is null when the fetch fails. */
  fields: readonly string[];
  /** Schema coordinates of everything it selects, sorted: what its warrant must hold. */
  items: readonly string[];
  /** How many fields it selects, at whatever places. */
  selections: number;
  /**
   * Holds data against what was asked: what was not is taken out, what was and is not there is told. Null where the data have
   * not the shape that the schema promises for this fetch, are of types that cannot stand there, or do not answer every entity.
   */
  hold(data: Record<string, unknown>, variables: Readonly<Record<string, unknown>>): Held | null;
  /** The place that a library names, where this fetch has such a one; null: it has none. */
  placeOf(path: unknown, data: Readonly<Record<string, unknown>> | null): FetchPlace | null;
}>;

/** A place of a fetch, with the coordinates of what it may be. `below`: those of everything that is asked there. */
export type FetchPlace = Readonly<{ path: Path; coordinates: readonly string[]; below: () => readonly string[] }>;

/** Plans repeat themselves; the bounds only guard against callers who make a new plan with every call. */
const MAX_KEPT = 500;
const MAX_KEPT_BYTES = 8_000_000;
/** Heap that the shape of a fetch takes for each character of it, and whatever it asks for: measured on Node 26. */
const BYTES_A_CHARACTER = 32;
const LEAST_BYTES = 1_024;
const MAX_PATH_LENGTH = 64;
const MAX_INDEX = 10_000_000;

/**
 * Makes the reader of the fetches that go to one library, by the library's own schema. An answer of the wrong shape would end the whole
 * request inside Apollo's executor, and what nobody asked for would be merged over what other libraries said; held against its shape before,
 * it costs only the library that gave it. Worked out once per fetch.
 */
export function makeFetchReader(library: Readonly<{ document: DocumentNode }>): (query: string) => FetchShape {
  const schema = buildSubgraphSchema([{ typeDefs: subgraphDocument(library) }]);
  const kept = countKept(
    'fetch shapes',
    new LRUCache<string, FetchShape>({
      max: MAX_KEPT,
      maxSize: MAX_KEPT_BYTES,
      sizeCalculation: (_shape, text) => LEAST_BYTES + BYTES_A_CHARACTER * text.length,
    }),
  );
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
  const node = findOperation(document, null);
  if (typeof node === 'string') throw new Error(`A fetch of a plan is no operation: ${node}`);
  const operation = readOperation(schema, document, node);
  const root = new ObjectShape(operation.root.type, [{ selection: operation.root, when: [] }]);
  const entities = root.anyOf().byName.get('_entities');
  return {
    fields: [...(entities?.below ?? root).anyOf().byName.keys()].filter((name) => name !== '__typename'),
    items: operation.coordinates,
    selections: operation.size,
    hold: (data, variables) => checkData(data, root, operation.given(variables)),
    placeOf: (path, data) => placeOf(path, root, data),
  };
}

function placeOf(told: unknown, root: ObjectShape, data: unknown): FetchPlace | null {
  if (!Array.isArray(told) || told.length === 0 || told.length > MAX_PATH_LENGTH) return null;
  let shape: ObjectShape | null = root;
  let lists = 0;
  let coordinates: readonly string[] = [];
  let value = data;
  for (const part of told as readonly unknown[]) {
    if (typeof part === 'number') {
      const isPlace = lists > 0 && Number.isInteger(part) && part >= 0 && part < (Array.isArray(value) ? value.length : MAX_INDEX);
      if (!isPlace) return null;
      lists -= 1;
      value = Array.isArray(value) ? value[part] : null;
      continue;
    }
    const field: FieldShape | undefined = typeof part === 'string' && lists === 0 ? shape?.anyOf().byName.get(part) : undefined;
    if (!field) return null;
    ({ below: shape, lists, coordinates } = field);
    // Only what is an object has members, and what nobody asked for was taken out of it.
    value = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[field.name] : null;
  }
  // `_entities` is a name of the plan's own; of an entity, nothing but its fields is known to whoever asked.
  const below = shape;
  return told[0] === '_entities' && told.length < 3 ? null : { path: told as Path, coordinates, below: () => coordinatesIn(below) };
}

function coordinatesIn(shape: ObjectShape | null): readonly string[] {
  return shape ? shape.anyOf().list.flatMap(({ coordinates, below }) => [...coordinates, ...coordinatesIn(below)]) : [];
}
