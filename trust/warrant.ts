import { type Caller, isCaller } from '@longyuan/access/caller.ts';
import { type JWTPayload, jwtVerify, SignJWT } from 'jose';
import type { CheckingKeys } from './follow-keys.ts';
import type { SigningKey } from './keys.ts';

/** The header in which the gateway sends its warrant. */
export const WARRANT_HEADER = 'x-hub-warrant';
/** How long a warrant is valid, and how far two clocks may differ. */
export const WARRANT_LIFE_SECONDS = 60;
export const CLOCK_SKEW_SECONDS = 30;
/** Who signs for the gateway, in every token it sends to a library. */
export const GATEWAY = 'longyuan-gateway';
/** Node reads 16 KB of headers. A warrant that names every field of the largest library there is has under 2,000 characters. */
const MOST_CHARACTERS = 12_000;
const CLAIMS = 'aud caller exp iat iss items purpose';
/** With what other owners told of the caller. */
const CLAIMS_AND_OWN = 'aud caller exp iat iss items own purpose';
const MOST_TOLD = 8;
const NAMES = /^[_A-Za-z]\w*( [_A-Za-z]\w*)*$/;

/**
 * The gateway's order (委托) to exactly one library to answer for one caller, for a minute: for which purpose (code of a service item),
 * and which fields at most, by their schema coordinates (`Person.phone`). `own`: what other libraries' owners signed of the caller's own rows
 * (`own-rows.ts`), which the gateway carries and does not vouch for.
 */
export type Warrant = Readonly<{
  library: string;
  caller: Caller;
  purpose: string | null;
  items: readonly string[];
  own?: readonly string[];
}>;

/** A warrant that proved valid, and until when it is. */
export type ValidWarrant = Required<Warrant> & Readonly<{ expiresAtMs: number }>;

/** Signs a warrant (JWT, EdDSA) that the named library, and no other, will accept. Its fields are written by type: one name for many fields. */
export function signWarrant({ library, caller, purpose, items, own = [] }: Warrant, key: SigningKey): Promise<string> {
  return new SignJWT({ caller, purpose, items: packItems(items), ...(own.length > 0 && { own }) })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'warrant+jwt' })
    .setIssuer(GATEWAY)
    .setAudience(library)
    .setIssuedAt()
    .setExpirationTime(`${WARRANT_LIFE_SECONDS}s`)
    .sign(key.privateKey);
}

/** The warrant in a token, or null when it is missing, forged, expired or meant for another library. */
export async function verifyWarrant(token: string | undefined, library: string, keys: CheckingKeys): Promise<ValidWarrant | null> {
  if (!token || token.length > MOST_CHARACTERS) return null;
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => findKey(keys, kid), {
      algorithms: ['EdDSA'],
      typ: 'warrant+jwt',
      issuer: GATEWAY,
      audience: library,
      clockTolerance: CLOCK_SKEW_SECONDS,
      requiredClaims: CLAIMS.split(' '),
      maxTokenAge: WARRANT_LIFE_SECONDS,
    });
    return readClaims(payload, library);
  } catch {
    // Every failure reads the same from outside: no valid warrant.
    return null;
  }
}

/** The public key of this id. @throws Error where no key of this id is accepted. */
export async function findKey(keys: CheckingKeys, kid: string | undefined): Promise<CryptoKey> {
  const key = kid === undefined ? null : await keys.find(kid);
  if (!key) throw new Error('No key of this id is accepted.');
  return key.publicKey;
}

/** Exactly the claims of a warrant, each of its own form; a claim that is not known could mean anything. */
function readClaims(payload: JWTPayload, library: string): ValidWarrant | null {
  const { caller, purpose, items, own = [], aud, exp = 0, iat = 0 } = payload;
  const claims = Object.keys(payload).sort().join(' ');
  if ((claims !== CLAIMS && claims !== CLAIMS_AND_OWN) || aud !== library) return null;
  if (!Array.isArray(own) || own.length > MOST_TOLD || !own.every((each) => typeof each === 'string')) return null;
  if (exp - iat > WARRANT_LIFE_SECONDS || !isCaller(caller)) return null;
  if (purpose !== null && typeof purpose !== 'string') return null;
  const coordinates = unpackItems(items);
  return coordinates && { library, caller, purpose, items: coordinates, own, expiresAtMs: exp * 1_000 };
}

/** `["Person.id", "Person.name"]` as `{"Person": "id name"}`. */
function packItems(items: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const [type, ofType] of Map.groupBy(items, (item) => item.slice(0, item.indexOf('.')))) {
    fields[type] = ofType.map((item) => item.slice(type.length + 1)).join(' ');
  }
  return fields;
}

function unpackItems(packed: unknown): readonly string[] | null {
  if (typeof packed !== 'object' || packed === null || Array.isArray(packed)) return null;
  const items: string[] = [];
  for (const [type, fields] of Object.entries(packed)) {
    if (typeof fields !== 'string' || !NAMES.test(type) || !NAMES.test(fields)) return null;
    for (const field of fields.split(' ')) items.push(`${type}.${field}`);
  }
  return items;
}
