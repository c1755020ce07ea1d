import { outlivingCall } from '@longyuan/prisma/store/connect/call.ts';
import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { LRUCache } from 'lru-cache';
import type { HeadCount, PopulationStore, StatDimension } from './store.ts';

/** The store and, kept beside it, how many are where in the divisions above those that are asked for. */
export type StoreWithHeadCounts = PopulationStore &
  Readonly<{ countHeadsAbove(division: string, by: readonly StatDimension[], today: Date): Promise<readonly HeadCount[]> }>;

const KEPT_MS = 5 * 60 * 1000;
/** With what is decided from them, 3 MB for the largest. */
const MOST_KEPT = 24;
type Kept = Readonly<{ heads: Promise<readonly HeadCount[]>; readAt: number }>;

/**
 * Keeps head counts for five minutes. What a village may be told is decided from the province down (`tellStatistics`); without this,
 * every question about a village would read the whole province.
 */
export function keepHeadCounts(store: PopulationStore, now: () => number = Date.now): StoreWithHeadCounts {
  const kept = countKept('head counts', new LRUCache<string, Kept>({ max: MOST_KEPT }));
  const countHeadsAbove: StoreWithHeadCounts['countHeadsAbove'] = (division, by, today) => {
    const key = [division, today.toISOString(), ...by].join(' ');
    const known = kept.get(key);
    const isKnown = known && now() - known.readAt < KEPT_MS;
    const read = isKnown ? known : { heads: outlivingCall(() => store.countHeads(division, by, today)), readAt: now() };
    kept.set(key, read);
    // A failed reading is told to whoever waits for it and tried again by the next.
    read.heads.catch(() => {
      if (kept.peek(key) === read) kept.delete(key);
    });
    return read.heads;
  };
  return { ...store, countHeadsAbove };
}
