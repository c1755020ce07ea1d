import type { AccessSet } from '@longyuan/access/access-set.ts';
import type { Caller } from '@longyuan/access/caller.ts';
import { EVERYTHING_VISIBLE } from '@longyuan/access/everything-visible.ts';
import { isOfRegion } from '@longyuan/access/region.ts';
import { refuse } from '@longyuan/schema/src/error-codes.ts';

/**
 * Whether the caller may see the audit of a division (null: of the province): the stewards of all departments, who are held to one score, each
 * within the region they work for, and the auditor.
 */
export function mayReadCoverage(
  { caller, access }: Readonly<{ caller: Caller; access: AccessSet }>,
  division: string | null | undefined,
): boolean {
  // Where nothing is decided, everyone on this machine is answered.
  if (access === EVERYTHING_VISIBLE) return true;
  if (caller.kind === 'auditor') return true;
  if (caller.kind !== 'department' || caller.role !== 'steward') return false;
  return caller.region === null || (division != null && isOfRegion(division, caller.region));
}

/** The refusal of whoever may not. */
export function refuseCoverage(caller: Caller) {
  return refuse(caller.kind === 'public' ? 'COVERAGE_NEEDS_TOKEN' : 'COVERAGE_NOT_YOURS');
}
