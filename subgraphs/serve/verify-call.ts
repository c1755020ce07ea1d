import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import type { CheckingKeys } from '@longyuan/trust/follow-keys.ts';
import { type ValidWarrant, verifyWarrant, type Warrant } from '@longyuan/trust/warrant.ts';
import { LRUCache } from 'lru-cache';
import type { ReadTold, ToldBy } from './own-rows.ts';

/** A warrant as calls are held against it. */
export type AcceptedWarrant = Pick<Warrant, 'caller' | 'purpose'> &
  Readonly<{ items: Pick<ReadonlySet<string>, 'has'> /** Of the caller's own rows, by other libraries. */; told?: ToldBy }>;

/** Most tokens remembered, some 3 KB each, more where they name many items; the gateway uses one for many calls. */
const KEPT = { max: 4_000, maxSize: 16_000_000 };
const ITEM_BYTES = 100;

/**
 * A check of the gateway's warrant for one library: the warrant, or null when there is no valid one. A token that proved valid is not
 * checked again until it expires, and its warrant is there at once: nothing waits in the way of most calls.
 */
export function rememberWarrants(library: string, keys: CheckingKeys, readTold: ReadTold = nothingTold) {
  const known = countKept('warrants', new LRUCache<string, AcceptedWarrant & Pick<ValidWarrant, 'expiresAtMs'>>(KEPT));

  return (token: string | undefined): AcceptedWarrant | Promise<AcceptedWarrant | null> | null => {
    if (token === undefined) return null;
    const remembered = known.get(token);
    // Clock skew is granted when a token is verified, not while it is remembered.
    if (remembered && remembered.expiresAtMs > Date.now()) return remembered;
    known.delete(token);
    return verify(token);
  };

  async function verify(token: string): Promise<AcceptedWarrant | null> {
    const warrant = await verifyWarrant(token, library, keys);
    if (!warrant) return null;
    const { caller, purpose, own } = warrant;
    const { told, expiresAtMs } = await readTold(own, caller);
    const accepted = { caller, purpose, items: new Set(warrant.items), told, expiresAtMs: Math.min(warrant.expiresAtMs, expiresAtMs) };
    // What could not be believed now, as right after a rotation, may be the next time.
    if (told.size === own.length) known.set(token, accepted, { size: token.length + warrant.items.length * ITEM_BYTES });
    return accepted;
  }
}

const nothingTold: ReadTold = async () => ({ told: new Map(), expiresAtMs: Number.POSITIVE_INFINITY });
