import { selectionBelow } from '@longyuan/operation/read-operation.ts';
import { type AskedField, areMet } from '@longyuan/operation/selection.ts';
import { madeOf } from '@longyuan/schema/src/answer-made.ts';
import type { GraphQLResolveInfo } from 'graphql';

/** Columns that answer a field whose column is not of its own name. `[]`: the field needs no column. */
export type ColumnMap = Readonly<Record<string, readonly string[]>>;

/** Ways down from a field, by the names of the fields on them. */
export type Ways = readonly (readonly string[])[];
type Info = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'variableValues' | 'fieldNodes' | 'returnType'>;

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
  return [...new Set(askedOf(info, ways, typeName).map(({ name }) => madeOf(declared[name]) ?? name))];
}

/** The fields of `typeName` that are selected below the field being resolved, in the order asked. */
export function askedOf(info: Info, ways: Ways, typeName: string): readonly AskedField[] {
  const top = selectionBelow(info, info)?.fields ?? [];
  const isAsked = ({ conditions }: AskedField) => areMet(conditions, info.variableValues);
  return ways
    .flatMap((way) =>
      way.reduce<readonly AskedField[]>(
        (fields, step) => fields.filter((field) => field.name === step && isAsked(field)).flatMap(({ below }) => below?.fields ?? []),
        top,
      ),
    )
    .filter((field) => isAsked(field) && field.possible.some(({ name }) => name === typeName));
}
