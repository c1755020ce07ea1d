/** Keys of one issuer that are looked at; of one kind, those that a token without `kid` is tried with. */
const MOST_KEYS = 64;
const LEAST_RSA_BITS = 2_048;

/**
 * The keys of an issuer's JWK set that tokens may be signed with: public halves for signatures, of the kinds that are believed. What is
 * malformed, of another kind or use, or weak is passed over (RFC 7517, 5), so that one such key does not cost the others.
 * @throws Error where it is no JWK set.
 */
export function usableKeys(jwks: Readonly<Record<string, unknown>>): readonly Readonly<Record<string, unknown>>[] {
  const { keys } = jwks;
  if (!Array.isArray(keys)) throw new Error('The identity provider published no JWK set.');
  return keys.filter(isUsable).slice(0, MOST_KEYS);
}

function isUsable(jwk: unknown): jwk is Readonly<Record<string, unknown>> {
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) return false;
  const { kty, crv, use = 'sig', kid, d, n, e }: Readonly<Record<string, unknown>> = { ...jwk };
  // A secret half that is published is everybody's signature.
  if (use !== 'sig' || d !== undefined || (kid !== undefined && typeof kid !== 'string')) return false;
  switch (kty) {
    case 'OKP':
      return crv === 'Ed25519';
    case 'EC':
      return crv === 'P-256';
    case 'RSA':
      return bitsOf(n) >= LEAST_RSA_BITS && bitsOf(e) > 1;
    default:
      return false;
  }
}

function bitsOf(text: unknown): number {
  if (typeof text !== 'string') return 0;
  const digits = Buffer.from(text, 'base64url').toString('hex').replace(/^0+/, '');
  return digits === '' ? 0 : digits.length * 4 - Math.clz32(Number.parseInt(digits.slice(0, 1), 16)) + 28;
}
