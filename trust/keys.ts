import { join } from 'node:path';
import { importJWK } from 'jose';
import { KeyFault } from './key-fault.ts';
import { checkSecretFile, openKeyFile, openSecretFile } from './key-file.ts';
import { type KeptJwk, readKeyFile } from './read-keys-of-file.ts';

/** A signing key pair with its key id (RFC 7638 thumbprint). */
export type SigningKey = Readonly<{ kid: string; privateKey: CryptoKey; publicKey: CryptoKey }>;
/** The half of a signing key that others check with. */
export type CheckingKey = Readonly<{ kid: string; publicKey: CryptoKey }>;

/** A key to check with until then. */
export type EndingKey = CheckingKey & Readonly<{ endsAtMs: number }>;

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
 * The Ed25519 key with which a library's owner signs (grants, its part of the seal's agreement), made on first use (mode 0600),
 * and, `evenIfLost`, where it is gone: what the lost one signed counts no more. Its secret half stays with the owner's subgraph.
 */
export async function openOwnerKey(dataDir: string, library: string, evenIfLost = false): Promise<SigningKey> {
  const path = ownerKeyPath(dataDir, library);
  return signingKeyOf(await openKeyFile(path, evenIfLost), path);
}

/** The key that a file signs with. @throws KeyFault where the file cannot be used, or holds public halves alone. */
export async function readSigningKey(path: string): Promise<SigningKey> {
  return signingKeyOf(await readKeyFile(path), path);
}

/** Every key of a file, as others check with them; `endsAtMs` is infinite for the one that signs. */
export async function readCheckingKeys(path: string): Promise<readonly EndingKey[]> {
  const jwks = await readKeyFile(path);
  return Promise.all(
    jwks.map(async (jwk) => ({
      kid: jwk.kid,
      publicKey: await importPublic(jwk),
      endsAtMs: jwk.exp === undefined ? Number.POSITIVE_INFINITY : jwk.exp * 1_000,
    })),
  );
}

/** The key to sign with among those of a file. @throws KeyFault where the file holds public halves alone. */
export function secretKeyOf([jwk]: readonly KeptJwk[], path: string): KeptJwk & Readonly<{ d: string }> {
  if (jwk?.d === undefined) throw new KeyFault(path, 'holds no secret key to sign with, only a public half');
  return { ...jwk, d: jwk.d };
}

/** @throws KeyFault where a key that only this library uses was made before and cannot be used now. */
export async function checkLibraryKeys(dataDir: string, library: string): Promise<void> {
  for (const path of [receiptKeyPath(dataDir, library), cursorKeyPath(dataDir, library)]) await checkSecretFile(path);
}

/** The key (32 bytes) that turns citizen numbers and paper numbers into the hub's opaque keys. Never rotated silently. */
export function openPseudonymKey(dataDir: string): Promise<Buffer> {
  return openSecretFile(join(dataDir, 'keys', 'pseudonym.key'));
}

/**
 * The key (32 bytes) with which a library's owner hashes what was compared into a receipt. It stays with the owner and is never rotated: an
 * old receipt could not be confirmed any more.
 */
export function openReceiptKey(dataDir: string, library: string): Promise<Buffer> {
  return openSecretFile(receiptKeyPath(dataDir, library));
}

/** The key (32 bytes) with which a library seals the cursors of its lists. It stays with the owner. */
export function openCursorKey(dataDir: string, library: string): Promise<Buffer> {
  return openSecretFile(cursorKeyPath(dataDir, library));
}

function receiptKeyPath(dataDir: string, library: string): string {
  return join(dataDir, 'keys', `receipt-${library}.key`);
}

function cursorKeyPath(dataDir: string, library: string): string {
  return join(dataDir, 'keys', `cursor-${library}.key`);
}

async function signingKeyOf(jwks: readonly KeptJwk[], path: string): Promise<SigningKey> {
  const { kty, crv, x, d, kid } = secretKeyOf(jwks, path);
  return { kid, privateKey: await importKey({ kty, crv, x, d }), publicKey: await importKey({ kty, crv, x }) };
}

function importPublic({ kty, crv, x }: KeptJwk): Promise<CryptoKey> {
  return importKey({ kty, crv, x });
}

async function importKey(jwk: Pick<KeptJwk, 'kty' | 'crv' | 'x' | 'd'>): Promise<CryptoKey> {
  // jose types the result as CryptoKey | Uint8Array; an OKP key is always a CryptoKey.
  return (await importJWK({ ...jwk }, 'EdDSA')) as CryptoKey;
}
