import type { QuotaState, QuotaStore } from '@longyuan/inner/hub-stores.ts';
import { LRUCache } from 'lru-cache';

/** Limits of which something was taken, some 100 bytes each; with more in one day, those that were not asked for longest begin anew. */
const MOST_KEPT = 200_000;

/** A store for a gateway that is alone and has no database: what was taken is forgotten with it. */
export function memoryQuotas(): QuotaStore {
  const kept = new LRUCache<string, QuotaState>({ max: MOST_KEPT });
  const nameOf = (day: string, name: string): string => `${day} ${name}`;
  const add = (key: string, { taken, used }: QuotaState): void => {
    const known = kept.get(key) ?? { taken: 0, used: 0 };
    kept.set(key, { taken: known.taken + taken, used: known.used + used });
  };
  return {
    async take(day, takings) {
      const fitting = takings.filter(({ name, limit, taken }) => (kept.get(nameOf(day, name))?.taken ?? 0) + taken <= limit);
      for (const each of fitting) add(nameOf(day, each.name), each);
      return new Set(fitting.map(({ name }) => name));
    },
    async change(day, changes) {
      for (const each of changes) add(nameOf(day, each.name), each);
    },
    async read(day, names) {
      return new Map(
        names.flatMap((name) => {
          const state = kept.get(nameOf(day, name));
          return state ? [[name, state] as const] : [];
        }),
      );
    },
    async forgetBefore(day) {
      for (const key of kept.keys()) if (key < day) kept.delete(key);
    },
  };
}
