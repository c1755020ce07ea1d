import { type DocumentNode, Kind, type OperationDefinitionNode, type SelectionNode, type SelectionSetNode } from 'graphql';

type Path = readonly (string | number)[];

/** The part of an error's path, from its start, that the operation itself asks for. */
export function shownPath(document: DocumentNode, operation: OperationDefinitionNode, path: Path): Path {
  let sets: readonly SelectionSetNode[] = [operation.selectionSet];
  for (const [place, part] of path.entries()) {
    if (typeof part === 'number' || part === '@') continue;
    const fields = sets.flatMap((set) => fieldsNamed(part, set, document, new Set()));
    if (fields.length === 0) return path.slice(0, place);
    sets = fields.flatMap((field) => (field.selectionSet ? [field.selectionSet] : []));
  }
  return path;
}

function fieldsNamed(
  responseName: string,
  set: SelectionSetNode,
  document: DocumentNode,
  spread: Set<string>,
): readonly Extract<SelectionNode, { kind: Kind.FIELD }>[] {
  return set.selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return (selection.alias ?? selection.name).value === responseName ? [selection] : [];
    if (selection.kind === Kind.INLINE_FRAGMENT) return fieldsNamed(responseName, selection.selectionSet, document, spread);
    const name = selection.name.value;
    if (spread.has(name)) return [];
    spread.add(name);
    return document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name
        ? fieldsNamed(responseName, definition.selectionSet, document, spread)
        : [],
    );
  });
}
