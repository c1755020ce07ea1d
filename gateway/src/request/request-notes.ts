import type { Caller } from '@longyuan/access/caller.ts';
import { type ErrorCode, isErrorCode } from '@longyuan/schema/src/error-codes.ts';

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
