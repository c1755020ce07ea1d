import type { Grant } from '@longyuan/access/grant.ts';
import { readGrant } from '@longyuan/access/read-grant.ts';
import type { CheckingKeys } from './follow-keys.ts';
import type { SigningKey } from './keys.ts';
import { readSigned, type SignedContent, signContent } from './signed-content.ts';

/** A grant with what its owner wrote down of it: number of the application, account of the steward who answered, and when. */
export type GrantDeed = Grant & Readonly<{ application: string; answeredBy: string; answeredAt: string }>;

const TYPE = 'longyuan-grant';

/** Writes and signs the deed of a grant with its owner's key. */
export function signDeed(deed: GrantDeed, key: SigningKey): Promise<SignedContent> {
  return signContent(TYPE, deed, key);
}

/** The deed, where a key of its owner signed exactly this content; else null. */
export async function readDeed(signed: SignedContent, keys: CheckingKeys): Promise<GrantDeed | null> {
  const said = await readSigned(TYPE, signed, keys);
  const grant = said && readGrant(said);
  if (!said || !grant) return null;
  const { application, answeredBy, answeredAt } = said;
  if (typeof application !== 'string' || typeof answeredBy !== 'string' || typeof answeredAt !== 'string') return null;
  return { ...grant, application, answeredBy, answeredAt };
}
