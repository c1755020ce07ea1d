import type { ApplicationRow } from '@longyuan/prisma/store/grants/grant-store.ts';
import type { CheckingKeys } from '@longyuan/trust/follow-keys.ts';
import { isApplicationSigned } from '@longyuan/trust/grant-application.ts';
import type { OwnGrants } from './own-grants.ts';

/**
 * An application as the owner tells it. `deed` and the revocation are what was signed, and null where the row of the grant is not the one that
 * the signed list has: nothing unsigned is told of a grant. `isAltered` then, and where what waits for an answer is not what the owner took in.
 */
export type ToldApplication = Omit<ApplicationRow, 'granted' | 'signature'> &
  Readonly<{ grantId: string | null; deed: string | null; revokedAt: string | null; revokedFor: string | null; isAltered: boolean }>;

type Parts = Readonly<{ library: Readonly<{ name: string }>; grants: Pick<OwnGrants, 'isListed'>; keys: CheckingKeys }>;

/** Tells an application with the grant that answered it, as the owner's list has it. */
export async function tellApplication(
  { granted, signature, ...application }: ApplicationRow,
  { library, grants, keys }: Parts,
): Promise<ToldApplication> {
  const nothing = { grantId: null, deed: null, revokedAt: null, revokedFor: null };
  if (!granted) {
    const isTaken = application.state !== 'OPEN' || (await isApplicationSigned({ ...application, library: library.name }, signature, keys));
    return { ...application, ...nothing, isAltered: application.state === 'GRANTED' || !isTaken };
  }
  if (!grants.isListed(granted)) return { ...application, ...nothing, grantId: granted.id, isAltered: true };
  // The list's own row: what it holds was signed by the owner.
  const revocation: Partial<Record<'revokedAt' | 'revokedFor', string>> = granted.revocation === null ? {} : JSON.parse(granted.revocation);
  return {
    ...application,
    ...{ grantId: granted.id, deed: granted.content, isAltered: application.state !== 'GRANTED' },
    ...{ revokedAt: revocation.revokedAt ?? null, revokedFor: revocation.revokedFor ?? null },
  };
}
