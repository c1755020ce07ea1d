import type { Logger } from '@longyuan/settings/log.ts';
import { Client } from 'undici';
import type { LibraryTls } from './library-address.ts';
import { callLibrary } from './sealed-calls.ts';

/** STARTING: not up yet. SEEDING: its data are being made. READY: answers. DOWN: gave no good answer when asked last, or cannot use its database. */
export type LibraryState = 'STARTING' | 'SEEDING' | 'READY' | 'DOWN';

/** What the gateway knows of its libraries' health. */
export type LibraryHealth = Readonly<{
  stateOf(library: string): LibraryState;
  /** Every library's state, in the order of the libraries. */
  all(): readonly Readonly<{ name: string; state: LibraryState }>[];
  /** Asks this library at once, as after a call that found nobody there, or was not answered in time. */
  askNow(library: string, after?: 'late'): void;
  close(): Promise<void>;
}>;

/** Until then a library that never answered is starting, not down: embedded databases take a while on their first start. */
const STARTING_MS = 60_000;
const MAX_ANSWER_BYTES = 10_000;
/** One that is ready is asked so many times less often: calls, and the question for grants that it holds open, tell of its end before. */
const LESS_OFTEN = 10;
/** Answers missed in a row, calls and questions alike, before a library that was up counts as down: one may be a busy machine's. */
const MISSED_TO_BE_DOWN = 2;

/**
 * Asks each library's `GET /health` over and over (every `intervalMs`, one that is ready ten times less often) and keeps the last answer. One good answer is enough to be trusted again; a call that
 * would fail anyway then fails at once instead of letting callers wait.
 */
export function watchHealth(watch: {
  libraries: readonly Readonly<{ name: string }>[];
  libraryUrl: (library: string) => string;
  tls: LibraryTls;
  intervalMs: number;
  /** A library that takes longer than a call may take would not answer a call either. */
  timeoutMs: number;
  log: Logger;
}): LibraryHealth {
  const watched = new Map(watch.libraries.map(({ name }) => [name, watchOne(name, watch)]));
  return {
    stateOf: (library) => watched.get(library)?.state() ?? 'DOWN',
    all: () => [...watched].map(([name, one]) => ({ name, state: one.state() })),
    askNow: (library, after) => watched.get(library)?.askNow(after),
    close: async () => {
      await Promise.all([...watched.values()].map((one) => one.close()));
    },
  };
}

type Watched = Readonly<{ state(): LibraryState; askNow(after?: 'late'): void; close(): Promise<void> }>;

function watchOne(name: string, watch: Omit<Parameters<typeof watchHealth>[0], 'libraries'>): Watched {
  const client = new Client(watch.libraryUrl(name), { headersTimeout: 0, bodyTimeout: 0, allowH2: false, connect: watch.tls });
  const startedAtMs = performance.now();
  const cancellations = new Set<() => void>();
  let state: LibraryState = 'STARTING';
  let hasAnswered = false;
  let missed = 0;
  let asking = false;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  async function ask(): Promise<void> {
    asking = true;
    clearTimeout(timer);
    const ending = await callLibrary(client, {
      method: 'GET',
      path: '/health',
      headers: {},
      body: null,
      timeoutMs: watch.timeoutMs,
      maxBytes: MAX_ANSWER_BYTES,
      cancellations,
    });
    asking = false;
    if (closed) return;
    const told = ending.kind === 'answered' && ending.status === 200 ? readState(ending.text) : null;
    hasAnswered ||= told !== null;
    missed = ending.kind === 'late' ? missed + 1 : 0;
    if (told) become(told);
    else if (!hasAnswered && performance.now() - startedAtMs < STARTING_MS) become('STARTING');
    else if (ending.kind !== 'late' || missed >= MISSED_TO_BE_DOWN) become('DOWN');
    timer = setTimeout(ask, told === 'READY' ? LESS_OFTEN * watch.intervalMs : watch.intervalMs);
  }

  function become(next: LibraryState): void {
    if (next === state) return;
    watch.log[next === 'DOWN' ? 'warn' : 'info']({ library: name, from: state, to: next }, 'library changed its state');
    state = next;
  }

  void ask();
  return {
    state: () => state,
    askNow: (after) => {
      if (after === 'late') missed += 1;
      if (!asking && !closed) void ask();
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      for (const cancel of [...cancellations]) cancel();
      await client.destroy();
    },
  };
}

/** The state a library tells of itself; null where the answer is none. */
function readState(text: string): LibraryState | null {
  try {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null || !('state' in answer)) return null;
    const { state } = answer;
    return state === 'STARTING' || state === 'SEEDING' || state === 'READY' || state === 'DOWN' ? state : null;
  } catch {
    return null;
  }
}
