import type { GraphQLResolveInfo } from 'graphql';
import { type ColumnMap, OF_A_PAGE } from '../serve/asked-columns.ts';
import { askedRows } from '../serve/asked-rows.ts';
import type { Context } from '../serve/context.ts';
import type { StoredShape } from '../serve/holdings/plan-holdings.ts';

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

type Asking = Pick<Context<unknown>, 'access'>;
type Info = GraphQLResolveInfo;

/** What an answer of each type reads for what was asked: which columns, of which rows. */
export const asked = {
  entity: ({ access }: Asking, info: Info) => askedRows(info, access, 'LegalEntity', entity),
  foundEntities: ({ access }: Asking, info: Info) => askedRows(info, access, 'LegalEntity', entity, OF_A_PAGE),
  shareholder: ({ access }: Asking, info: Info) => askedRows(info, access, 'Shareholder', shareholder),
  officer: ({ access }: Asking, info: Info) => askedRows(info, access, 'Officer', ownNames),
  change: ({ access }: Asking, info: Info) => askedRows(info, access, 'RegistrationChange', ownNames),
  report: ({ access }: Asking, info: Info) => askedRows(info, access, 'AnnualReport', ownNames),
  listing: ({ access }: Asking, info: Info) => askedRows(info, access, 'Listing', ownNames),
};

/** How its types lie in its tables. */
export const stored: StoredShape = {
  columns: { LegalEntity: entity, Shareholder: shareholder },
};
