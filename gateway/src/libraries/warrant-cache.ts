import { hash } from 'node:crypto';
import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import type { SigningKeys } from '@longyuan/trust/follow-keys.ts';
import { signWarrant, WARRANT_LIFE_SECONDS, type Warrant } from '@longyuan/trust/warrant.ts';

/** Half of a warrant's life: what is sent always has the other half left for clocks that differ and calls that queue. */
const RENEWED_AFTER_MS = (WARRANT_LIFE_SECONDS * 1000) / 2;
/** Warrants kept, some 1 KB each; the first to be signed goes first. */
const MOST_KEPT = 4_000;

type Kept = { readonly signedAtMs: number; token: string | Promise<string> };

/**
 * Hands out warrants, signed once per library, caller, purpose and items, and renewed in time: signing costs more than the call it opens. One
 * that is signed is there at once.
 */
export function keepWarrants(keys: SigningKeys, now: () => number = Date.now): (warrant: Warrant) => string | Promise<string> {
  // An LRU costs more at each look than it would save here: within half a minute each is signed anew and stands last.
  const kept = countKept('warrants', new Map<string, Kept>());
  return (warrant) => {
    // Only the last of them may have spaces in it.
    const name = `${warrant.library} ${warrant.purpose} ${nameOf(warrant.items)} ${nameOfTold(warrant.own)} ${JSON.stringify(warrant.caller)}`;
    const known = kept.get(name);
    const ageMs = known ? now() - known.signedAtMs : Number.POSITIVE_INFINITY;
    // A negative age is a clock that was set back: the warrant would claim to be from the future.
    if (known && ageMs >= 0 && ageMs < RENEWED_AFTER_MS) return known.token;
    const token = keys.current().then((key) => signWarrant(warrant, key));
    const made: Kept = { signedAtMs: now(), token };
    kept.delete(name);
    const [oldest] = kept.keys();
    if (kept.size >= MOST_KEPT && oldest !== undefined) kept.delete(oldest);
    kept.set(name, made);
    token.then(
      (signed) => {
        made.token = signed;
      },
      () => kept.delete(name),
    );
    return token;
  };
}

/** The items of a fetch are one list for as long as the fetch is known: it is named once. */
const names = new WeakMap<readonly string[], string>();

function nameOf(items: readonly string[]): string {
  return names.getOrInsertComputed(items, () => hash('sha256', items.join(' '), 'base64url'));
}

/** By their signatures, 86 characters each. */
function nameOfTold(own: readonly string[] = []): string {
  return own.map((token) => token.slice(-86)).join(',');
}
