import type { AccessSet } from '@longyuan/access/access-set.ts';
import type { Caller } from '@longyuan/access/caller.ts';
import { EVERYTHING_VISIBLE } from '@longyuan/access/everything-visible.ts';

/** Who asks, and what they may have. */
export type Asking = Readonly<{ caller: Caller; access: AccessSet }>;

/**
 * Whether the caller acts for the owner of the data as its steward: sees keys of failing rows, has data measured, answers objections. Figures
 * and records of a library are not told apart by division, so a steward who works for one region alone does not.
 */
export function maySteward({ caller, access }: Asking, ownerUscc: string): boolean {
  // Nothing is decided yet, and everyone on this machine is answered.
  if (access === EVERYTHING_VISIBLE) return true;
  return isSteward({ caller, access }) && caller.kind === 'department' && caller.uscc === ownerUscc;
}

/** Whether the caller is the steward of a whole department, be it this owner's or not: nobody else measures or answers anything. */
export function isSteward({ caller, access }: Asking): boolean {
  if (access === EVERYTHING_VISIBLE) return true;
  return caller.kind === 'department' && caller.role === 'steward' && caller.region === null;
}

/** Whether the caller may see how good the owner's data are, and the objections to them: its steward, and the auditor. */
export function maySeeQuality(asking: Asking, ownerUscc: string): boolean {
  return asking.caller.kind === 'auditor' || maySteward(asking, ownerUscc);
}

/**
 * Whether the caller may be told which record an objection is to, and so whether there is one: the owner's developers, who may see its records
 * anyway, and all of them. Its stewards never see values, and who objects may be one of them.
 */
export function mayNameRecord({ caller, access }: Asking, ownerUscc: string): boolean {
  if (access === EVERYTHING_VISIBLE) return true;
  return caller.kind === 'department' && caller.role === 'developer' && caller.uscc === ownerUscc && caller.region === null;
}

/** What is kept of an objector: the kind of caller, and the department where it is one. Never a person. */
export function objectorOf(caller: Caller): Readonly<{ kind: string; department: string | null }> {
  return { kind: caller.kind, department: caller.kind === 'department' ? caller.uscc : null };
}
