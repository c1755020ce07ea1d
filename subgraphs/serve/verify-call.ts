import type { CheckingKey } from '@longyuan/trust/keys.ts';
import { type Caller, verifyWarrant } from '@longyuan/trust/warrant.ts';

/** Most tokens remembered; the gateway uses one for many calls. */
const MOST_TOKENS = 1_000;

/**
 * A check of the gateway's warrant for one library: the caller in it, or null when there is no valid one.
 * A token that proved valid is not checked again until it expires.
 */
export function rememberWarrants(library: string, key: CheckingKey) {
  const known = new Map<string, Readonly<{ caller: Caller; expiresAtMs: number }>>();

  return async (token: string | undefined): Promise<Caller | null> => {
    if (token === undefined) return null;
    const remembered = known.get(token);
    if (remembered && remembered.expiresAtMs > Date.now()) return remembered.caller;
    known.delete(token);
    const warrant = await verifyWarrant(token, library, key);
    if (!warrant) return null;
    const oldest = known.keys().next();
    if (known.size >= MOST_TOKENS && !oldest.done) known.delete(oldest.value);
    known.set(token, { caller: warrant.caller, expiresAtMs: expiryOf(token) });
    return warrant.caller;
  };
}

/** When a verified token expires, in milliseconds. Clock skew is granted when it is verified, not while it is remembered. */
function expiryOf(token: string): number {
  // Only verified tokens come here: three parts, of which the second is JSON with a numeric `exp`.
  const claims: { exp: number } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  return claims.exp * 1_000;
}
