import { createHash } from 'node:crypto';
import type { Caller } from '@longyuan/schema/src/access/caller.ts';

/** Open objections to one resource that these callers may have together; more are refused until its owner answers some. */
export type ObjectionRoom = Readonly<{ most: number; of: string }>;

/** The room of a caller. Each kind has its own and each department has its own, so that nobody takes that of the others. */
export function roomOf({ kind }: Caller): ObjectionRoom {
  switch (kind) {
    case 'public':
      return { most: 500, of: 'callers without a token' };
    case 'department':
      return { most: 200, of: 'one department' };
    case 'citizen':
    case 'agent':
    case 'auditor':
      return { most: 1_000, of: `callers of the kind ${kind}` };
    default:
      return kind satisfies never;
  }
}

/** Objections that one caller may raise in a day. */
export const MOST_A_DAY = 20;

/**
 * As whom a caller is counted, for the day: a name that tells nothing of who it is. Null for those who are counted by what is stored of them:
 * everyone, and departments.
 */
export function raiserOf(caller: Caller): string | null {
  const account = accountOf(caller);
  return account === null ? null : createHash('sha256').update(`${caller.kind} ${account}`).digest('base64url');
}

function accountOf(caller: Caller): string | null {
  switch (caller.kind) {
    case 'citizen':
      return caller.person;
    case 'agent':
      return caller.uscc;
    case 'auditor':
      return caller.sub;
    default:
      return null;
  }
}
