import type { GraphQLResolveInfo } from 'graphql';
import type { StoredShape } from '../serve/desks/holdings/plan-holdings.ts';
import { askedColumnsBelow, type ColumnMap, OF_A_PAGE, OWN_ROWS } from '../serve/rows/asked-columns.ts';
import { type AskedRows, askedRows } from '../serve/rows/asked-rows.ts';

/**
 * Columns that answer a division's fields. `path` is not a column of the table: it says that the divisions above are wanted
 * too, which the store reads in the same statement. Boundaries are read by a statement of their own, as they are large.
 */
const division: ColumnMap = { children: ['code'], boundary: ['code'] };
const unit: ColumnMap = { owners: ['id'], encumbrances: ['id'] };
const ownNames: ColumnMap = {};

type Info = GraphQLResolveInfo;

/** What an answer of each type reads for what was asked: which columns, of which rows. */
export const asked = {
  /** Divisions, with the columns of those above them. */
  division: askedRows('AdministrativeDivision', division, OWN_ROWS, (info, columns) => withColumnsAbove(info, [], columns)),
  address: askedRows('StandardAddress', ownNames),
  matchedAddress: askedRows('StandardAddress', ownNames, [['address']]),
  poi: askedRows('Poi', ownNames, OF_A_PAGE),
  unit: askedRows('RealEstateUnit', unit),
  ownership: askedRows('Ownership', ownNames),
  encumbrance: askedRows('Encumbrance', ownNames),
};

function withColumnsAbove(info: Info, below: readonly string[], own: readonly string[]): readonly string[] {
  const above = (step: string): readonly string[] => {
    if (!own.includes(step)) return [];
    const place = [...below, step];
    return withColumnsAbove(info, place, askedColumnsBelow(info, [place], 'AdministrativeDivision', division));
  };
  const [ofPath, ofParent] = [above('path'), above('parent')];
  const needsPath = own.includes('path') || needsMoreThan('code', ofParent);
  return [...new Set([...own, ...ofPath, ...ofParent, ...(needsPath ? ['path'] : [])])].sort();
}

/** Whether a row that is known by `key` has to be read at all: for more than the key, or to learn whether it is in scope. */
export function hasToBeRead(key: string, { columns, rows }: AskedRows): boolean {
  return rows.kind !== 'all' || needsMoreThan(key, columns);
}

function needsMoreThan(key: string, columns: readonly string[]): boolean {
  return columns.some((column) => column !== key);
}

/** How its types lie in its tables. */
export const stored: StoredShape = {
  columns: { AdministrativeDivision: division, RealEstateUnit: unit },
};
