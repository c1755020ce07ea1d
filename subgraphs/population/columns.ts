import type { ColumnMap } from '../serve/asked-columns.ts';

/** Fields of Person that are answered by other columns than their own, or by another table, which needs the person's id alone. */
export const personColumns: ColumnMap = {
  household: ['householdNo', 'relationToHead'],
  idCardValidity: ['idCardValidFrom', 'idCardValidTo', 'idCardAuthority'],
  moves: [],
  marriage: [],
  relatives: [],
  insurances: [],
  disability: [],
  socialAssistance: [],
};

/** Of a household the person's own row knows the number and the relation; members are people. */
export const householdColumns: ColumnMap = { householdNo: [], relationToHead: [], members: [] };

export const marriageColumns: ColumnMap = { spouse: ['spouseId'] };

/** Tables whose columns are named as the fields they answer. */
export const ownColumns: ColumnMap = {};
