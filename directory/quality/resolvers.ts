import type { Caller } from '@longyuan/access/caller.ts';
import { type Action, mayDo } from '@longyuan/access/offices.ts';
import { badUserInput } from '@longyuan/schema/src/refuse.ts';
import type { Purposes } from '@longyuan/settings/purposes.ts';
import { nameOfDepartment } from '../entries/known-names.ts';
import type { DirectoryLoaders } from '../entries/loaders.ts';
import { pageOfObjections } from './objection-page.ts';
import { isPast } from './objection-room.ts';
import type { ObjectionFilter, ObjectionRow } from './objection-store.ts';
import type { AnswerInput, RaiseInput } from './objections.ts';
import type { Quality } from './open-quality.ts';
import type { QualityLoaders } from './quality-loaders.ts';
import type { FindingRow } from './quality-store.ts';

type Context = Readonly<{
  caller: Caller;
  loaders: DirectoryLoaders;
  purposes: Purposes;
  quality: Quality;
  qualityLoaders: QualityLoaders;
}>;
type Paging = Readonly<{ first?: number | null; after?: string | null }>;

/** As `schema/directory.graphql` says; a null that is written out means the same as nothing. */
const PAGE = 20;
const POINTS = 12;

/** Which part of the quality desk answers which field of the directory. Roots are guarded; what depends on whose data they are is asked here. */
export const qualityResolvers = {
  Query: {
    qualityRuns: (_root: unknown, { library, first }: { library?: string | null; first?: number | null }, { quality }: Context) =>
      quality.store.runs(library ?? null, first ?? PAGE),
    objections: (_root: unknown, { filter, ...paging }: Paging & { filter?: ObjectionFilter | null }, context: Context) => {
      if (!mayWithDataOf(filter?.provider ?? null, 'listObjections', context))
        throw badUserInput('ObjectionFilter.provider', 'OWN_DEPARTMENT');
      const { objectionStore } = context.quality;
      return pageOfObjections(objectionStore, filter ?? {}, { first: paging.first ?? PAGE, after: paging.after ?? null });
    },
    objection: (_root: unknown, { id }: { id: string }, { quality }: Context) => quality.objectionStore.byId(id),
  },
  Mutation: {
    measureQuality: async (_root: unknown, { library }: { library?: string | null }, { quality, caller }: Context) => {
      const meant = quality.libraries.filter(({ name }) => !library || name === library);
      if (meant.length === 0) throw badUserInput('Mutation.measureQuality(library:)', 'LIBRARY_OF_HUB');
      const own = meant.filter(({ uscc }) => mayWithDataOf(uscc, 'measureQuality', { caller }));
      if (own.length === 0) throw badUserInput('Mutation.measureQuality(library:)', 'OWN_LIBRARY');
      const ids = await Promise.all(own.map(({ name }) => quality.runs.start(name)));
      const rows = await quality.store.runs(null, quality.libraries.length * 2);
      return rows.filter(({ id }) => ids.includes(id));
    },
    raiseObjection: (_root: unknown, { input }: { input: RaiseInput }, { caller, quality }: Context) =>
      quality.objections.raise(caller, input),
    answerObjection: (_root: unknown, { input }: { input: AnswerInput }, { caller, quality }: Context) =>
      quality.objections.answer(caller, input),
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
    sampleKeys: ({ resource, sampleKeys }: FindingRow, _: unknown, { caller, quality }: Context) =>
      mayWithDataOf(quality.ownerOf(resource), 'readFailingKeys', { caller }) ? sampleKeys : null,
    history: (row: FindingRow, { first }: { first?: number | null }, context: Context) =>
      shown(row, context) && context.qualityLoaders.history(row.check, first ?? POINTS),
  },
  Objection: {
    resource: ({ resource }: ObjectionRow, _: unknown, { loaders }: Context) => loaders.resourceByCode(resource),
    item: ({ item }: ObjectionRow, _: unknown, { loaders }: Context) => item && loaders.itemByCode(item),
    owner: ({ providerUscc }: ObjectionRow, _: unknown, { loaders }: Context) => loaders.providerByUscc(providerUscc),
    recordKey: ({ recordKey, providerUscc }: ObjectionRow, _: unknown, { caller }: Context) =>
      mayWithDataOf(providerUscc, 'nameObjectedRecord', { caller }) ? recordKey : null,
    raisedBy: ({ raisedByKind }: ObjectionRow) => raisedByKind,
    raisedByName: ({ raisedByDepartment }: ObjectionRow, _: unknown, context: Context) => nameOfDepartment(raisedByDepartment, context),
    raisedByDepartment: ({ raisedByDepartment }: ObjectionRow) => raisedByDepartment,
    state: ({ answeredAt }: ObjectionRow) => (answeredAt === null ? 'OPEN' : 'ANSWERED'),
    isOverdue: ({ answeredAt, dueOn }: ObjectionRow) => answeredAt === null && isPast(dueOn, Date.now()),
  },
};

/** Whether the caller may do it with the data of this owner; null: of none. They are not told apart by division. */
function mayWithDataOf(owner: string | null, action: Action, { caller }: Pick<Context, 'caller'>): boolean {
  return mayDo(caller, action, { department: owner, division: null });
}

/** True, or null where the caller is told the rule alone. */
function shown({ resource }: FindingRow, context: Context): true | null {
  return mayWithDataOf(context.quality.ownerOf(resource), 'readQuality', context) || null;
}
