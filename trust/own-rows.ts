import { decodeJwt, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import type { CheckingKeys } from './follow-keys.ts';
import type { SigningKey } from './keys.ts';
import { CLOCK_SKEW_SECONDS, findKey, WARRANT_LIFE_SECONDS } from './warrant.ts';

/** Keys of rows that are a person's own, by type. */
export type OwnKeysByType = Readonly<Record<string, readonly string[]>>;

/** What one library (`from`) tells another (`to`) of a person, by the person's key. */
export type OwnRows = Readonly<{ from: string; to: string; person: string; keys: OwnKeysByType }>;

/** What was read of it. */
type ToldRows = Readonly<{ from: string; keys: OwnKeysByType; expiresAtMs: number }>;

/** Keys of a type that may be told at most, and length of one: a warrant has to carry them. */
const MOST_KEYS = 50;
const MOST_KEY_CHARACTERS = 64;
/** The warrant that carries it may be signed when it is half as old as this, and lives on. */
export const OWN_ROWS_LIFE_SECONDS = 2 * WARRANT_LIFE_SECONDS;
const MOST_CHARACTERS = 4_000;
const KEYS = z.record(z.string(), z.array(z.string().min(1).max(MOST_KEY_CHARACTERS)).max(MOST_KEYS));
const TYPE = 'own-rows+jwt';
const CLAIMS = 'aud exp iat iss keys sub';

/**
 * Signs which rows of another library are a person's own: with the key of the owner whose rows lead there (JWT, EdDSA), for that person, that
 * library and two minutes. The gateway carries it, and cannot make one.
 */
export function signOwnRows({ from, to, person, keys }: OwnRows, key: SigningKey): Promise<string> {
  return new SignJWT({ keys })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: TYPE })
    .setIssuer(from)
    .setAudience(to)
    .setSubject(person)
    .setIssuedAt()
    .setExpirationTime(`${OWN_ROWS_LIFE_SECONDS}s`)
    .sign(key.privateKey);
}

/** Who told which keys, and until when that holds; null where nobody that may (`keysOf`) told it of this person to this library, or not now. */
export async function readOwnRows(
  token: string,
  { to, person }: Pick<OwnRows, 'to' | 'person'>,
  keysOf: (from: string) => CheckingKeys | undefined,
): Promise<ToldRows | null> {
  if (token.length > MOST_CHARACTERS) return null;
  try {
    const from = decodeJwt(token).iss ?? '';
    const keys = keysOf(from);
    if (!keys) return null;
    const { payload } = await jwtVerify(token, ({ kid }) => findKey(keys, kid), {
      algorithms: ['EdDSA'],
      typ: TYPE,
      issuer: from,
      audience: to,
      subject: person,
      clockTolerance: CLOCK_SKEW_SECONDS,
      requiredClaims: CLAIMS.split(' '),
      maxTokenAge: OWN_ROWS_LIFE_SECONDS,
    });
    const told = readClaims(payload, to);
    return told && { from, ...told };
  } catch {
    // Every failure reads the same: nothing that this library told.
    return null;
  }
}

/** Exactly its claims, each of its own form. */
function readClaims(payload: JWTPayload, to: string) {
  const { aud, exp = 0, iat = 0, keys } = payload;
  if (Object.keys(payload).sort().join(' ') !== CLAIMS || aud !== to || exp - iat > OWN_ROWS_LIFE_SECONDS) return null;
  const read = KEYS.safeParse(keys);
  return read.success ? { keys: read.data, expiresAtMs: exp * 1_000 } : null;
}
