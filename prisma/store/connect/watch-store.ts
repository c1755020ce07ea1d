import { type DatabaseTrouble, readTrouble } from './database-trouble.ts';

/**
 * What is known of a library's store: it was not asked yet; its rows are being made; it was there, took writes and read what was asked of it when
 * it was looked at last; it cannot be used.
 */
export type StoreState = 'STARTING' | 'SEEDING' | 'READY' | 'DOWN';

/** A store that no waiting mends: only another version of the hub, or someone who puts back what was changed. */
export class StoreRefused extends Error {}

export type WatchedStore = Readonly<{
  state: () => StoreState;
  /** Resolves the first time it is READY. Rejects where it is refused, if that ends the watch, or when the watch is ended before. */
  firstReady: Promise<void>;
  /** Tells of what a question met; where that speaks of the database, it is looked at again. @returns what it speaks of. */
  doubt: (error?: unknown) => DatabaseTrouble | null;
}>;

/** Longest pause between two looks at a database that cannot be used, and between two at one that can while nobody doubts it. */
const LONGEST_PAUSE_MS = 10_000;
/** However many doubt it, it is looked at no more often. */
const LEAST_PAUSE_MS = 100;
/** The same trouble is told again only after so long. */
const TOLD_AGAIN_MS = 60_000;

/**
 * Watches whether a store may be asked. Whatever is wrong with the database is waited for in place, with pauses that grow, and told once;
 * the state follows what a look finds, not what a question met: a slow question makes nobody else wait.
 */
export function watchStore(options: {
  /** Brings the store up; done once, and again after it was not there. @throws StoreRefused */
  prepare: () => Promise<void>;
  /** Looks whether the database can be used, and is filled. */
  look: () => Promise<'READY' | 'SEEDING'>;
  /** Told before the state becomes DOWN, and before it becomes anything else. */
  onDown?: (error: unknown) => void;
  onUp?: () => Promise<void>;
  /** Whether a store that is refused ends the watch; otherwise it is waited for like any other. */
  endsRefused: boolean;
  log: Readonly<{ warn: (facts: object, message: string) => void }>;
  /** The first pause after a look that found trouble, and the pause while rows are made. */
  intervalMs: number;
  signal: AbortSignal;
  nowMs?: () => number;
}): WatchedStore {
  const { signal, log, nowMs = () => performance.now() } = options;
  let state: StoreState = 'STARTING';
  let isPrepared = false;
  let isDoubted = false;
  let endPause = (): void => {};
  let told: Readonly<{ what: string; atMs: number }> | null = null;
  const first = Promise.withResolvers<void>();
  // Whoever waits for it hears of the failure; nobody has to.
  first.promise.catch(() => {});

  async function watch(): Promise<void> {
    for (let failed = 0; !signal.aborted; ) {
      isDoubted = false;
      const next = await lookOnce();
      failed = next === 'DOWN' ? failed + 1 : 0;
      if (next !== 'DOWN' && state === 'DOWN') log.warn({ state: next }, 'the database can be used again');
      state = next;
      if (state === 'READY') first.resolve();
      const { intervalMs } = options;
      if (state !== 'READY') await pause(Math.min(intervalMs * 2 ** Math.max(0, failed - 1), LONGEST_PAUSE_MS));
      else await pause(isDoubted ? Math.min(intervalMs, LEAST_PAUSE_MS) : LONGEST_PAUSE_MS);
    }
    throw signal.reason;
  }

  async function lookOnce(): Promise<StoreState> {
    try {
      if (!isPrepared) await options.prepare();
      isPrepared = true;
      const found = await options.look();
      if (state !== 'READY') await options.onUp?.();
      return found;
    } catch (error) {
      if (signal.aborted || (options.endsRefused && error instanceof StoreRefused)) throw error;
      // Migrated once is not for ever: a database can be put in the place of another.
      isPrepared = false;
      tell(error, 'the database cannot be used; it is tried again');
      options.onDown?.(error);
      return 'DOWN';
    }
  }

  function tell(error: unknown, message: string): void {
    const unknown = { code: null, reason: error instanceof StoreRefused ? error.message : 'the store cannot be brought up' };
    const { code, reason } = readTrouble(error) ?? unknown;
    const what = `${code} ${reason}`;
    if (told?.what === what && nowMs() - told.atMs < TOLD_AGAIN_MS) return;
    told = { what, atMs: nowMs() };
    log.warn({ err: error, code, reason }, message);
  }

  /** Ends early when a state that was READY is doubted. */
  function pause(ms: number): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      signal.addEventListener('abort', end);
      endPause = () => {
        if (state === 'READY') end();
      };
    });
  }

  watch().catch(first.reject);
  return {
    state: () => state,
    firstReady: first.promise,
    doubt: (error) => {
      const trouble = error === undefined ? null : readTrouble(error);
      if (error !== undefined && !trouble) return null;
      if (trouble) tell(error, 'a question met trouble with the database');
      isDoubted = true;
      endPause();
      return trouble;
    },
  };
}
