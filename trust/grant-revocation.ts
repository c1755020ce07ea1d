import { z } from 'zod';
import type { CheckingKeys } from './follow-keys.ts';
import type { SigningKey } from './keys.ts';
import { readSigned, type SignedContent, signContent } from './signed-content.ts';

const REVOCATION = {
  type: 'longyuan-grant-revocation',
  shape: z.object({ library: z.string(), grant: z.string(), revokedAt: z.string(), revokedBy: z.string(), revokedFor: z.string() }),
};

/** The end of a grant before its term, as its owner wrote it down: by whom, when (RFC 3339 in UTC) and why. */
export type GrantRevocation = Readonly<z.infer<typeof REVOCATION.shape>>;

/** Writes and signs a revocation with the owner's key, as the deed was that it ends. */
export function signRevocation(revocation: GrantRevocation, key: SigningKey): Promise<SignedContent> {
  return signContent(REVOCATION.type, revocation, key);
}

/** The revocation, where a key of its owner signed exactly this content; else null. */
export function readRevocation(signed: SignedContent, keys: CheckingKeys): Promise<GrantRevocation | null> {
  return readSigned(REVOCATION, signed, keys);
}
