import { outlivingCall } from '@longyuan/prisma/store/connect/call.ts';
import { type Gazetteer, makeGazetteer } from './match-address/gazetteer.ts';
import type { GeospatialStore } from './store.ts';

/** The store and, kept beside it, what all divisions are called. */
export type StoreWithGazetteer = GeospatialStore & Readonly<{ gazetteer(): Promise<Gazetteer> }>;

/** Divisions change a few times a year. */
const KEPT_MS = 60 * 60 * 1000;

/**
 * Keeps the names of all divisions in the process: a text names them anywhere, shortened and with parts left out, which no index
 * answers in few statements, while all 19,000 take 6 MB and one statement an hour. They are read when first needed.
 */
export function keepGazetteer(store: GeospatialStore, now: () => number = Date.now): StoreWithGazetteer {
  let kept: Readonly<{ gazetteer: Promise<Gazetteer>; readAt: number }> | undefined;
  const gazetteer = (): Promise<Gazetteer> => {
    if (kept && now() - kept.readAt < KEPT_MS) return kept.gazetteer;
    const read = { gazetteer: outlivingCall(() => store.divisionNames()).then(makeGazetteer), readAt: now() };
    kept = read;
    // A failed reading is told to whoever waits for it and tried again by the next.
    read.gazetteer.catch(() => {
      if (kept === read) kept = undefined;
    });
    return read.gazetteer;
  };
  return { ...store, gazetteer };
}
