import { refuse } from '@longyuan/schema/src/error-codes.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import { NO_SPAN, type Span } from '@longyuan/telemetry/span.ts';
import type { GraphQLFormattedError } from 'graphql';
import type { Account } from './fairness/limit-cost.ts';
import { openNotes, type RequestNotes } from './observe/watch-requests.ts';

/**
 * What one request may still spend, and what runs on its behalf. Travels with the request to every call to a library.
 * Times are milliseconds of `performance.now()`, which no change of the clock moves.
 */
export type RequestBudget = {
  readonly requestId: string;
  /** Its part of a trace, below which everything that is done for it stands. */
  readonly span: Span;
  /** What is told of it once it is over. */
  readonly notes: RequestNotes;
  endsAtMs: number;
  /** Values and bytes of answers that came from libraries until now. */
  values: number;
  bytes: number;
  /** Calls to libraries that its plans make. */
  fetches: number;
  /** The planning that is under way, as a part of its trace. */
  planning: Span | null;
  /** Whose request it is, for those with whom it shares the hub; null until that is known, and for what the hub asks for itself. */
  account: Account | null;
  /** Libraries that let this request wait once: they are not waited for a second time. */
  readonly silentLibraries: Set<string>;
  /** Ends each call that still runs. */
  readonly cancellations: Set<() => void>;
};

/** The budget of a request that came in now. */
export function openBudget(
  requestId: string,
  requestTimeoutMs: number,
  of: Partial<Pick<RequestBudget, 'account' | 'span'>> = {},
): RequestBudget {
  return {
    requestId,
    span: of.span ?? NO_SPAN,
    notes: openNotes(),
    endsAtMs: performance.now() + requestTimeoutMs,
    values: 0,
    bytes: 0,
    fetches: 0,
    planning: null,
    account: of.account ?? null,
    silentLibraries: new Set(),
    cancellations: new Set(),
  };
}

/** Milliseconds that are left; 0 when none are. */
export function remainingMs(budget: RequestBudget): number {
  return Math.max(0, budget.endsAtMs - performance.now());
}

/** Ends every call that still runs for a request whose client has left, and begins no other. */
export function cancelCalls(budget: RequestBudget): void {
  budget.endsAtMs = 0;
  for (const cancel of [...budget.cancellations]) cancel();
}

/** Settles what a request cost, once nothing more is asked for it. It may be settled again. */
export function settleBudget(budget: RequestBudget): void {
  budget.account?.spend(budget.values);
  budget.account?.close();
  budget.account = null;
}

/** Whether the client has left before its answer. */
export function hasLeft({ endsAtMs }: RequestBudget): boolean {
  return endsAtMs === 0;
}

/** How much libraries may bring together for one request: shaping and writing more would hold up everybody else. */
export type AnswerLimits = Readonly<Pick<Settings, 'maxValues' | 'maxAnswerBytes'>>;

/** Adds an answer to what libraries brought for a request; the error that names the limit where that is more than they may, else null. */
export function spendAnswer(
  budget: RequestBudget,
  answer: Readonly<{ values: number; bytes: number }>,
  { maxValues, maxAnswerBytes }: AnswerLimits,
): GraphQLFormattedError | null {
  budget.values += answer.values;
  budget.bytes += answer.bytes;
  const values = { limit: 'HUB_MAX_VALUES', value: maxValues };
  if (budget.values > maxValues) return refuse('TOO_MANY_VALUES', { number: maxValues, limit: values.limit }, values).toJSON();
  const bytes = { limit: 'HUB_MAX_ANSWER_BYTES', value: maxAnswerBytes };
  return budget.bytes > maxAnswerBytes ? refuse('TOO_MANY_BYTES', { number: maxAnswerBytes }, bytes).toJSON() : null;
}
