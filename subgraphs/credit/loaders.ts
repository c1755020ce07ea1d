import { today } from '@longyuan/schema/src/province-day.ts';
import { type AskedRows, everyRow } from '../serve/rows/asked-rows.ts';
import { manyByKey, oneByKey } from '../serve/rows/batch.ts';
import { type CreditRecord, mergeRecords, type RecordKind } from './credit-records.ts';
import { type ListAsked, pageDishonestList } from './dishonest-list.ts';
import { predicates } from './predicates.ts';
import { type PublishedAsked, pagePublished } from './published-list.ts';
import type { CountRow, CreditStore, DishonestRow, PenaltyRow, PermitRow } from './store.ts';

export type Loaders = ReturnType<typeof makeLoaders>;

type PenaltyFilter = Readonly<{ effectiveOnly: boolean }>;
type RecordsAsked = Readonly<{ kinds: readonly RecordKind[]; asked: Readonly<Record<RecordKind, AskedRows>> }>;

/** One request's way to the store: everything asked in the same turn is one question of the store for each kind. It is one day for the whole request. */
export function makeLoaders(store: CreditStore, on = today()) {
  const permits = manyByKey<PermitRow>(store.permits, subjectOf);
  const penalties = manyByKey<PenaltyRow, PenaltyFilter>(
    (keys, asked, { effectiveOnly }) => store.penalties(keys, asked, effectiveOnly ? on : null),
    subjectOf,
  );
  const dishonest = manyByKey<DishonestRow>(store.dishonest, subjectOf);
  return {
    summary: oneByKey(store.summaries, subjectOf),
    permits,
    penalties,
    penalty: oneByKey<PenaltyRow>(
      (ids, asked) => store.penaltiesById(ids.map(Number), asked),
      (row) => String(row.id),
    ),
    permitCount: counter((keys) => store.countPermits(keys)),
    penaltyCount: counter((keys) => store.countPenalties(keys, on)),
    measures: manyByKey(store.measures, subjectOf),
    repairs: manyByKey(store.repairs, subjectOf),
    promises: manyByKey(store.promises, subjectOf),
    publishedPermits: (page: PublishedAsked) =>
      pagePublished(store.publishedPermits, predicates.SUBJECT_IS_LEGAL_ENTITY, { ...page, list: PERMITS }),
    publishedPenalties: (page: PublishedAsked) =>
      pagePublished(store.publishedPenalties, predicates.WITHIN_PUBLISH_PERIOD, { ...page, list: PENALTIES }),
    dishonestList: (list: ListAsked) => pageDishonestList(store, on, list),
    /** Records of the given kinds, the latest first; a kind that is not asked for is not read. */
    async records(subjectKey: string, { kinds, asked }: RecordsAsked): Promise<readonly CreditRecord[]> {
      const [permitRows, penaltyRows, dishonestRows] = await Promise.all([
        kinds.includes('PERMIT') ? permits.load(subjectKey, asked.PERMIT, undefined) : [],
        kinds.includes('PENALTY') ? penalties.load(subjectKey, asked.PENALTY, { effectiveOnly: false }) : [],
        kinds.includes('DISHONEST') ? dishonest.load(subjectKey, asked.DISHONEST, undefined) : [],
      ]);
      return mergeRecords({ permits: permitRows, penalties: penaltyRows, dishonest: dishonestRows });
    },
  };
}

const PERMITS = { field: 'Query.publishedPermits' };
const PENALTIES = { field: 'Query.publishedPenalties' };

function counter(count: (keys: readonly string[]) => Promise<readonly CountRow[]>) {
  const loader = oneByKey<CountRow>(count, subjectOf);
  return { load: async (subjectKey: string) => (await loader.load(subjectKey, KEY_ALONE))?.count ?? 0 };
}

const KEY_ALONE = everyRow([]);

function subjectOf(row: { readonly subjectKey: string }): string {
  return row.subjectKey;
}
