import type { Grant } from '@longyuan/access/grant.ts';
import type { Want } from '../quotas/keep-quotas.ts';

type Limit = Pick<Want, 'name' | 'limit'>;

/** What a grant bounds a day, each limit by the name that it is counted under. */
export type GrantLimits = Readonly<{ grant: Grant; calls: Limit; rows: Limit }>;

export const callsOf = (id: string): string => `calls ${id}`;
export const rowsOf = (id: string): string => `rows ${id}`;

export function limitsOf(grant: Grant): GrantLimits {
  const { id, callsPerDay, rowsPerDay } = grant;
  return { grant, calls: { name: callsOf(id), limit: callsPerDay }, rows: { name: rowsOf(id), limit: rowsPerDay } };
}
