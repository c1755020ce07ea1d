import type { SigningKeys } from './follow-keys.ts';
import { type CheckingKey, ownerKeyPath, readOwnerCheckingKey, readSigningKey } from './keys.ts';

/** How long a key that was found is known before it is looked for again. */
const KNOWN_MS = 30_000;
const MOST_KNOWN = 50;

/**
 * The keys of a library's owner: the one it signs with now, read anew for each signature, and those it signed with before. None is made here:
 * an owner whose key is gone signs nothing.
 */
export function openOwnerKeys(dataDir: string, library: string): SigningKeys {
  const known = new Map<string, Readonly<{ key: Promise<CheckingKey | null>; untilMs: number }>>();
  return {
    current: () => readSigningKey(ownerKeyPath(dataDir, library)),
    find: (kid) => {
      const kept = known.get(kid);
      if (kept && kept.untilMs > performance.now()) return kept.key;
      // Anyone can make up key ids.
      if (known.size >= MOST_KNOWN) known.clear();
      const key = readOwnerCheckingKey(dataDir, library, kid);
      known.set(kid, { key, untilMs: performance.now() + KNOWN_MS });
      return key;
    },
  };
}
