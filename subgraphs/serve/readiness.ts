import { setTimeout as wait } from 'node:timers/promises';
import { isDatabaseGone } from './database-gone.ts';

/** What `GET /health` says: the database is not reached or not migrated yet; its seed is not complete; it answers. */
export type LibraryState = 'STARTING' | 'SEEDING' | 'READY';

export type Readiness = Readonly<{
  state: () => LibraryState;
  /** Resolves the first time the library is ready. Rejects with what no later try would mend, or when the library is closed before. */
  firstReady: Promise<void>;
  /** Looks again whether the database is there, because a statement says that it is not. */
  doubt: () => void;
}>;

/**
 * Watches whether a library may answer: tries `prepare` (migrations) until it is done, then `isSeeded` until it is true.
 * A database that is gone is tried again every `intervalMs`; any other error of `prepare` ends the watch.
 */
export function watchReadiness(options: {
  prepare: () => Promise<void>;
  isSeeded: () => Promise<boolean>;
  /** Told of the first error of a row of failed looks. */
  onTrouble: (error: unknown) => void;
  intervalMs: number;
  signal: AbortSignal;
}): Readiness {
  let state: LibraryState = 'STARTING';
  let isLooking = false;
  let isPrepared = false;
  let isTold = false;

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    try {
      for (; ; await wait(options.intervalMs, undefined, { signal: options.signal })) {
        state = await lookOnce();
        if (state === 'READY') return;
      }
    } finally {
      isLooking = false;
    }
  }

  async function lookOnce(): Promise<LibraryState> {
    try {
      if (!isPrepared) await options.prepare();
      isPrepared = true;
      const isSeeded = await options.isSeeded();
      isTold = false;
      return isSeeded ? 'READY' : 'SEEDING';
    } catch (error) {
      // A store that was brought up once is waited for, whatever is wrong with it now.
      if (!isPrepared && !isDatabaseGone(error)) throw error;
      if (!isTold) options.onTrouble(error);
      isTold = true;
      return 'STARTING';
    }
  }

  const firstReady = look();
  // Whoever waits for it hears of the failure; nobody has to.
  firstReady.catch(() => {});
  return {
    state: () => state,
    firstReady,
    doubt: () => {
      if (isLooking || options.signal.aborted) return;
      state = 'STARTING';
      look().catch(() => {
        // Only closing ends a look once the store was brought up.
      });
    },
  };
}
