import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../serve/context.ts';
import type { ResolverMap } from '../serve/define-library.ts';
import { asked } from './columns.ts';
import type { Loaders } from './loaders.ts';
import type { EntityCondition, EntityRow, OfficerRow, ReportRow, ShareholderRow } from './store.ts';
import { type Claim, claimedColumns, verifyLegalEntity } from './verify-legal-entity.ts';

type Asking = Context<Loaders>;
type Info = GraphQLResolveInfo;
type SearchArguments = Partial<EntityCondition> & { first?: number | null; after?: string | null };

export const resolvers: ResolverMap = {
  Query: {
    legalEntity: (_: unknown, { uscc }: { uscc: string }, { loaders }: Asking, info: Info) => loaders.entity.load(uscc, asked.entity(info)),
    legalEntities: (_: unknown, { usccs }: { usccs: string[] }, { loaders }: Asking, info: Info) =>
      usccs.map((uscc) => loaders.entity.load(uscc, asked.entity(info))),
    searchLegalEntities: (_: unknown, { first, after, ...condition }: SearchArguments, { loaders }: Asking, info: Info) =>
      loaders.search({ condition: conditionOf(condition), first: first ?? 20, after: after ?? null, columns: asked.foundEntities(info) }),
    verifyLegalEntity: async (_: unknown, { uscc, ...claim }: Claim & { uscc: string }, { loaders }: Asking) => {
      const entity = await loaders.entity.load(uscc, claimedColumns);
      return { result: verifyLegalEntity(entity, claim), checkedAt: new Date() };
    },
  },
  LegalEntity: {
    __resolveReference: ({ uscc }: { uscc: string }, { loaders }: Asking, info: Info) => loaders.entity.load(uscc, asked.entity(info)),
    legalRep: ({ legalRep }: EntityRow) => referenceTo('id', legalRep),
    address: ({ address }: EntityRow) => referenceTo('id', address),
    division: ({ division }: EntityRow) => referenceTo('code', division),
    registeredCapital: (row: EntityRow) => money(row.registeredCapital, row.registeredCapitalCurrency),
    shareholders: ({ uscc }: EntityRow, _: unknown, { loaders }: Asking, info: Info) =>
      loaders.shareholders.load(uscc, asked.shareholder(info), undefined),
    officers: ({ uscc }: EntityRow, _: unknown, { loaders }: Asking, info: Info) =>
      loaders.officers.load(uscc, asked.officer(info), undefined),
    changes: ({ uscc }: EntityRow, { since }: { since?: string | null }, { loaders }: Asking, info: Info) =>
      loaders.changes.load(uscc, asked.change(info), since ?? null),
    annualReport: ({ uscc }: EntityRow, { year }: { year: number }, { loaders }: Asking, info: Info) =>
      loaders.report.load(uscc, year, asked.report(info)),
    abnormalListings: ({ uscc }: EntityRow, _: unknown, { loaders }: Asking, info: Info) =>
      loaders.listings.load(uscc, asked.listing(info), undefined),
    tax: ({ taxCreditGrade, taxArrears }: EntityRow) => unlessUnknown({ creditGrade: taxCreditGrade, arrears: taxArrears }),
    payroll: ({ insuredEmployees, payrollState }: EntityRow) => unlessUnknown({ insured: insuredEmployees, state: payrollState }),
  },
  Shareholder: {
    entity: ({ entity }: ShareholderRow, _: unknown, { loaders }: Asking, info: Info) =>
      entity ? loaders.entity.load(entity, asked.entity(info)) : null,
    person: ({ person }: ShareholderRow) => referenceTo('id', person),
    subscribed: (row: ShareholderRow) => money(row.subscribed, row.currency),
    paid: (row: ShareholderRow) => money(row.paid, row.currency),
  },
  Officer: {
    person: ({ person }: OfficerRow) => referenceTo('id', person),
  },
  AnnualReport: {
    assets: ({ assets }: ReportRow) => money(assets, REPORT_CURRENCY),
    revenue: ({ revenue }: ReportRow) => money(revenue, REPORT_CURRENCY),
    taxPaid: ({ taxPaid }: ReportRow) => money(taxPaid, REPORT_CURRENCY),
  },
  Person: {
    represents: ({ id }: { id: string }, _: unknown, { loaders }: Asking, info: Info) =>
      loaders.represented.load(id, asked.entity(info), undefined),
  },
};

/** Annual reports are filed in yuan, whatever the capital is kept in. */
const REPORT_CURRENCY = 'CNY';

function conditionOf({ name, division, industry, state, kind }: Partial<EntityCondition>): EntityCondition {
  return { name: name?.trim() ?? null, division: division ?? null, industry: industry ?? null, state: state ?? null, kind: kind ?? null };
}

/** The row of another library that a key stands for. */
function referenceTo(key: 'id' | 'code', value: string | null | undefined) {
  return value ? { [key]: value } : null;
}

/** In 万元, as stored. */
function money(amount: unknown, currency: string | null | undefined) {
  return amount === null || amount === undefined ? null : { amount: Number(amount), currency };
}

/** Null where nothing of it is known. */
function unlessUnknown<Known extends Readonly<Record<string, unknown>>>(known: Known): Known | null {
  return Object.values(known).some((value) => value !== null && value !== undefined) ? known : null;
}
