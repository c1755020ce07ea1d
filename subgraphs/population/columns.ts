import type { StoredShape } from '../serve/desks/holdings/plan-holdings.ts';
import { type ColumnMap, OF_A_PAGE } from '../serve/rows/asked-columns.ts';
import { askedRows } from '../serve/rows/asked-rows.ts';

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

/** Columns of Person with keys of addresses: which are a person's own is told by them. */
export const addressColumns = ['registeredAddress', 'residenceAddress'] as const;

/** Of a household the person's own row knows the number and the relation; members are people. */
export const householdColumns: ColumnMap = { householdNo: [], relationToHead: [], members: [] };

export const marriageColumns: ColumnMap = { spouse: ['spouseId'] };

/** Tables whose columns are named as the fields they answer. */
const ownColumns: ColumnMap = {};

/** What is read of each table for what was asked: which columns, of which rows. */
export const asked = {
  person: askedRows('Person', personColumns),
  foundPerson: askedRows('Person', personColumns, OF_A_PAGE),
  household: askedRows('Household', householdColumns),
  marriage: askedRows('Marriage', marriageColumns),
  move: askedRows('Move', ownColumns),
  insurance: askedRows('Insurance', ownColumns),
  disability: askedRows('Disability', ownColumns),
  assistance: askedRows('Assistance', ownColumns),
};

/** How its types lie in its tables. */
export const stored: StoredShape = {
  columns: { Person: personColumns, Household: householdColumns, Marriage: marriageColumns },
  tables: { KinLink: 'Kinship' },
  inner: { Move: { personId: 'whose row it is' }, Assistance: { personId: 'whose row it is' } },
};
