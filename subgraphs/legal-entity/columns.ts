import type { GraphQLResolveInfo } from 'graphql';
import { askedColumns, askedColumnsBelow, type ColumnMap } from '../serve/asked-columns.ts';

const entity: ColumnMap = {
  registeredCapital: ['registeredCapital', 'registeredCapitalCurrency'],
  tax: ['taxCreditGrade', 'taxArrears'],
  payroll: ['insuredEmployees', 'payrollState'],
  shareholders: [],
  officers: [],
  changes: [],
  annualReport: [],
  abnormalListings: [],
};
const shareholder: ColumnMap = { subscribed: ['subscribed', 'currency'], paid: ['paid', 'currency'] };
const ownNames: ColumnMap = {};

/** Which columns an answer of each type reads for what was asked. */
export const asked = {
  entity: (info: GraphQLResolveInfo) => askedColumns(info, 'LegalEntity', entity),
  foundEntities: (info: GraphQLResolveInfo) => askedColumnsBelow(info, ['nodes'], 'LegalEntity', entity),
  shareholder: (info: GraphQLResolveInfo) => askedColumns(info, 'Shareholder', shareholder),
  officer: (info: GraphQLResolveInfo) => askedColumns(info, 'Officer', ownNames),
  change: (info: GraphQLResolveInfo) => askedColumns(info, 'RegistrationChange', ownNames),
  report: (info: GraphQLResolveInfo) => askedColumns(info, 'AnnualReport', ownNames),
  listing: (info: GraphQLResolveInfo) => askedColumns(info, 'Listing', ownNames),
};
