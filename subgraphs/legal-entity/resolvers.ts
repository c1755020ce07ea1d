import type { GraphQLResolveInfo } from 'graphql';
import { answerVerification, matchOrMismatch } from '../serve/answer-verification.ts';
import type { Context } from '../serve/call/context.ts';
import type { ResolverMap } from '../serve/define-library.ts';
import { rowsOnRoute } from '../serve/rows/asked-rows.ts';
import { asked } from './columns.ts';
import type { Loaders } from './loaders.ts';
import type { EntityCondition, EntityRow, OfficerRow, ReportRow, ShareholderRow } from './store.ts';
import { unlessMistyped } from './unless-mistyped.ts';
import { type Claim, claimedColumns, isAsRegistered } from './verify-legal-entity.ts';

type Asking = Context<Loaders>;
type Info = GraphQLResolveInfo;
type SearchArguments = Partial<EntityCondition> & { first?: number | null; after?: string | null };

export const resolvers: ResolverMap = {
  Query: {
    legalEntity: async (_: unknown, { uscc }: { uscc: string }, context: Asking, info: Info) =>
      unlessMistyped('Query.legalEntity(uscc:)', uscc, await context.loaders.entity.load(uscc, asked.entity(context, info))),
    legalEntities: (_: unknown, { usccs }: { usccs: string[] }, context: Asking, info: Info) =>
      usccs.map((uscc) => context.loaders.entity.load(uscc, asked.entity(context, info))),
    searchLegalEntities: (_: unknown, { first, after, ...condition }: SearchArguments, context: Asking, info: Info) =>
      context.loaders.search({
        condition: conditionOf(condition),
        first: first ?? 20,
        after: after ?? null,
        asked: asked.foundEntities(context, info),
      }),
    verifyLegalEntity: (_: unknown, args: Claim & { uscc: string }, context: Asking, info: Info) =>
      answerVerification({ context, info, args, subject: args.uscc }, async () => {
        const compared = rowsOnRoute(info, context.access, 'LegalEntity', claimedColumns);
        const entity = await context.loaders.entity.load(args.uscc, compared);
        return matchOrMismatch(isAsRegistered(unlessMistyped('Query.verifyLegalEntity(uscc:)', args.uscc, entity), args));
      }),
  },
  LegalEntity: {
    __resolveReference: ({ uscc }: { uscc: string }, context: Asking, info: Info) =>
      context.loaders.entity.load(uscc, asked.entity(context, info)),
    legalRep: ({ legalRep }: EntityRow) => referenceTo('id', legalRep),
    address: ({ address }: EntityRow) => referenceTo('id', address),
    division: ({ division }: EntityRow) => referenceTo('code', division),
    registeredCapital: (row: EntityRow) => money(row.registeredCapital, row.registeredCapitalCurrency),
    shareholders: ({ uscc }: EntityRow, _: unknown, context: Asking, info: Info) =>
      context.loaders.shareholders.load(uscc, asked.shareholder(context, info), undefined),
    officers: ({ uscc }: EntityRow, _: unknown, context: Asking, info: Info) =>
      context.loaders.officers.load(uscc, asked.officer(context, info), undefined),
    changes: ({ uscc }: EntityRow, { since }: { since?: string | null }, context: Asking, info: Info) =>
      context.loaders.changes.load(uscc, asked.change(context, info), since ?? null),
    annualReport: ({ uscc }: EntityRow, { year }: { year: number }, context: Asking, info: Info) =>
      context.loaders.report.load(uscc, year, asked.report(context, info)),
    abnormalListings: ({ uscc }: EntityRow, _: unknown, context: Asking, info: Info) =>
      context.loaders.listings.load(uscc, asked.listing(context, info), undefined),
    tax: ({ taxCreditGrade, taxArrears }: EntityRow) => unlessUnknown({ creditGrade: taxCreditGrade, arrears: taxArrears }),
    payroll: ({ insuredEmployees, payrollState }: EntityRow) => unlessUnknown({ insured: insuredEmployees, state: payrollState }),
  },
  Shareholder: {
    entity: ({ entity }: ShareholderRow, _: unknown, context: Asking, info: Info) =>
      entity ? context.loaders.entity.load(entity, asked.entity(context, info)) : null,
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
    represents: ({ id }: { id: string }, _: unknown, context: Asking, info: Info) =>
      context.loaders.represented.load(id, asked.entity(context, info), undefined),
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
