import { type DocumentNode, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

/** Names under which the answer of an operation tells of the schema, each with the field that does: empty where it asks nothing of that. */
export function introspectionKeys(document: DocumentNode, operation: OperationDefinitionNode): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const seen = new Set<string>();
  const collect = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const field = selection.name.value;
        if (/^__(schema|type)$/.test(field)) names.set((selection.alias ?? selection.name).value, field);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else if (!seen.has(selection.name.value)) {
        seen.add(selection.name.value);
        for (const definition of document.definitions) {
          if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value)
            collect(definition.selectionSet);
        }
      }
    }
  };
  collect(operation.selectionSet);
  return names;
}
