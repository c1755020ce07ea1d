import { createHash } from 'node:crypto';
import type { Caller } from '@longyuan/access/caller.ts';
import { dayInProvince } from '@longyuan/schema/src/province-day.ts';
import type { RefusalId } from '@longyuan/schema/src/words/catalogue.ts';
import { workdayAfter } from './working-days.ts';

/** Open objections to one resource that these callers may have together; more are refused until its owner answers some, with `full`. */
export type ObjectionRoom = Readonly<{ most: number; full: Extract<RefusalId, `OBJECTIONS_OF_${string}`> }>;

/** The room of a caller. Each kind has its own and each department has its own, so that nobody takes that of the others. */
export function roomOf({ kind }: Caller): ObjectionRoom {
  switch (kind) {
    case 'public':
      return { most: 500, full: 'OBJECTIONS_OF_ANYONE' };
    case 'department':
      return { most: 200, full: 'OBJECTIONS_OF_DEPARTMENT' };
    case 'citizen':
      return { most: 1_000, full: 'OBJECTIONS_OF_CITIZENS' };
    case 'agent':
      return { most: 1_000, full: 'OBJECTIONS_OF_FIRMS' };
    case 'auditor':
      return { most: 1_000, full: 'OBJECTIONS_OF_AUDITORS' };
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

/** What is kept of an objector: the kind of caller, and the department where it is one. Never a person. */
export function objectorOf(caller: Caller): Readonly<{ kind: string; department: string | null }> {
  return { kind: caller.kind, department: caller.kind === 'department' ? caller.uscc : null };
}

/** Working days that an owner has to answer an objection (异议核实). */
const WORKING_DAYS_TO_ANSWER = 5;

/** The last day on which an answer is in time, YYYY-MM-DD: the fifth working day after the day it was raised on. */
export function dueDay(raisedAtMs: number): string {
  return workdayAfter(dayInProvince(raisedAtMs), WORKING_DAYS_TO_ANSWER);
}

/** Whether the day has passed in the province. */
export function isPast(day: string, nowMs: number): boolean {
  return day < dayInProvince(nowMs);
}
