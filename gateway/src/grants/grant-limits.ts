import type { Grant } from '@longyuan/schema/src/access/grant.ts';
import type { Want } from '../quotas/keep-quotas.ts';

/** What a grant bounds a day. */
export type GrantLimit = 'callsPerDay' | 'rowsPerDay';

/** The limits of grants by the names that they are counted under. */
export const callsOf = (id: string): string => `calls ${id}`;
export const rowsOf = (id: string): string => `rows ${id}`;

/** So many calls and rows of a grant. */
export function wantsOf(
  { id, callsPerDay, rowsPerDay }: Grant,
  { calls, rows }: Readonly<{ calls: number; rows: number }>,
): readonly Want[] {
  return [
    { name: callsOf(id), limit: callsPerDay, amount: calls },
    { name: rowsOf(id), limit: rowsPerDay, amount: rows },
  ];
}

/** Which limit of a grant a name is that of. */
export function limitNamed(name: string, { id }: Pick<Grant, 'id'>): GrantLimit | null {
  if (name === callsOf(id)) return 'callsPerDay';
  return name === rowsOf(id) ? 'rowsPerDay' : null;
}
