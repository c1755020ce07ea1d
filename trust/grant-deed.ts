import type { Grant } from '@longyuan/access/grant.ts';
import { readGrant } from '@longyuan/access/read-grant.ts';
import { z } from 'zod';
import type { CheckingKeys } from './follow-keys.ts';
import type { SigningKey } from './keys.ts';
import { readSigned, type SignedContent, signContent } from './signed-content.ts';

const DEED = {
  type: 'longyuan-grant',
  shape: z.looseObject({ application: z.string(), answeredBy: z.string(), answeredAt: z.string() }),
};

/** A grant with what its owner wrote down of it: number of the application, account of the steward who answered, and when. */
export type GrantDeed = Grant & Readonly<{ application: string; answeredBy: string; answeredAt: string }>;

/** Writes and signs the deed of a grant with its owner's key. */
export function signDeed(deed: GrantDeed, key: SigningKey): Promise<SignedContent> {
  return signContent(DEED.type, deed, key);
}

/** The deed, where a key of its owner signed exactly this content; else null. */
export async function readDeed(signed: SignedContent, keys: CheckingKeys): Promise<GrantDeed | null> {
  const said = await readSigned(DEED, signed, keys);
  const grant = said && readGrant(said);
  return grant && { ...grant, application: said.application, answeredBy: said.answeredBy, answeredAt: said.answeredAt };
}
