import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a server keeps of a password (RFC 5802, 3): enough to check who knows it, not enough to log in elsewhere. */
export type ScramVerifier = Readonly<{ salt: Buffer; iterations: number; storedKey: Buffer; serverKey: Buffer }>;

/** The one mechanism offered, as SASL names it. Without channel binding: there is no TLS to bind to. */
export const SCRAM_MECHANISM = 'SCRAM-SHA-256';

/** RFC 7677's least. The secrets here are random and long; nobody finds one by trying. */
const ITERATIONS = 4_096;

/** Of a password of ASCII characters: those are what SASLprep leaves as they are. */
export function makeVerifier(password: string): ScramVerifier {
  const salt = randomBytes(16);
  const saltedPassword = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256');
  const storedKey = createHash('sha256').update(hmac(saltedPassword, 'Client Key')).digest();
  return { salt, iterations: ITERATIONS, storedKey, serverKey: hmac(saltedPassword, 'Server Key') };
}

/** The server's half of one SCRAM-SHA-256 exchange (RFC 5802, RFC 7677). Each step takes what the client says and returns the answer, null to refuse it. */
export class ScramExchange {
  readonly #verifier: ScramVerifier;
  #gs2Header = '';
  #nonce = '';
  /** What both sides sign, up to the client's last message. */
  #signed = '';

  constructor(verifier: ScramVerifier) {
    this.#verifier = verifier;
  }

  /** `n,,n=…,r=…`. The name in it is not read: PostgreSQL's clients say who they are when they connect. */
  first(message: string): string | null {
    const [, gs2Header, bare, clientNonce] = /^([ny],,)(n=[^,]*,r=([\x21-\x2b\x2d-\x7e]+))$/.exec(message) ?? [];
    if (gs2Header === undefined || bare === undefined || clientNonce === undefined) return null;
    this.#gs2Header = gs2Header;
    this.#nonce = clientNonce + randomBytes(18).toString('base64');
    const answer = `r=${this.#nonce},s=${this.#verifier.salt.toString('base64')},i=${this.#verifier.iterations}`;
    this.#signed = `${bare},${answer}`;
    return answer;
  }

  /** `c=…,r=…,p=…`. An answer says that the client knows the password, and shows it that the server does. */
  last(message: string): string | null {
    const [, withoutProof, binding, nonce, proof] = /^(c=([^,]+),r=([^,]+)),p=([^,]+)$/.exec(message) ?? [];
    if (withoutProof === undefined || proof === undefined) return null;
    if (this.#nonce === '' || nonce !== this.#nonce || binding !== Buffer.from(this.#gs2Header).toString('base64')) return null;
    const signed = `${this.#signed},${withoutProof}`;
    const { storedKey, serverKey } = this.#verifier;
    const clientKey = xor(Buffer.from(proof, 'base64'), hmac(storedKey, signed));
    if (clientKey === null || !timingSafeEqual(createHash('sha256').update(clientKey).digest(), storedKey)) return null;
    return `v=${hmac(serverKey, signed).toString('base64')}`;
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function xor(one: Buffer, other: Buffer): Buffer | null {
  return one.length === other.length ? Buffer.from(one.map((byte, at) => byte ^ (other[at] ?? 0))) : null;
}
