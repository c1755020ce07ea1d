import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';

/**
 * Schema coordinates (`Person.phone`) of every field that an operation selects, sorted, each once: roots, `_entities` and what stands in
 * fragments included, whatever `@skip` and `@include` say. A field of an interface has the interface's name. `__typename` is no field of
 * anyone. A field that the schema does not have is named all the same, by the type it was looked for in. Empty where no operation has
 * that name; null stands for the only one.
 */
export function coordinatesOf(schema: GraphQLSchema, document: DocumentNode, operationName: string | null = null): readonly string[] {
  const known = kept.get(document);
  const before = known?.get(schema)?.get(operationName);
  if (before) return before;
  const coordinates = [...collect(schema, document, operationName)].sort();
  const ofDocument = known ?? new WeakMap<GraphQLSchema, Map<string | null, readonly string[]>>();
  const ofSchema = ofDocument.get(schema) ?? new Map<string | null, readonly string[]>();
  // A name that names nothing is the caller's invention, and there is no end to those.
  if (coordinates.length > 0) ofSchema.set(operationName, coordinates);
  ofDocument.set(schema, ofSchema);
  kept.set(document, ofDocument);
  return coordinates;
}

/** By document, for as long as that is kept. */
const kept = new WeakMap<DocumentNode, WeakMap<GraphQLSchema, Map<string | null, readonly string[]>>>();

/** A selection set and the type it stands on; undefined below a field that the schema does not have. */
type Place = Readonly<{ set: SelectionSetNode; type: string | undefined }>;

function collect(schema: GraphQLSchema, document: DocumentNode, operationName: string | null): ReadonlySet<string> {
  const found = new Set<string>();
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const operation = findOperation(document, operationName);
  if (!operation) return found;
  // A fragment stands on the type it names wherever it is spread: once is enough, also where fragments go round in circles.
  const spread = new Set<string>();
  const waiting: Place[] = [{ set: operation.selectionSet, type: schema.getRootType(operation.operation)?.name }];
  for (let place = waiting.pop(); place; place = waiting.pop()) {
    const { set, type } = place;
    for (const selection of set.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        waiting.push({ set: selection.selectionSet, type: selection.typeCondition?.name.value ?? type });
      } else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (!fragment || spread.has(selection.name.value)) continue;
        spread.add(selection.name.value);
        waiting.push({ set: fragment.selectionSet, type: fragment.typeCondition.name.value });
      } else if (selection.name.value !== TypeNameMetaFieldDef.name) {
        const field = selection.name.value;
        found.add(`${type ?? ''}.${field}`);
        if (selection.selectionSet) waiting.push({ set: selection.selectionSet, type: typeBelow(schema, type, field) });
      }
    }
  }
  return found;
}

function findOperation(document: DocumentNode, name: string | null): OperationDefinitionNode | null {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (name !== null) return operations.find((operation) => operation.name?.value === name) ?? null;
  return operations.length === 1 ? (operations[0] ?? null) : null;
}

function typeBelow(schema: GraphQLSchema, type: string | undefined, field: string): string | undefined {
  if (field === SchemaMetaFieldDef.name) return getNamedType(SchemaMetaFieldDef.type).name;
  if (field === TypeMetaFieldDef.name) return getNamedType(TypeMetaFieldDef.type).name;
  const parent = type === undefined ? undefined : schema.getType(type);
  if (!isObjectType(parent) && !isInterfaceType(parent)) return undefined;
  const found = parent.getFields()[field];
  return found && getNamedType(found.type).name;
}
