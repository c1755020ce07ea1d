import { madeOf } from '@longyuan/schema/src/answer-made.ts';
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

type Ways = readonly (readonly string[])[];
type Info = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues' | 'fieldNodes'>;

/** Ways down from a field to the rows of a type: its own. */
export const OWN_ROWS: readonly (readonly string[])[] = [[]];
/** From a field that answers a connection: every way to the rows of its page. */
export const OF_A_PAGE: readonly (readonly string[])[] = [['nodes'], ['edges', 'node']];

/**
 * The columns of `typeName` that the selection needs below the field being resolved, sorted, each once: of its own rows, or of rows further
 * down, on all of these ways. Follows fragments, aliases, `@skip` and `@include`; `__typename`
 * needs none.
 */
export function askedColumnsBelow(info: Info, ways: Ways, typeName: string, map: ColumnMap): readonly string[] {
  return columnsOf(askedFields(info, ways, typeName), map);
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

/**
 * Names of the fields of `typeName` that are selected below the field being resolved, each once; instead of one that is made of another
 * (`@made`) that other.
 */
export function askedFields(info: Info, ways: Ways, typeName: string): readonly string[] {
  const type = info.schema.getType(typeName);
  const declared = type && 'getFields' in type ? type.getFields() : {};
  return [...new Set(askedNodes(info, ways, typeName).map(({ name }) => madeOf(declared[name.value]) ?? name.value))];
}

/** The selections of `typeName` below the field being resolved, as they are written. */
export function askedNodes(info: Info, ways: Ways, typeName: string): readonly FieldNode[] {
  return ways.flatMap((way) => nodesAt(info, way)).flatMap((node) => fieldsIn(info, node.selectionSet, typeName));
}

function nodesAt(info: Info, way: readonly string[]): readonly FieldNode[] {
  return way.reduce<readonly FieldNode[]>(
    (nodes, step) => nodes.flatMap((node) => fieldsIn(info, node.selectionSet, null)).filter((node) => node.name.value === step),
    info.fieldNodes,
  );
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
