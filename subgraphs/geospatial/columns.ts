import type { GraphQLResolveInfo } from 'graphql';
import { askedColumnsBelow, type ColumnMap } from '../serve/asked-columns.ts';

/**
 * Columns that answer a division's fields. `path` is not a column of the table: it says that the divisions above are wanted
 * too, which the store reads in the same statement. Boundaries are read by a statement of their own, as they are large.
 */
const divisionColumns: ColumnMap = { children: ['code'], boundary: ['code'] };

export const addressColumns: ColumnMap = {};
export const poiColumns: ColumnMap = {};
export const unitColumns: ColumnMap = { owners: ['id'], encumbrances: ['id'] };
export const ownershipColumns: ColumnMap = {};
export const encumbranceColumns: ColumnMap = {};

/** The columns that a selection on divisions needs, those of the divisions above them included. */
export function askedDivisionColumns(info: GraphQLResolveInfo, below: readonly string[] = []): readonly string[] {
  const own = askedColumnsBelow(info, below, 'AdministrativeDivision', divisionColumns);
  const ofPath = own.includes('path') ? askedDivisionColumns(info, [...below, 'path']) : [];
  const ofParent = own.includes('parent') ? askedDivisionColumns(info, [...below, 'parent']) : [];
  const needsPath = own.includes('path') || needsMoreThan('code', ofParent);
  return [...new Set([...own, ...ofPath, ...ofParent, ...(needsPath ? ['path'] : [])])].sort();
}

/** Whether a row that is known by `key` has to be read at all. */
export function needsMoreThan(key: string, columns: readonly string[]): boolean {
  return columns.some((column) => column !== key);
}
