import { randomUUID } from 'node:crypto';
import { badUserInput } from '@longyuan/schema/src/refuse.ts';
import type { AuthorizationRow, LicenseRow } from './store.ts';

/** What the holder gives leave for; `until` is a moment, RFC 3339. */
export type Leave = Readonly<{ department: string; purpose: string; until: string }>;

/**
 * The authorisation (加注件) that the holder of a license gives now; null where the license is missing or not valid.
 * @throws GraphQLError `BAD_USER_INPUT` naming `until` unless that is in the future and at most one year ahead.
 */
export function authorizeUse(license: LicenseRow | null, leave: Leave, now = new Date()): AuthorizationRow | null {
  const [authorizedAt, until] = [toSecond(now), toSecond(new Date(leave.until))];
  if (!(until > now)) throw badUserInput('Mutation.authorizeUse(until:)', 'IN_FUTURE');
  if (until > aYearAfter(now)) throw badUserInput('Mutation.authorizeUse(until:)', 'WITHIN_A_YEAR');
  if (license?.state !== 'VALID') return null;
  return { no: randomUUID(), licenseId: license.id, department: leave.department, purpose: leave.purpose, authorizedAt, until };
}

/** The store keeps whole seconds; what is answered is what is kept. */
function toSecond(moment: Date): Date {
  return new Date(Math.floor(moment.getTime() / 1000) * 1000);
}

function aYearAfter(moment: Date): Date {
  const later = new Date(moment);
  later.setUTCFullYear(later.getUTCFullYear() + 1);
  return later;
}
