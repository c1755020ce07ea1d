import {
  createHash,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import type { SealKey } from './call-seal.ts';
import type { CheckingKeys } from './follow-keys.ts';
import { openHmac } from './hmac.ts';
import type { CheckingKey, SigningKey } from './keys.ts';
import { CLOCK_SKEW_SECONDS, findKey, GATEWAY } from './warrant.ts';

/** How long an offer may be answered, and its answer be taken. */
export const OFFER_LIFE_SECONDS = 60;
const MOST_CHARACTERS = 4_000;

/** The gateway's half of an agreement: what it sends, and what becomes of the answer. */
export type Offer = Readonly<{
  token: string;
  /** The key that both now have; null where the answer is not the library's own to this very offer. */
  conclude: (answer: string) => Promise<SealKey | null>;
}>;

/**
 * Begins to agree on a seal key with a library: X25519 with a key pair of this moment on each side, the gateway's half signed with its
 * warrant key, the library's with its owner's. Nobody who reads along, now or with either key later, learns what was agreed.
 */
export async function offerSeal(
  library: string,
  gateway: SigningKey,
  findOwnerKey: (kid: string) => Promise<CheckingKey | null>,
): Promise<Offer> {
  const { privateKey, half } = makeHalf();
  const id = randomBytes(16).toString('base64url');
  const token = await signHalf({ half, jti: id }, { typ: 'seal-offer+jwt', issuer: GATEWAY, audience: library }, gateway);
  const conclude = async (answer: string): Promise<SealKey | null> => {
    const told = await readHalf(answer, { typ: 'seal-answer+jwt', issuer: library, audience: GATEWAY }, { find: findOwnerKey });
    if (!told || told.jti !== id || typeof told.keyid !== 'string' || !/^[\w-]{22}$/.test(told.keyid)) return null;
    const secret = deriveSecret(privateKey, told.half, `${token} ${answer}`);
    return secret && { keyid: told.keyid, sign: openHmac(secret) };
  };
  return { token, conclude };
}

/** The library's half: the answer to a gateway's offer, and the key that both have then; null where the offer is not valid. */
export async function answerOffer(
  offer: string,
  parties: Readonly<{ library: string; gateway: CheckingKeys; owner: SigningKey }>,
): Promise<Readonly<{ answer: string; key: SealKey; offerId: string }> | null> {
  const { library, gateway, owner } = parties;
  const told = await readHalf(offer, { typ: 'seal-offer+jwt', issuer: GATEWAY, audience: library }, gateway);
  if (!told) return null;
  const { privateKey, half } = makeHalf();
  const keyid = randomBytes(16).toString('base64url');
  const answer = await signHalf({ half, jti: told.jti, keyid }, { typ: 'seal-answer+jwt', issuer: library, audience: GATEWAY }, owner);
  const secret = deriveSecret(privateKey, told.half, `${offer} ${answer}`);
  return secret && { answer, offerId: told.jti, key: { keyid, sign: openHmac(secret) } };
}

/** What kind of token a half travels in, from whom to whom. */
type Envelope = Readonly<{ typ: 'seal-offer+jwt' | 'seal-answer+jwt'; issuer: string; audience: string }>;

function makeHalf(): Readonly<{ privateKey: KeyObject; half: string }> {
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  return { privateKey, half: String(publicKey.export({ format: 'jwk' }).x) };
}

function signHalf(claims: Record<string, string>, { typ, issuer, audience }: Envelope, key: SigningKey): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(`${OFFER_LIFE_SECONDS}s`)
    .sign(key.privateKey);
}

async function readHalf(token: string, { typ, issuer, audience }: Envelope, keys: CheckingKeys) {
  if (token.length > MOST_CHARACTERS) return null;
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => findKey(keys, kid), {
      algorithms: ['EdDSA'],
      typ,
      issuer,
      audience,
      clockTolerance: CLOCK_SKEW_SECONDS,
      requiredClaims: ['exp', 'iat', 'jti', 'half'],
      maxTokenAge: OFFER_LIFE_SECONDS,
    });
    const { half, jti, keyid, aud } = payload;
    if (typeof half !== 'string' || typeof jti !== 'string' || aud !== audience) return null;
    return { half: createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x: half }, format: 'jwk' }), jti, keyid };
  } catch {
    // Every failure reads the same: no half of the one it should be of.
    return null;
  }
}

/**
 * The transcript goes into the key, so that both have the same one only where both saw the same two tokens. Null for a public half of small
 * order, with which every secret would be the same.
 */
function deriveSecret(privateKey: KeyObject, publicKey: KeyObject, transcript: string): KeyObject | null {
  try {
    const agreed = diffieHellman({ privateKey, publicKey });
    const salt = createHash('sha256').update(transcript).digest();
    return createSecretKey(Buffer.from(hkdfSync('sha256', agreed, salt, 'longyuan seal v1', 32)));
  } catch {
    return null;
  }
}
