import { badUserInput, refuse } from '@longyuan/schema/src/error-codes.ts';
import { nameOfDepartment } from '../directory/known-names.ts';
import type { DirectoryLoaders } from '../directory/loaders.ts';
import { type Asking, isSteward, mayNameRecord, maySeeQuality, maySteward } from './may-steward.ts';
import { isPast } from './objection-clock.ts';
import { pageOfObjections } from './objection-page.ts';
import type { ObjectionFilter, ObjectionRow } from './objection-store.ts';
import type { AnswerInput, RaiseInput } from './objections.ts';
import type { Quality } from './open-quality.ts';
import type { QualityLoaders } from './quality-loaders.ts';
import type { FindingRow } from './quality-store.ts';

type Context = Asking & Readonly<{ loaders: DirectoryLoaders; quality: Quality; qualityLoaders: QualityLoaders }>;
type Paging = Readonly<{ first?: number | null; after?: string | null }>;

/** As `schema/directory.graphql` says; a null that is written out means the same as nothing. */
const PAGE = 20;
const POINTS = 12;

/** Which part of the quality desk answers which field of the directory. */
export const qualityResolvers = {
  Query: {
    qualityRuns: (_root: unknown, { library, first }: { library?: string | null; first?: number | null }, { quality }: Context) =>
      quality.store.runs(library ?? null, first ?? PAGE),
    objections: (_root: unknown, { filter, ...paging }: Paging & { filter?: ObjectionFilter | null }, context: Context) => {
      if (context.caller.kind !== 'auditor' && !isSteward(context)) throw refuseObjections(context);
      if (!maySeeQuality(context, filter?.provider ?? '')) throw badUserInput('ObjectionFilter.provider', 'OWN_DEPARTMENT');
      const { objectionStore } = context.quality;
      return pageOfObjections(objectionStore, filter ?? {}, { first: paging.first ?? PAGE, after: paging.after ?? null });
    },
    objection: (_root: unknown, { id }: { id: string }, { quality }: Context) => quality.objectionStore.byId(id),
  },
  Mutation: {
    measureQuality: async (_root: unknown, { library }: { library?: string | null }, { quality, ...asking }: Context) => {
      if (!isSteward(asking)) throw refuse(asking.caller.kind === 'public' ? 'MEASURING_NEEDS_TOKEN' : 'MEASURING_NOT_YOURS');
      const meant = quality.libraries.filter(({ name }) => !library || name === library);
      if (meant.length === 0) throw badUserInput('Mutation.measureQuality(library:)', 'LIBRARY_OF_HUB');
      const own = meant.filter(({ uscc }) => maySteward(asking, uscc));
      if (own.length === 0) throw badUserInput('Mutation.measureQuality(library:)', 'OWN_LIBRARY');
      const ids = await Promise.all(own.map(({ name }) => quality.runs.start(name)));
      const rows = await quality.store.runs(null, quality.libraries.length * 2);
      return rows.filter(({ id }) => ids.includes(id));
    },
    raiseObjection: (_root: unknown, { input }: { input: RaiseInput }, { caller, quality }: Context) =>
      quality.objections.raise(caller, input),
    answerObjection: (_root: unknown, { input }: { input: AnswerInput }, { quality, ...asking }: Context) => {
      if (!isSteward(asking)) throw refuseObjections(asking);
      return quality.objections.answer(asking, input);
    },
  },
  Resource: {
    quality: ({ code }: { code: string }, _: unknown, { qualityLoaders }: Context) => qualityLoaders.findingsOfResource(code),
  },
  Item: {
    quality: ({ code }: { code: string }, _: unknown, { qualityLoaders }: Context) => qualityLoaders.findingsOfItem(code),
  },
  QualityFinding: {
    item: ({ item }: FindingRow, _: unknown, { loaders }: Context) => item && loaders.itemByCode(item),
    rows: (row: FindingRow, _: unknown, context: Context) => shown(row, context) && row.rows,
    failing: (row: FindingRow, _: unknown, context: Context) => shown(row, context) && row.failing,
    ratio: (row: FindingRow, _: unknown, context: Context) => (shown(row, context) && row.rows > 0 ? row.failing / row.rows : null),
    sampleKeys: ({ resource, sampleKeys }: FindingRow, _: unknown, { quality, ...asking }: Context) =>
      maySteward(asking, quality.ownerOf(resource) ?? '') ? sampleKeys : null,
    history: (row: FindingRow, { first }: { first?: number | null }, context: Context) =>
      shown(row, context) && context.qualityLoaders.history(row.check, first ?? POINTS),
  },
  Objection: {
    resource: ({ resource }: ObjectionRow, _: unknown, { loaders }: Context) => loaders.resourceByCode(resource),
    item: ({ item }: ObjectionRow, _: unknown, { loaders }: Context) => item && loaders.itemByCode(item),
    owner: ({ providerUscc }: ObjectionRow, _: unknown, { loaders }: Context) => loaders.providerByUscc(providerUscc),
    recordKey: ({ recordKey, providerUscc }: ObjectionRow, _: unknown, asking: Context) =>
      mayNameRecord(asking, providerUscc) ? recordKey : null,
    raisedBy: ({ raisedByKind }: ObjectionRow) => raisedByKind,
    raisedByName: ({ raisedByDepartment }: ObjectionRow, _: unknown, { loaders }: Context) => nameOfDepartment(raisedByDepartment, loaders),
    raisedByDepartment: ({ raisedByDepartment }: ObjectionRow) => raisedByDepartment,
    state: ({ answeredAt }: ObjectionRow) => (answeredAt === null ? 'OPEN' : 'ANSWERED'),
    isOverdue: ({ answeredAt, dueOn }: ObjectionRow) => answeredAt === null && isPast(dueOn, Date.now()),
  },
};

/** The refusal of whoever is no steward of a whole department: that there is an objection is not told by it. */
function refuseObjections({ caller }: Asking) {
  return refuse(caller.kind === 'public' ? 'OBJECTIONS_NEED_TOKEN' : 'OBJECTIONS_NOT_YOURS');
}

/** True, or null where the caller is told the rule alone. */
function shown({ resource }: FindingRow, context: Context): true | null {
  return maySeeQuality(context, context.quality.ownerOf(resource) ?? '') || null;
}
