import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { QualityCheck } from '@longyuan/schema/src/quality/quality-checks.ts';
import type { SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { type LibraryQuestions, measureLibrary } from './measure-library.ts';
import type { QualityStore } from './quality-store.ts';

/** Runs over the libraries: one at a time in this gateway, whoever asks for them. */
export type QualityRuns = Readonly<{
  /** Has the library measured as soon as its turn comes; a run of it that waits or runs already is enough. Its id. */
  start(library: string): Promise<string>;
  /** Ends the run under way, which is FAILED then. */
  close(): Promise<void>;
}>;

/** How often the clock is looked at, and first so long after the start: then the hub has better things to do. */
const LOOK_EVERY_MS = 10 * 60_000;
/** A library that always tells of more rows holds up the others no longer. */
const LONGEST_RUN_MS = 12 * 3_600_000;

export function openQualityRuns(parts: {
  libraries: readonly string[];
  facts: SharingFacts;
  checks: readonly QualityCheck[];
  questions: LibraryQuestions;
  store: QualityStore;
  /** Hours between two runs that nobody asked for; 0: none. */
  intervalHours: number;
  /** A run that takes longer has failed. */
  longestRunMs?: number;
  log: Pick<Logger, 'info' | 'warn'>;
}): QualityRuns {
  const { facts, checks, questions, store, longestRunMs = LONGEST_RUN_MS, log } = parts;
  /** As what the hub does for itself: a run goes on when the call that gave the occasion is over. */
  const asItself = AsyncLocalStorage.snapshot();
  const closing = new AbortController();
  const waiting = new Map<string, Promise<string>>();
  let line: Promise<void> = Promise.resolve();

  async function run(id: string, library: string): Promise<void> {
    try {
      await store.beginRun(id);
      const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(longestRunMs)]);
      const { rows, findings } = await measureLibrary({ library, facts, checks, questions, signal });
      await store.endRun({ id, library, rows }, findings);
      log.info({ library, rows }, 'the quality of a library was measured');
    } catch (error) {
      if (!closing.signal.aborted) log.warn({ err: error, library }, 'the quality of a library could not be measured');
      // Where the directory is gone too, the run is FAILED when the library's next one begins.
      await store.failRun(id).catch(() => {});
    } finally {
      waiting.delete(library);
    }
  }

  function start(library: string): Promise<string> {
    const known = waiting.get(library);
    if (known) return known;
    const id = randomUUID();
    const opened = store.openRun(id, library).then(
      () => {
        line = line.then(() => (closing.signal.aborted ? undefined : asItself(() => run(id, library))));
        return id;
      },
      (error: unknown) => {
        waiting.delete(library);
        throw error;
      },
    );
    waiting.set(library, opened);
    return opened;
  }

  /** Starts what is due: other gateways look at the same runs. */
  async function look(): Promise<void> {
    const since = new Date(Date.now() - parts.intervalHours * 3_600_000);
    const measured = await store.librariesSince(since);
    for (const library of parts.libraries.filter((name) => !measured.includes(name))) await start(library);
  }
  const timer =
    parts.intervalHours > 0
      ? setInterval(() => {
          look().catch((error: unknown) => log.warn({ err: error }, 'no run of quality could be started; it is tried again'));
        }, LOOK_EVERY_MS).unref()
      : undefined;

  return {
    start,
    close: async () => {
      clearInterval(timer);
      closing.abort();
      await line;
    },
  };
}
