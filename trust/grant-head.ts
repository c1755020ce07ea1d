import { hash } from 'node:crypto';
import { z } from 'zod';
import type { CheckingKeys } from './follow-keys.ts';
import type { SigningKey } from './keys.ts';
import { readSigned, type SignedContent, signContent } from './signed-content.ts';

const HEAD = {
  type: 'longyuan-grant-head',
  shape: z.object({
    ...{ library: z.string(), epoch: z.string(), version: z.int().min(1), grants: z.number(), digest: z.string(), at: z.string() },
  }),
};

/**
 * The head of an owner's list of grants: how many rows the list has, a digest over all of them, and a count of its changes that never goes
 * back. Another epoch means that the list was made anew. `at`: when it was signed.
 */
export type GrantHead = Readonly<z.infer<typeof HEAD.shape>>;
/** One row of the list: whose, the change that wrote it, what was signed when it was granted and, where it was revoked, then. */
export type ListedGrant = Readonly<{
  id: string;
  version: number;
  content: string;
  signature: string;
  revocation: string | null;
  revocationSignature: string | null;
}>;

/** Digest of one row; with that of any other deed, revocation, name or version it is another. */
export function digestOfRow({ id, version, content, signature, revocation, revocationSignature }: ListedGrant): string {
  return hash('sha256', JSON.stringify([id, version, content, signature, revocation, revocationSignature]));
}

/** Digest of a list by the digests of its rows, in whatever order they come. */
export function digestOfList(rows: Iterable<Readonly<{ id: string; digest: string | null }>>): string {
  const lines = [...rows].map(({ id, digest }) => JSON.stringify([id, digest])).sort();
  return hash('sha256', lines.join('\n'));
}

/** Writes and signs the head of a list with its owner's key. */
export function signHead(head: GrantHead, key: SigningKey): Promise<SignedContent> {
  return signContent(HEAD.type, head, key);
}

/** The head, where a key of its owner signed exactly this content; else null. */
export function readHead(signed: SignedContent, keys: CheckingKeys): Promise<GrantHead | null> {
  return readSigned(HEAD, signed, keys);
}
