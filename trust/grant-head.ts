import { hash } from 'node:crypto';
import type { CheckingKeys } from './follow-keys.ts';
import type { SigningKey } from './keys.ts';
import { readSigned, type SignedContent, signContent } from './signed-content.ts';

/**
 * The head of an owner's list of grants: how many rows the list has, a digest over all of them, and a count of its changes that never goes
 * back. Another epoch means that the list was made anew. `at`: when it was signed.
 */
export type GrantHead = Readonly<{ library: string; epoch: string; version: number; grants: number; digest: string; at: string }>;
/** One row of the list: whose, the change that wrote it, what was signed when it was granted and, where it was revoked, then. */
export type ListedGrant = Readonly<{
  id: string;
  version: number;
  content: string;
  signature: string;
  revocation: string | null;
  revocationSignature: string | null;
}>;

const TYPE = 'longyuan-grant-head';

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
  return signContent(TYPE, head, key);
}

/** The head, where a key of its owner signed exactly this content; else null. */
export async function readHead(signed: SignedContent, keys: CheckingKeys): Promise<GrantHead | null> {
  const said = await readSigned(TYPE, signed, keys);
  if (!said) return null;
  const { library, epoch, version, grants, digest, at } = said;
  if (typeof library !== 'string' || typeof epoch !== 'string' || typeof digest !== 'string' || typeof at !== 'string') return null;
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1 || typeof grants !== 'number') return null;
  return { library, epoch, version, grants, digest, at };
}
