import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { answerOffer, OFFER_LIFE_SECONDS } from './agree-seal.ts';
import { type CallToSeal, isSealed, readSeal, type SealKey } from './call-seal.ts';
import type { CheckingKeys } from './follow-keys.ts';
import type { SigningKey } from './keys.ts';
import { CLOCK_SKEW_SECONDS } from './warrant.ts';

/** What the receiver finds of a call's seal. UNKNOWN: made with a key that it does not have, as after a restart; a new one may be agreed on. */
type SealFinding =
  | Readonly<{ kind: 'SEALED' /** Notes that the call has come; false where it came before. */; spend: () => boolean }>
  | Readonly<{ kind: 'UNKNOWN' }>
  | Readonly<{ kind: 'BROKEN' }>;

/** The receiver's side of seals: one library's keys, for as long as its process lives. */
export type Seals = Readonly<{
  /** Answers a gateway's offer; null where it is not valid or came before. */
  agree: (offer: string) => Promise<string | null>;
  inspect: (call: CallToSeal, nowMs?: number) => SealFinding;
}>;

/** Gateways (and their restarts) that may be connected at once; the one that agreed first is pushed out, and agrees anew. */
const MOST_KEYS = 64;
const KEY_LIFE_MS = 24 * 3_600_000;
/** Offers remembered until they have expired; while so many come, more are refused. */
const MOST_OFFERS = 1_000;
const OFFER_REMEMBERED_MS = (OFFER_LIFE_SECONDS + 2 * CLOCK_SKEW_SECONDS) * 1_000;

/** Keeps the seal keys that gateways agree on with a library. In memory alone: what was sealed before it started opens nothing. */
export function keepSeals(parties: Readonly<{ library: string; gateway: CheckingKeys; owner: SigningKey }>): Seals {
  const kept = countKept('seals', new Map<string, Readonly<{ key: SealKey; isFirst: (count: number) => boolean; goneAtMs: number }>>());
  const isNewOffer = rememberOffers();
  return {
    agree: async (offer) => {
      const agreed = await answerOffer(offer, parties);
      if (!agreed || !isNewOffer(agreed.offerId)) return null;
      const [oldest] = kept.keys();
      if (kept.size >= MOST_KEYS && oldest !== undefined) kept.delete(oldest);
      kept.set(agreed.key.keyid, { key: agreed.key, isFirst: openReplayWindow(), goneAtMs: performance.now() + KEY_LIFE_MS });
      return agreed.answer;
    },
    inspect: (call, nowMs) => {
      const seal = readSeal(call);
      if (!seal) return { kind: 'BROKEN' };
      const found = kept.get(seal.keyid);
      if (!found || found.goneAtMs <= performance.now()) return { kind: 'UNKNOWN' };
      return isSealed(call, seal, found.key, nowMs) ? { kind: 'SEALED', spend: () => found.isFirst(seal.count) } : { kind: 'BROKEN' };
    },
  };
}

function rememberOffers(): (id: string) => boolean {
  const forgottenAtMs = new Map<string, number>();
  return (id) => {
    const nowMs = performance.now();
    // In the order in which they came, so in the order in which they are forgotten.
    for (const [known, atMs] of forgottenAtMs) {
      if (atMs > nowMs) break;
      forgottenAtMs.delete(known);
    }
    if (forgottenAtMs.has(id) || forgottenAtMs.size >= MOST_OFFERS) return false;
    forgottenAtMs.set(id, nowMs + OFFER_REMEMBERED_MS);
    return true;
  };
}

/** Counts that are remembered one by one; at 5,000 calls a second, more than the 30 seconds that a seal is valid. */
const SPAN = 262_144;

/**
 * Remembers which counts of one seal key have come (as IPsec does, RFC 4303, 3.4.3), in 32 KB that never grow: one that came before, or
 * that lies so far behind the highest that nobody remembers, is refused.
 */
export function openReplayWindow(span = SPAN): (count: number) => boolean {
  const words = new Uint32Array(span / 32);
  let highest = -1;
  /** Notes a count; false where it has to be refused. */
  return (count) => {
    if (!Number.isSafeInteger(count) || count < 0 || count <= highest - span) return false;
    if (count > highest) {
      forget(words, highest + 1, count, span);
      highest = count;
    }
    const [word, bit] = placeOf(count, span);
    const before = words[word] ?? 0;
    if ((before & bit) !== 0) return false;
    words[word] = before | bit;
    return true;
  };
}

/** Frees the places of the counts from `first` to `last`, which their forerunners of a span ago still hold. */
function forget(words: Uint32Array, first: number, last: number, span: number): void {
  if (last - first >= span) {
    words.fill(0);
    return;
  }
  for (let count = first; count <= last; count += 1) {
    const [word, bit] = placeOf(count, span);
    words[word] = (words[word] ?? 0) & ~bit;
  }
}

function placeOf(count: number, span: number): readonly [word: number, bit: number] {
  const place = count % span;
  return [Math.floor(place / 32), 2 ** (place % 32)];
}
