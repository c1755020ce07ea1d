import { randomUUID } from 'node:crypto';
import type { DeedRow, GrantStore, SealedRow } from '@longyuan/prisma/store/grants/grant-store.ts';
import type { SigningKeys } from '@longyuan/trust/follow-keys.ts';
import { readDeed } from '@longyuan/trust/grant-deed.ts';
import { digestOfList, digestOfRow, type GrantHead, signHead } from '@longyuan/trust/grant-head.ts';
import { readRevocation, signRevocation } from '@longyuan/trust/grant-revocation.ts';

/** A grant of a list as it stands: in force, revoked, or not as its owner signed it (then it stays out of use). */
export type StandingGrant = Readonly<{ id: string; consumer: string; standing: 'GRANTED' | 'REVOKED' | 'ALTERED' }>;

const PAGE = 1_000;

/**
 * Signs a list as it stands in the database: a revocation that nobody signed is signed, so that it stays one, and the whole gets a new head,
 * counted on from `above`. This takes the database's word, so it is done once for a store of a hub that did not sign its list, and whenever the
 * owner says so. A deed that the owner did not sign stays out of use.
 * @returns what stands, and the head where it was written; null where another process was quicker.
 */
export async function signList(parts: {
  library: string;
  store: Pick<GrantStore, 'list' | 'deeds' | 'seal'>;
  keys: SigningKeys;
  above: number;
  /** False: only tells what stands. */
  isWritten: boolean;
  now?: () => Date;
}): Promise<Readonly<{ grants: readonly StandingGrant[]; head: GrantHead | null }>> {
  const { library, store, keys, now = () => new Date() } = parts;
  const { head: before, rows: listed } = await store.list();
  const at = now().toISOString();
  const grants: StandingGrant[] = [];
  const sealed: SealedRow[] = [];
  for (let from = 0; from < listed.length; from += PAGE) {
    for (const row of await store.deeds(listed.slice(from, from + PAGE).map(({ id }) => id))) {
      const deed = await readDeed(row, keys);
      const isWell = deed?.id === row.id && deed.library === library && deed.consumer === row.consumer;
      const revocation = await revocationOf(row, at);
      const digest = digestOfRow({ ...row, revocation: revocation?.content ?? null, revocationSignature: revocation?.signature ?? null });
      sealed.push({ id: row.id, digest, revocation });
      grants.push({ id: row.id, consumer: row.consumer, standing: revocation ? 'REVOKED' : isWell ? 'GRANTED' : 'ALTERED' });
    }
  }
  if (!parts.isWritten) return { grants, head: null };
  const version = Math.max(parts.above, before?.version ?? 0) + 1;
  const head = { library, epoch: randomUUID(), version, grants: sealed.length, digest: digestOfList(sealed), at };
  const signed = await signHead(head, await keys.current());
  const isDone = await store.seal(sealed, { ...head, ...signed, before: before?.signature ?? null });
  return { grants, head: isDone ? head : null };

  async function revocationOf(row: DeedRow, moment: string): Promise<SealedRow['revocation']> {
    if (row.revocation === null && row.revokedAt === null) return null;
    const signed = { content: row.revocation ?? '', signature: row.revocationSignature ?? '' };
    const known = await readRevocation(signed, keys);
    if (known?.grant === row.id && known.library === library) return { ...known, ...signed };
    const revokedAt = row.revokedAt instanceof Date ? row.revokedAt.toISOString() : moment;
    const revocation = { library, grant: row.id, revokedAt, revokedBy: row.revokedBy ?? '', revokedFor: row.revokedFor ?? '' };
    return { ...revocation, ...(await signRevocation(revocation, await keys.current())) };
  }
}

/** The list in lines for the owner's eyes. What stands in the database may be anybody's: it breaks no line and moves no cursor. */
export function tellGrants(grants: readonly StandingGrant[]): string {
  const shown = (text: string) => text.replace(/[^\x21-\x7e]/g, '?');
  return grants.map(({ id, consumer, standing }) => `  ${standing.padEnd(8)}  ${shown(id)}  of ${shown(consumer)}`).join('\n');
}
