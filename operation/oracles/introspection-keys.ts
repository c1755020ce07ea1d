import { type DocumentNode, type FragmentDefinitionNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

/** What the root of an operation asks for, each by the name under which it is answered. */
export type RootKeys = Readonly<{
  /** What tells of the schema, each with the field that does. */
  schema: ReadonlyMap<string, string>;
  /** Names of the root's own type. */
  typename: ReadonlySet<string>;
  /** Everything else. */
  data: ReadonlySet<string>;
}>;

const known = new WeakMap<OperationDefinitionNode, RootKeys>();

/** What the root of an operation asks for, fragments included, whatever `@skip` and `@include` say. Read once. */
export function rootKeys(document: DocumentNode, operation: OperationDefinitionNode): RootKeys {
  return known.getOrInsertComputed(operation, () => readRootKeys(document, operation));
}

function readRootKeys(document: DocumentNode, operation: OperationDefinitionNode): RootKeys {
  const [schema, typename, data] = [new Map<string, string>(), new Set<string>(), new Set<string>()];
  const fragments = fragmentsOf(document);
  const seen = new Set<string>();
  const collect = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const field = selection.name.value;
        const key = (selection.alias ?? selection.name).value;
        if (isAboutSchema(field)) schema.set(key, field);
        else if (field === '__typename') typename.add(key);
        else data.add(key);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        const fragment = fragments.get(selection.name.value);
        if (fragment) collect(fragment.selectionSet);
      }
    }
  };
  collect(operation.selectionSet);
  return { schema, typename, data };
}

/** Names under which the answer of an operation tells of the schema, each with the field that does: empty where it asks nothing of that. */
export function introspectionKeys(document: DocumentNode, operation: OperationDefinitionNode): ReadonlyMap<string, string> {
  return rootKeys(document, operation).schema;
}

/** Whether a field of the root tells of the schema. */
export function isAboutSchema(field: string): boolean {
  return field === '__schema' || field === '__type';
}

/** The fragments of a document by name. */
export function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [])),
  );
}
