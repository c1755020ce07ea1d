import type { StoredShape } from '../serve/desks/holdings/plan-holdings.ts';
import { type ColumnMap, OF_A_PAGE } from '../serve/rows/asked-columns.ts';
import { askedRows } from '../serve/rows/asked-rows.ts';

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

/** What an answer of each type reads for what was asked: which columns, of which rows. */
export const asked = {
  entity: askedRows('LegalEntity', entity),
  foundEntities: askedRows('LegalEntity', entity, OF_A_PAGE),
  shareholder: askedRows('Shareholder', shareholder),
  officer: askedRows('Officer', ownNames),
  change: askedRows('RegistrationChange', ownNames),
  report: askedRows('AnnualReport', ownNames),
  listing: askedRows('Listing', ownNames),
};

/** How its types lie in its tables. */
export const stored: StoredShape = {
  columns: { LegalEntity: entity, Shareholder: shareholder },
};
