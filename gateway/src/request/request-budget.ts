import { randomUUID } from 'node:crypto';
import type { Caller } from '@longyuan/access/caller.ts';
import { isCitizenNumber } from '@longyuan/schema/src/check-digits.ts';
import { type ErrorCode, isErrorCode } from '@longyuan/schema/src/error-codes.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import { mayHoldPerson } from '@longyuan/telemetry/plain-name.ts';
import { NO_SPAN, type Span } from '@longyuan/telemetry/span.ts';
import type { GraphQLFormattedError } from 'graphql';
import type { Place } from './place-of-caller.ts';

/** What one request takes up and spends. Where it may not, the seconds after which it may be tried again; else null. */
export type Account = Readonly<{
  place: Place;
  /** To be asked before an operation runs that may cost this much; what it takes up counts until `close`. */
  take(cost: number): Promise<number | null>;
  /** Adds what was really spent. */
  spend(cost: number): void;
  /** What the request takes up now. */
  taken(): number;
  /** To be called once its answer has left, or will never leave. */
  close(): void;
}>;

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

/** What a request turns out to be on its way, for its line in the log and its figures: nothing of whom it is about, or what it brings. */
export type RequestNotes = {
  caller: Caller | null;
  /** The operation's name, where it is a plain one, and its kind. */
  operation: string | null;
  kind: string | null;
  /** How many errors of each code its answer holds. */
  readonly codes: Map<ErrorCode, number>;
};

export function openNotes(): RequestNotes {
  return { caller: null, operation: null, kind: null, codes: new Map() };
}

/** Notes an error of the answer. */
export function noteCode({ codes }: RequestNotes, code: unknown): void {
  const known = isErrorCode(code) ? code : 'INTERNAL';
  codes.set(known, (codes.get(known) ?? 0) + 1);
}

/** The codes of an answer with this status: a refusal that nobody noted is told by the status. */
export function codesOf({ codes }: RequestNotes, status: number): ReadonlyMap<ErrorCode, number> {
  if (codes.size > 0 || status < 400 || status === CLIENT_LEFT) return codes;
  return new Map([[status < 500 ? 'BAD_USER_INPUT' : 'INTERNAL', 1]]);
}

/** What is said instead of a status where the client left before it had its answer. No answer carries it. */
export const CLIENT_LEFT = 499;

/** The header that every answer carries and every call to a library passes on. */
export const REQUEST_ID_HEADER = 'x-request-id';

const WELL_FORMED = /^[A-Za-z0-9._-]{8,64}$/;
/** As a token begins. */
const TOKEN = /eyJ/;

/**
 * The caller's own request id where it is well formed (8 to 64 letters, digits, dots, lines) and no number of a person, in whatever groups, and no
 * token, else a new one.
 */
export function readRequestId(header: string | readonly string[] | undefined): string {
  if (typeof header !== 'string' || !WELL_FORMED.test(header)) return randomUUID();
  return mayHoldPerson(header) || TOKEN.test(header) || hasCitizenNumber(header.replace(/[._-]/g, '')) ? randomUUID() : header;
}

/** Eighteen digits may be a moment and a count as well: what is written in groups has to have a birth date and the check digit. */
function hasCitizenNumber(bare: string): boolean {
  return [...bare.matchAll(/(?=(\d{17}[\dXx]))/g)].some(([, digits = '']) => isCitizenNumber(digits.toUpperCase()));
}
