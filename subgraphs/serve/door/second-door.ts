import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { digestOf } from '@longyuan/trust/call-seal.ts';
import type { CheckingKeys } from '@longyuan/trust/follow-keys.ts';
import { keepSeals } from '@longyuan/trust/keep-seals.ts';
import type { SigningKey } from '@longyuan/trust/keys.ts';
import { type ValidWarrant, verifyWarrant, WARRANT_HEADER, type Warrant } from '@longyuan/trust/warrant.ts';
import { LRUCache } from 'lru-cache';
import type { ReadTold, ToldBy } from './find-own-rows.ts';

/** A warrant as calls are held against it. */
export type AcceptedWarrant = Pick<Warrant, 'caller' | 'purpose'> &
  Readonly<{ items: Pick<ReadonlySet<string>, 'has'> /** Of the caller's own rows, by other libraries. */; told?: ToldBy }>;

/** A call before its body is read. `target`: path and query, as they stand in the request line. */
export type CallHead = Readonly<{
  method: string;
  target: string;
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}>;

/** A call whose head is in order; `isSealedBody` says whether the body is the one that was sealed, and comes for the first time. */
export type AdmittedCall = Readonly<{ warrant: AcceptedWarrant; isSealedBody: (body: Uint8Array) => boolean }>;

/** Why a call is not admitted. Only that its seal's key is not known is told: the gateway then agrees on another. */
type NotAdmitted = 'SEAL_UNKNOWN' | 'REFUSED';

/** What becomes of a call at its head. */
export type Admission = AdmittedCall | NotAdmitted;

/** The one place where a library decides whom it answers. */
export type SecondDoor = Readonly<{
  /** At once where the warrant is remembered. */
  admit: (head: CallHead) => Admission | Promise<Admission>;
  /** Answers a gateway's offer of a seal key; null where it is not valid. */
  agree: (offer: string) => Promise<string | null>;
}>;

/** Admits calls that carry a warrant for this very library under a seal over all that matters of the call. */
export function openSecondDoor(
  parties: Readonly<{ library: string; gateway: CheckingKeys; owner: SigningKey; readTold?: ReadTold }>,
): SecondDoor {
  const seals = keepSeals(parties);
  const warrantIn = rememberWarrants(parties.library, parties.gateway, parties.readTold);
  return {
    agree: seals.agree,
    admit: ({ method, target, headers }) => {
      const { 'content-digest': contentDigest, [WARRANT_HEADER]: token } = headers;
      // A query is not sealed, and nothing here reads one.
      if (typeof contentDigest !== 'string' || typeof token !== 'string' || target.includes('?')) return 'REFUSED';
      const finding = seals.inspect({ method, path: target, headers, contentDigest });
      if (finding.kind !== 'SEALED') return finding.kind === 'UNKNOWN' ? 'SEAL_UNKNOWN' : 'REFUSED';
      const under = (warrant: AcceptedWarrant | null): Admission =>
        warrant ? { warrant, isSealedBody: (body) => digestOf(body) === contentDigest && finding.spend() } : 'REFUSED';
      const found = warrantIn(token);
      return found instanceof Promise ? found.then(under) : under(found);
    },
  };
}

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
