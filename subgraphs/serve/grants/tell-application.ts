import type { ApplicationRow } from '@longyuan/prisma/grants/grant-store.ts';
import type { OwnGrants } from './keep-grants.ts';

/**
 * An application as the owner tells it. `deed` and the revocation are what was signed, and null where the row of the grant is not the one that
 * the signed list has (`isAltered`): nothing unsigned is told of a grant.
 */
export type ToldApplication = Omit<ApplicationRow, 'granted'> &
  Readonly<{ grantId: string | null; deed: string | null; revokedAt: string | null; revokedFor: string | null; isAltered: boolean }>;

/** Tells an application with the grant that answered it, as the owner's list has it. */
export function tellApplication({ granted, ...application }: ApplicationRow, grants: Pick<OwnGrants, 'isListed'>): ToldApplication {
  const nothing = { grantId: null, deed: null, revokedAt: null, revokedFor: null };
  if (!granted) return { ...application, ...nothing, isAltered: application.state === 'GRANTED' };
  if (!grants.isListed(granted)) return { ...application, ...nothing, grantId: granted.id, isAltered: true };
  // The list's own row: what it holds was signed by the owner.
  const revocation: Partial<Record<'revokedAt' | 'revokedFor', string>> = granted.revocation === null ? {} : JSON.parse(granted.revocation);
  return {
    ...application,
    ...{ grantId: granted.id, deed: granted.content, isAltered: application.state !== 'GRANTED' },
    ...{ revokedAt: revocation.revokedAt ?? null, revokedFor: revocation.revokedFor ?? null },
  };
}
