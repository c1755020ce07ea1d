import type { SigningKey } from '@longyuan/trust/keys.ts';
import { type Caller, signWarrant, WARRANT_LIFE_SECONDS } from '@longyuan/trust/warrant.ts';

/** Half of a warrant's life: what is sent always has the other half left for clocks that differ and calls that queue. */
const RENEWED_AFTER_MS = (WARRANT_LIFE_SECONDS * 1000) / 2;

type Kept = Readonly<{ signedAtMs: number; token: Promise<string> }>;

/** Hands out warrants, signed once per library and caller and renewed in time: signing costs more than the call it opens. */
export function keepWarrants(key: SigningKey, now: () => number = Date.now): (library: string, caller: Caller) => Promise<string> {
  const kept = new Map<string, Kept>();
  return (library, caller) => {
    const name = `${library} ${caller.kind}`;
    const known = kept.get(name);
    const ageMs = known ? now() - known.signedAtMs : Number.POSITIVE_INFINITY;
    // A negative age is a clock that was set back: the warrant would claim to be from the future.
    if (known && ageMs >= 0 && ageMs < RENEWED_AFTER_MS) return known.token;
    const token = signWarrant({ library, caller }, key);
    kept.set(name, { signedAtMs: now(), token });
    token.catch(() => kept.delete(name));
    return token;
  };
}
