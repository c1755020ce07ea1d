import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { type Issuer, IssuerSilent } from './keep-issuer-keys.ts';

/** A token whose signature, issuer, audience and times hold; or why it is not believed. */
export type Verified =
  | Readonly<{ kind: 'valid'; claims: JWTPayload; expiresAtMs: number }>
  | Readonly<{ kind: 'invalid'; reason: string }>
  /** The identity provider does not answer, so nothing can be said of the token. */
  | Readonly<{ kind: 'unknown' }>;

/** Signatures with a public key; a shared secret or none at all is nobody's signature. */
const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'RS256', 'PS256'];
/** RFC 9068, and what providers write that are older than it. A token made for another use says so in its `typ`. */
const TYPES = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt']);
const MAX_LENGTH = 8_192;
/** How far the clock of a provider on another machine may differ. The embedded one has this machine's. */
const CLOCK_SKEW_SECONDS = 30;

/** Makes the check of tokens of one issuer for the hub. It never throws and never says anything of a token's content. */
export function makeTokenCheck(identity: Issuer, findKey: JWTVerifyGetKey): (token: string) => Promise<Verified> {
  const skewSeconds = identity.isEmbedded ? 0 : CLOCK_SKEW_SECONDS;
  return async (token) => {
    if (token.length > MAX_LENGTH) return invalid(`it is longer than ${MAX_LENGTH} characters`);
    try {
      const { payload, protectedHeader } = await jwtVerify(token, findKey, {
        algorithms: ALGORITHMS,
        issuer: identity.issuer,
        audience: identity.audience,
        clockTolerance: skewSeconds,
        requiredClaims: ['exp', 'sub'],
      });
      if (!TYPES.has(protectedHeader.typ?.toLowerCase())) return invalid('it was made for another use');
      const { exp = 0 } = payload;
      return { kind: 'valid', claims: payload, expiresAtMs: (exp + skewSeconds) * 1_000 };
    } catch (error) {
      return error instanceof IssuerSilent ? { kind: 'unknown' } : invalid(reasonOf(error));
    }
  };
}

function invalid(reason: string): Verified {
  return { kind: 'invalid', reason };
}

/** Says what rule the token breaks, in words of this file: jose's own might quote it. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    switch (error.claim) {
      case 'iss':
        return 'it is of another issuer';
      case 'aud':
        return 'it is not meant for this hub';
      case 'exp':
        return 'it says no expiry';
      case 'nbf':
        return 'it is not valid yet';
      default:
        return 'a claim of it is missing or malformed';
    }
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return 'it is signed in a way that is not accepted';
  if (error instanceof errors.JWKSNoMatchingKey) return 'it is signed with a key that the identity provider does not have';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature does not hold';
  return 'it is not a well-formed signed JWT';
}
