import {
  doTypesOverlap,
  type FieldNode,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  GraphQLSkipDirective,
  getDirectiveValues,
  isCompositeType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** Columns that answer a field whose column is not of its own name. `[]`: the field needs no column. */
export type ColumnMap = Readonly<Record<string, readonly string[]>>;

type Info = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues' | 'fieldNodes'>;

/**
 * The columns of `typeName` that the selection needs below the field being resolved, sorted, each once: of its own rows (`[]`), or of rows
 * further down, e.g. `['nodes']` under a field that answers a connection. Follows fragments, aliases, `@skip` and `@include`; `__typename`
 * needs none.
 */
export function askedColumnsBelow(info: Info, path: readonly string[], typeName: string, map: ColumnMap): readonly string[] {
  return columnsOf(askedFields(info, path, typeName), map);
}

/** The columns that answer these fields, sorted, each once; `__typename` needs none. */
export function columnsOf(fields: readonly string[], map: ColumnMap): readonly string[] {
  const columns = new Set(fields.flatMap((field) => (field.startsWith('__') ? [] : (ownEntry(map, field) ?? [field]))));
  return [...columns].sort();
}

/** A field may be called `constructor`: only the map's own entries count. */
function ownEntry(map: ColumnMap, field: string): readonly string[] | undefined {
  return Object.hasOwn(map, field) ? map[field] : undefined;
}

/** Names of the fields of `typeName` that are selected below the field being resolved, each once. */
export function askedFields(info: Info, path: readonly string[], typeName: string): readonly string[] {
  let nodes = info.fieldNodes;
  for (const step of path) {
    nodes = nodes.flatMap((node) => fieldsIn(info, node.selectionSet, null)).filter((node) => node.name.value === step);
  }
  const fields = nodes.flatMap((node) => fieldsIn(info, node.selectionSet, typeName));
  return [...new Set(fields.map(({ name }) => name.value))];
}

function fieldsIn(info: Info, selectionSet: SelectionSetNode | undefined, typeName: string | null): readonly FieldNode[] {
  if (!selectionSet) return [];
  return selectionSet.selections
    .filter((selection) => isIncluded(info, selection))
    .flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection];
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : info.fragments[selection.name.value];
      return fragment && mayApply(info, fragment.typeCondition?.name.value, typeName)
        ? fieldsIn(info, fragment.selectionSet, typeName)
        : [];
    });
}

function isIncluded(info: Info, selection: SelectionNode): boolean {
  if (getDirectiveValues(GraphQLSkipDirective, selection, info.variableValues)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, selection, info.variableValues)?.['if'] !== false;
}

/** Whether a fragment on `condition` can speak of a row of `typeName`; an interface and its members overlap. */
function mayApply(info: Info, condition: string | undefined, typeName: string | null): boolean {
  if (condition === undefined || typeName === null || condition === typeName) return true;
  const [left, right] = [info.schema.getType(condition), info.schema.getType(typeName)];
  return isCompositeType(left) && isCompositeType(right) && doTypesOverlap(info.schema, left, right);
}
