import { hash, timingSafeEqual } from 'node:crypto';
import type { Hmac } from './hmac.ts';
import { CLOCK_SKEW_SECONDS, WARRANT_HEADER } from './warrant.ts';

/** A symmetric key that one gateway and one library agreed on: what seals calls between these two alone. */
export type SealKey = Readonly<{ keyid: string; sign: Hmac }>;

/** What of a call is sealed. Header names are lower case; a call without a body has an empty one. */
export type CallToSeal = Readonly<{
  method: string;
  path: string;
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  contentDigest: string;
}>;

/** A seal as it stands in the headers, not yet checked. `count`: the how manieth of its key; serves as the nonce. */
export type Seal = Readonly<{ keyid: string; count: number; createdSeconds: number; label: string; signature: string }>;

/** How far the moment of a seal may lie from the receiver's clock. */
const VALID_SECONDS = CLOCK_SKEW_SECONDS;
/** Headers that are sealed in every call, then those that are sealed where the call has them. */
const HEADERS = [WARRANT_HEADER, 'x-request-id'] as const;
const HEADERS_IF_THERE = ['authorization', 'x-purpose'] as const;
const TAG = 'longyuan-hub';

/** `Content-Digest` (RFC 9530) of the bytes of a body. */
export function digestOf(body: string | Uint8Array): string {
  return `sha-256=:${hash('sha256', body, 'base64')}:`;
}

/** The headers that seal a call (HTTP Message Signatures, RFC 9421, HMAC-SHA256). `count` must be another one for each call of a key. */
export function sealCall(
  call: CallToSeal,
  key: SealKey,
  count: number,
  nowMs = Date.now(),
): Readonly<{ 'content-digest': string; 'signature-input': string; signature: string }> {
  const label = `${componentsOf(call)};created=${Math.floor(nowMs / 1_000)};nonce="${count}";keyid="${key.keyid}";alg="hmac-sha256";tag="${TAG}"`;
  return {
    'content-digest': call.contentDigest,
    'signature-input': `seal=${label}`,
    signature: signatureOf(call, label, key),
  };
}

/** The seal of a call, or null where it carries none of exactly the hub's form: a receiver decides what must be sealed, not the sender. */
export function readSeal(call: CallToSeal): Seal | null {
  const { 'signature-input': input, signature } = call.headers;
  if (typeof input !== 'string' || typeof signature !== 'string') return null;
  const begin = `seal=${componentsOf(call)}`;
  if (!input.startsWith(begin)) return null;
  PARAMETERS.lastIndex = begin.length;
  const [, created = '', count = '', keyid = ''] = PARAMETERS.exec(input) ?? [];
  if (keyid === '') return null;
  return { keyid, count: Number(count), createdSeconds: Number(created), label: input.slice('seal='.length), signature };
}

/** Whether the seal is the key's own over this very call, made now. In constant time. */
export function isSealed(call: CallToSeal, seal: Seal, key: SealKey, nowMs = Date.now()): boolean {
  const [given, expected] = [Buffer.from(seal.signature), Buffer.from(signatureOf(call, seal.label, key))];
  const isOurs = given.length === expected.length && timingSafeEqual(given, expected);
  return isOurs && Math.abs(nowMs / 1_000 - seal.createdSeconds) <= VALID_SECONDS + 1;
}

/** The header `signature`, for this label: the signature base is signed as RFC 9421, 3.3.3, says, in Base64. */
function signatureOf(call: CallToSeal, label: string, { sign }: SealKey): string {
  return `seal=:${sign(baseOf(call, label))}:`;
}

/** What follows the components, to the end. */
const PARAMETERS = /;created=(\d{10});nonce="(\d{1,15})";keyid="([\w-]{16,64})";alg="hmac-sha256";tag="longyuan-hub"$/y;

const plain = `("@method" "@path" "content-digest" ${HEADERS.map((name) => `"${name}"`).join(' ')})`;

function componentsOf({ headers }: CallToSeal): string {
  const more = HEADERS_IF_THERE.filter((name) => headers[name] !== undefined);
  return more.length === 0 ? plain : `${plain.slice(0, -1)} ${more.map((name) => `"${name}"`).join(' ')})`;
}

/** The signature base (RFC 9421, 2.5) of the components that `componentsOf` names. */
function baseOf(call: CallToSeal, label: string): string {
  let base = `"@method": ${call.method}\n"@path": ${call.path}\n"content-digest": ${call.contentDigest}\n`;
  for (const name of HEADERS) base += `"${name}": ${headerValue(call, name)}\n`;
  for (const name of HEADERS_IF_THERE) if (call.headers[name] !== undefined) base += `"${name}": ${headerValue(call, name)}\n`;
  return `${base}"@signature-params": ${label}`;
}

/** A header that came several times is one value, joined as HTTP joins it. */
function headerValue({ headers }: CallToSeal, name: string): string {
  const value = headers[name];
  return typeof value === 'string' ? value.trim() : (value?.join(', ') ?? '');
}
