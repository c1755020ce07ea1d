import { jwtVerify, SignJWT } from 'jose';
import type { CheckingKey, SigningKey } from './keys.ts';

/** The header in which the gateway sends its warrant. */
export const WARRANT_HEADER = 'x-hub-warrant';
/** How long a warrant is valid, and how far two clocks may differ. */
export const WARRANT_LIFE_SECONDS = 60;
const CLOCK_SKEW_SECONDS = 30;
const ISSUER = 'longyuan-gateway';

/**
 * Who asks, as the gateway says it. Until callers are told apart everyone is the internal developer;
 * items, rows and purpose join this type when permissions are decided.
 */
export type Caller = Readonly<{ kind: 'internal-developer' }>;

/** The gateway's order (委托) to exactly one library to answer for one caller, for a minute. */
export type Warrant = Readonly<{ library: string; caller: Caller }>;

/** Signs a warrant (JWT, EdDSA) that the named library, and no other, will accept. */
export function signWarrant(warrant: Warrant, key: SigningKey): Promise<string> {
  return new SignJWT({ caller: warrant.caller })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'warrant+jwt' })
    .setIssuer(ISSUER)
    .setAudience(warrant.library)
    .setIssuedAt()
    .setExpirationTime(`${WARRANT_LIFE_SECONDS}s`)
    .sign(key.privateKey);
}

/** The warrant in a token, or null when it is missing, forged, expired or meant for another library. */
export async function verifyWarrant(token: string | undefined, library: string, key: CheckingKey): Promise<Warrant | null> {
  if (!token) return null;
  try {
    const { payload } = await jwtVerify(token, key.publicKey, {
      algorithms: ['EdDSA'],
      typ: 'warrant+jwt',
      issuer: ISSUER,
      audience: library,
      clockTolerance: CLOCK_SKEW_SECONDS,
      requiredClaims: ['exp', 'iat', 'aud'],
      maxTokenAge: WARRANT_LIFE_SECONDS,
    });
    const caller = payload['caller'];
    return isCaller(caller) ? { library, caller } : null;
  } catch {
    // Every failure reads the same from outside: no valid warrant.
    return null;
  }
}

function isCaller(value: unknown): value is Caller {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'internal-developer';
}
