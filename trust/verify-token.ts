import { say } from '@longyuan/schema/src/words/catalogue.ts';
import { reasonsOfTokens } from '@longyuan/schema/src/words/reasons.ts';
import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { type Issuer, IssuerSilent } from './keep-issuer-keys.ts';
import { LONGEST_TOKEN_LIFE_SECONDS } from './keys.ts';

/** A token whose signature, issuer, audience and times hold; or why it is not believed. */
export type Verified =
  | Readonly<{ kind: 'valid'; claims: JWTPayload; expiresAtMs: number }>
  | Readonly<{ kind: 'invalid'; reason: string }>
  /** The identity provider does not answer, so nothing can be said of the token. */
  | Readonly<{ kind: 'unknown' }>;

/** Signatures with a public key; a shared secret or none at all is nobody's signature. */
const ALGORITHMS = ['EdDSA', 'Ed25519', 'ES256', 'RS256', 'PS256'];
/** What a token may say that it is: RFC 9068, and what providers write that are older than it, or nothing at all. */
const TOKEN_TYPES = ['at+jwt', 'jwt', 'none'];
const MAX_LENGTH = 8_192;
/** How far the clock of a provider on another machine may differ. The embedded one has this machine's. */
const CLOCK_SKEW_SECONDS = 30;

/** Makes the check of tokens of one issuer for the hub. It never throws and never says anything of a token's content. */
export function makeTokenCheck(identity: Issuer, findKey: JWTVerifyGetKey): (token: string) => Promise<Verified> {
  const { longestLifeSeconds = LONGEST_TOKEN_LIFE_SECONDS, tokenTypes = TOKEN_TYPES } = identity;
  const skewSeconds = identity.isEmbedded ? 0 : CLOCK_SKEW_SECONDS;
  const types = new Set(tokenTypes.map(typeName));
  return async (token) => {
    if (token.length > MAX_LENGTH) return invalid(say(reasonsOfTokens.TOKEN_TOO_LONG, { number: MAX_LENGTH }));
    try {
      const { payload, protectedHeader } = await jwtVerify(token, findKey, {
        algorithms: ALGORITHMS,
        issuer: identity.issuer,
        audience: identity.audience,
        clockTolerance: skewSeconds,
        requiredClaims: ['exp', 'sub'],
      });
      if (!types.has(typeName(protectedHeader.typ ?? 'none'))) return invalid(reasonsOfTokens.TOKEN_OTHER_USE.en);
      const times = checkTimes(payload, { skewSeconds, longestLifeSeconds });
      return typeof times === 'string' ? invalid(times) : { kind: 'valid', claims: payload, ...times };
    } catch (error) {
      return error instanceof IssuerSilent ? { kind: 'unknown' } : invalid(reasonOf(error));
    }
  };
}

/** A media type's `application/` may be left out (RFC 7515, 4.1.9), and no case is told apart. */
function typeName(typ: string): string {
  return typ.toLowerCase().replace(/^application\//, '');
}

/**
 * Until when a token is taken, or what is wrong with its times beyond what jose checks. JSON can write a number that is none (`1e400`), and
 * a token that does not say since when it lasts counts from now.
 */
function checkTimes(
  { exp, iat, nbf }: JWTPayload,
  { skewSeconds, longestLifeSeconds }: Readonly<{ skewSeconds: number; longestLifeSeconds: number }>,
): Readonly<{ expiresAtMs: number }> | string {
  const nowSeconds = Date.now() / 1_000;
  if (exp === undefined || ![exp, iat ?? 0, nbf ?? 0].every(isMoment)) return reasonsOfTokens.TOKEN_NO_MOMENT.en;
  if (iat !== undefined && iat > nowSeconds + skewSeconds) return reasonsOfTokens.TOKEN_FROM_LATER.en;
  if (exp - (iat ?? nowSeconds + skewSeconds) > longestLifeSeconds) return reasonsOfTokens.TOKEN_LASTS_LONG.en;
  return { expiresAtMs: (exp + skewSeconds) * 1_000 };
}

/** Seconds since 1970, fractions too, up to what a date can be. */
function isMoment(told: unknown): boolean {
  return typeof told === 'number' && told >= 0 && told <= 8.64e12;
}

function invalid(reason: string): Verified {
  return { kind: 'invalid', reason };
}

/** Says what rule the token breaks, in the hub's words: jose's own might quote it. */
function reasonOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return reasonsOfTokens.TOKEN_EXPIRED.en;
  if (error instanceof errors.JWTClaimValidationFailed) {
    switch (error.claim) {
      case 'iss':
        return reasonsOfTokens.TOKEN_OTHER_ISSUER.en;
      case 'aud':
        return reasonsOfTokens.TOKEN_OTHER_AUDIENCE.en;
      case 'exp':
        return reasonsOfTokens.TOKEN_NO_EXPIRY.en;
      case 'nbf':
        return reasonsOfTokens.TOKEN_NOT_YET.en;
      default:
        return reasonsOfTokens.TOKEN_CLAIMS.en;
    }
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return reasonsOfTokens.TOKEN_ALGORITHM.en;
  if (error instanceof errors.JWKSNoMatchingKey) return reasonsOfTokens.TOKEN_KEY.en;
  if (error instanceof errors.JWSSignatureVerificationFailed) return reasonsOfTokens.TOKEN_SIGNATURE.en;
  return reasonsOfTokens.TOKEN_MALFORMED.en;
}
