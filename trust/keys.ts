import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { importJWK, type JWK } from 'jose';
import { type KeptJwk, keepOnce, makeKeyFile, readKeyFile } from './key-file.ts';

/** A signing key pair with its key id (RFC 7638 thumbprint). */
export type SigningKey = Readonly<{ kid: string; privateKey: CryptoKey; publicKey: CryptoKey }>;
/** The half of a signing key that others check with. */
export type CheckingKey = Readonly<{ kid: string; publicKey: CryptoKey }>;

/** Longest life of a token of the embedded identity provider: for so long a key that it replaced goes on being believed. */
export const LONGEST_TOKEN_LIFE_SECONDS = 86_400;

/** Where the gateway's warrant key lies, unless a path is given: `<dataDir>/keys/warrant.jwk`. */
export function warrantKeyPath(dataDir: string): string {
  return join(dataDir, 'keys', 'warrant.jwk');
}

/** Where the key of a library's owner lies: `<dataDir>/keys/owner-<library>.jwk`; with the gateway, its public half is enough. */
export function ownerKeyPath(dataDir: string, library: string): string {
  return join(dataDir, 'keys', `owner-${library}.jwk`);
}

/**
 * The Ed25519 key with which a library's owner signs (grants, its part of the seal's agreement), made on first use (mode 0600).
 * Its secret half stays with the owner's subgraph.
 */
export async function openOwnerKey(dataDir: string, library: string): Promise<SigningKey> {
  const path = ownerKeyPath(dataDir, library);
  await makeKeyFile(path);
  return readSigningKey(path);
}

/** The public half of an owner's key of this id, as it lies in the data folder now; null where there is none that is still accepted. */
export async function readOwnerCheckingKey(dataDir: string, library: string, kid: string): Promise<CheckingKey | null> {
  const jwks = await readKeyFile(ownerKeyPath(dataDir, library)).catch(() => []);
  const jwk = jwks.find((each) => each.kid === kid && isAccepted(each));
  return jwk ? { kid, publicKey: await importPublic(jwk) } : null;
}

/** The key that a file signs with. @throws Error where the file holds public halves alone. */
export async function readSigningKey(path: string): Promise<SigningKey> {
  const [jwk] = await readKeyFile(path);
  if (!jwk?.d) throw new Error(`${path} holds no secret key to sign with.`);
  return { kid: jwk.kid, privateKey: await importKey(jwk), publicKey: await importPublic(jwk) };
}

/** Every key of a file, as others check with them; `endsAtMs` is infinite for the one that signs. */
export async function readCheckingKeys(path: string): Promise<readonly (CheckingKey & Readonly<{ endsAtMs: number }>)[]> {
  const jwks = await readKeyFile(path);
  return Promise.all(
    jwks.map(async (jwk) => ({
      kid: jwk.kid,
      publicKey: await importPublic(jwk),
      endsAtMs: jwk.exp === undefined ? Number.POSITIVE_INFINITY : jwk.exp * 1_000,
    })),
  );
}

/** The key (32 bytes) that turns citizen numbers and paper numbers into the hub's opaque keys. Never rotated silently. */
export async function openPseudonymKey(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, 'keys', 'pseudonym.key');
  return Buffer.from(await keepOnce(path, async () => randomBytes(32).toString('base64url')), 'base64url');
}

/**
 * The key (32 bytes) with which a library's owner hashes what was compared into a receipt. It stays with the owner and is never rotated: an
 * old receipt could not be confirmed any more.
 */
export async function openReceiptKey(dataDir: string, library: string): Promise<Buffer> {
  const path = join(dataDir, 'keys', `receipt-${library}.key`);
  return Buffer.from(await keepOnce(path, async () => randomBytes(32).toString('base64url')), 'base64url');
}

/** The key (32 bytes) with which a library seals the cursors of its lists. It stays with the owner. */
export async function openCursorKey(dataDir: string, library: string): Promise<Buffer> {
  const path = join(dataDir, 'keys', `cursor-${library}.key`);
  return Buffer.from(await keepOnce(path, async () => randomBytes(32).toString('base64url')), 'base64url');
}

function isAccepted({ exp }: KeptJwk): boolean {
  return exp === undefined || exp * 1_000 > Date.now();
}

function importPublic({ kty, crv, x }: JWK): Promise<CryptoKey> {
  return importKey({ kty: kty ?? 'OKP', ...(crv && { crv }), ...(x && { x }) });
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const { exp: _ends, ...known } = jwk as KeptJwk;
  // jose types the result as CryptoKey | Uint8Array; an OKP key is always a CryptoKey.
  return (await importJWK(known, 'EdDSA')) as CryptoKey;
}
