import type { CheckingKeys } from './follow-keys.ts';
import type { SigningKey } from './keys.ts';
import { readSigned, type SignedContent, signContent } from './signed-content.ts';

/** The end of a grant before its term, as its owner wrote it down: by whom, when (RFC 3339 in UTC) and why. */
export type GrantRevocation = Readonly<{ library: string; grant: string; revokedAt: string; revokedBy: string; revokedFor: string }>;

const TYPE = 'longyuan-grant-revocation';

/** Writes and signs a revocation with the owner's key, as the deed was that it ends. */
export function signRevocation(revocation: GrantRevocation, key: SigningKey): Promise<SignedContent> {
  return signContent(TYPE, revocation, key);
}

/** The revocation, where a key of its owner signed exactly this content; else null. */
export async function readRevocation(signed: SignedContent, keys: CheckingKeys): Promise<GrantRevocation | null> {
  const said = await readSigned(TYPE, signed, keys);
  if (!said) return null;
  const { library, grant, revokedAt, revokedBy, revokedFor } = said;
  if (typeof library !== 'string' || typeof grant !== 'string' || typeof revokedAt !== 'string') return null;
  if (typeof revokedBy !== 'string' || typeof revokedFor !== 'string') return null;
  return { library, grant, revokedAt, revokedBy, revokedFor };
}
