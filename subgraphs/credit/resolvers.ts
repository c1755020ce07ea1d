import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../serve/call/context.ts';
import type { ResolverMap } from '../serve/define-library.ts';
import { asked } from './columns.ts';
import { type CreditRecord, type RecordKind, recordKinds } from './credit-records.ts';
import type { Loaders } from './loaders.ts';
import type { PenaltyRow, PermitRow, RepairRow, SummaryRow } from './store.ts';

type Asking = Context<Loaders>;
type Info = GraphQLResolveInfo;
type ListArguments = Readonly<{
  kind?: 'PERSON' | 'LEGAL_ENTITY' | null;
  name?: string | null;
  division?: string | null;
  first?: number | null;
  after?: string | null;
}>;
type PublishedArguments = Readonly<{ division?: string | null; first?: number | null; after?: string | null }>;
type KindArguments = Readonly<{ kinds?: readonly RecordKind[] | null }>;

/** A person and an entity are answered alike; only their key has another name. */
function subjectResolvers<Subject>(keyOf: (subject: Subject) => string) {
  return {
    credit: (subject: Subject, _: unknown, context: Asking, info: Info) =>
      context.loaders.summary.load(keyOf(subject), asked.summary(context, info)),
    creditRecords: (subject: Subject, { kinds }: KindArguments, context: Asking, info: Info) =>
      context.loaders.records(keyOf(subject), { kinds: kinds ?? recordKinds, asked: asked.record(context, info) }),
  };
}

export const resolvers: ResolverMap = {
  Query: {
    penalties: (_: unknown, { uscc, effectiveOnly }: { uscc: string; effectiveOnly?: boolean | null }, context: Asking, info: Info) =>
      context.loaders.penalties.load(uscc, asked.penalty(context, info), { effectiveOnly: effectiveOnly ?? true }),
    permits: (_: unknown, { uscc }: { uscc: string }, context: Asking, info: Info) =>
      context.loaders.permits.load(uscc, asked.permit(context, info), undefined),
    publishedPermits: (_: unknown, list: PublishedArguments, context: Asking, info: Info) =>
      context.loaders.publishedPermits({ ...pageOf(list), asked: asked.publishedPermit(context, info) }),
    publishedPenalties: (_: unknown, list: PublishedArguments, context: Asking, info: Info) =>
      context.loaders.publishedPenalties({ ...pageOf(list), asked: asked.publishedPenalty(context, info) }),
    dishonestList: (_: unknown, { first, after, ...condition }: ListArguments, context: Asking, info: Info) =>
      context.loaders.dishonestList({
        condition: conditionOf(condition),
        first: first ?? 20,
        after: after ?? null,
        asked: asked.listed(context, info),
      }),
  },
  LegalEntity: subjectResolvers(({ uscc }: { uscc: string }) => uscc),
  Person: subjectResolvers(({ id }: { id: string }) => id),
  CreditRecord: {
    __resolveType: ({ __typename }: CreditRecord) => __typename,
  },
  CreditSummary: {
    permits: ({ subjectKey }: SummaryRow, _: unknown, { loaders }: Asking) => loaders.permitCount.load(subjectKey),
    penalties: ({ subjectKey }: SummaryRow, _: unknown, { loaders }: Asking) => loaders.penaltyCount.load(subjectKey),
    measures: ({ subjectKey }: SummaryRow, _: unknown, context: Asking, info: Info) =>
      context.loaders.measures.load(subjectKey, asked.measure(context, info), undefined),
    repairs: ({ subjectKey }: SummaryRow, _: unknown, context: Asking, info: Info) =>
      context.loaders.repairs.load(subjectKey, asked.repair(context, info), undefined),
    promises: ({ subjectKey }: SummaryRow, _: unknown, context: Asking, info: Info) =>
      context.loaders.promises.load(subjectKey, asked.promise(context, info), undefined),
  },
  CreditRepair: {
    record: ({ penaltyId }: RepairRow, _: unknown, context: Asking, info: Info) =>
      context.loaders.penalty.load(String(penaltyId), asked.penalty(context, info)),
  },
  PermitDecision: { subject: subjectOf },
  Penalty: {
    subject: subjectOf,
    fine: ({ fine }: PenaltyRow) => yuan(fine),
    confiscated: ({ confiscated }: PenaltyRow) => yuan(confiscated),
  },
};

function pageOf({ division, first, after }: PublishedArguments) {
  return { division: division ?? null, first: first ?? 20, after: after ?? null };
}

/** The entity that a record is about, by its credit code; a person is not named. */
function subjectOf({ subjectKey, subjectIsEntity }: PermitRow | PenaltyRow): { uscc: string } | null {
  return subjectIsEntity ? { uscc: subjectKey } : null;
}

function conditionOf({ kind, name, division }: Pick<ListArguments, 'kind' | 'name' | 'division'>) {
  return { isEntity: kind ? kind === 'LEGAL_ENTITY' : null, name: name?.trim() ?? null, division: division ?? null };
}

/** Sums are decimals in the store and numbers in an answer. */
function yuan(sum: unknown): number | null {
  return sum === null || sum === undefined ? null : Number(sum);
}
