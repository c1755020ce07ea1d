import type { AccessSet } from '@longyuan/schema/src/access/access-set.ts';
import type { Caller } from '@longyuan/schema/src/access/caller.ts';
import { EVERYTHING_VISIBLE } from '@longyuan/schema/src/access/everything-visible.ts';
import { refuse } from '@longyuan/schema/src/error-codes.ts';

/** Whether the caller may see the audit: the stewards of all departments, who are held to one score, and the auditor. */
export function mayReadCoverage({ caller, access }: Readonly<{ caller: Caller; access: AccessSet }>): boolean {
  // Where nothing is decided, everyone on this machine is answered.
  if (access === EVERYTHING_VISIBLE) return true;
  return caller.kind === 'auditor' || (caller.kind === 'department' && caller.role === 'steward');
}

/** The refusal of whoever may not. */
export function refuseCoverage(caller: Caller) {
  return refuse(
    caller.kind === 'public' ? 'UNAUTHENTICATED' : 'ITEM_NOT_SHARED',
    'Coverage is told to stewards of departments and to the auditor.',
  );
}
