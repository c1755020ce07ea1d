import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

/** A signing key pair with its key id (RFC 7638 thumbprint). */
export type SigningKey = Readonly<{ kid: string; privateKey: CryptoKey; publicKey: CryptoKey }>;
/** The half of a signing key that others check with. */
export type CheckingKey = Readonly<{ kid: string; publicKey: CryptoKey }>;

/**
 * The gateway's Ed25519 key for warrants, kept in `<dataDir>/keys/warrant.jwk` (mode 0600) and made on first use.
 * Whichever process comes first makes it; the others read the same one.
 */
export async function openWarrantKey(dataDir: string): Promise<SigningKey> {
  const jwk: JWK = JSON.parse(await keepOnce(dataDir, 'warrant.jwk', makeWarrantKey));
  const { d: _secret, ...publicJwk } = jwk;
  return {
    kid: await calculateJwkThumbprint(publicJwk),
    privateKey: await importKey(jwk),
    publicKey: await importKey(publicJwk),
  };
}

/** The key (32 bytes) that turns citizen numbers and paper numbers into the hub's opaque keys. Never rotated silently. */
export async function openPseudonymKey(dataDir: string): Promise<Buffer> {
  return Buffer.from(await keepOnce(dataDir, 'pseudonym.key', async () => randomBytes(32).toString('base64url')), 'base64url');
}

async function makeWarrantKey(): Promise<string> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  return JSON.stringify(await exportJWK(pair.privateKey));
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  // jose types the result as CryptoKey | Uint8Array; an OKP key is always a CryptoKey.
  return (await importJWK(jwk, 'EdDSA')) as CryptoKey;
}

/** Reads a key file, or makes it; of two processes that make it at once, one wins and both read the winner's. */
async function keepOnce(dataDir: string, name: string, make: () => Promise<string>): Promise<string> {
  const path = join(dataDir, 'keys', name);
  const kept = await readFile(path, 'utf8').catch(ifMissing);
  if (kept) return kept;
  await mkdir(join(dataDir, 'keys'), { recursive: true, mode: 0o700 });
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, await make(), { mode: 0o600, flush: true });
  // A hard link appears whole or not at all, and fails when the name is taken: no half-written key is ever read.
  await link(draft, path).catch(ifTaken);
  await unlink(draft);
  return readFile(path, 'utf8');
}

function ifMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function ifTaken(error: NodeJS.ErrnoException): null {
  if (error.code === 'EEXIST') return null;
  throw error;
}
