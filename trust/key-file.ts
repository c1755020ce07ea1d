import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';

/** A key of a key file. `exp`: the second after which nothing of this key is accepted; only keys that were replaced have one. */
export type KeptJwk = JWK & Readonly<{ kid: string; exp?: number }>;

/** Keys that were replaced and are still kept; older ones go. */
const MOST_REPLACED = 16;

/**
 * The Ed25519 keys of a file, the one to sign with first, then those that were replaced. The file holds a JWK set, or a single JWK.
 * @throws Error where the file is missing or holds no such key.
 */
export async function readKeyFile(path: string): Promise<readonly KeptJwk[]> {
  const told: unknown = JSON.parse(await readFile(path, 'utf8'));
  const keys: readonly unknown[] = isSet(told) ? told.keys : [told];
  const kept = await Promise.all(
    keys.filter(isEd25519).map(async (jwk) => ({ ...jwk, kid: jwk.kid ?? (await calculateJwkThumbprint(jwk)) })),
  );
  if (kept.length === 0) throw new Error(`${path} holds no Ed25519 key (JWK or JWK set).`);
  return kept;
}

/** A number that is another once the file is another. */
export async function changeOfKeyFile(path: string): Promise<number> {
  const { mtimeMs, ino } = await stat(path);
  // A file put in the place of another within the clock's grain has another inode.
  return mtimeMs + ino;
}

/** Makes a key file (mode 0600) where there is none; of two processes that make it at once, both end up with the same one. */
export function makeKeyFile(path: string): Promise<string> {
  return keepOnce(path, async () => JSON.stringify({ keys: [await makeKey()] }));
}

/**
 * Puts a new key in the place of the one that signs. What the old one signed is accepted for `acceptedSeconds` more (null: without end);
 * its secret half is gone at once. Processes that use the file take notice while they run.
 */
export async function rotateKeyFile(
  path: string,
  acceptedSeconds: number | null,
  nowSeconds = Math.floor(Date.now() / 1_000),
): Promise<void> {
  const [current, ...replaced] = await readKeyFile(path);
  if (!current?.d) throw new Error(`${path} holds no secret key; it is rotated where it is signed with.`);
  const { d: _secret, ...old } = current;
  const ending: KeptJwk = acceptedSeconds === null ? old : { ...old, exp: nowSeconds + acceptedSeconds };
  const accepted = replaced.filter(({ exp }) => exp === undefined || exp > nowSeconds);
  const draft = await writeDraft(path, JSON.stringify({ keys: [await makeKey(), ending, ...accepted].slice(0, MOST_REPLACED + 1) }));
  await rename(draft, path);
}

/** Reads a file of a secret, or makes it; of two processes that make it at once, one wins and both read the winner's. */
export async function keepOnce(path: string, make: () => Promise<string>): Promise<string> {
  const kept = await readFile(path, 'utf8').catch(ifMissing);
  if (kept) return kept;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = await writeDraft(path, await make());
  // A hard link appears whole or not at all, and fails when the name is taken: no half-written key is ever read.
  await link(draft, path).catch(ifTaken);
  await unlink(draft);
  return readFile(path, 'utf8');
}

async function makeKey(): Promise<KeptJwk> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk) };
}

async function writeDraft(path: string, text: string): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, text, { mode: 0o600, flush: true });
  return draft;
}

function isSet(told: unknown): told is { keys: readonly unknown[] } {
  return typeof told === 'object' && told !== null && 'keys' in told && Array.isArray(told.keys);
}

function isEd25519(told: unknown): told is JWK & { exp?: number } {
  return typeof told === 'object' && told !== null && 'crv' in told && told.crv === 'Ed25519' && 'x' in told && typeof told.x === 'string';
}

function ifMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}

function ifTaken(error: NodeJS.ErrnoException): null {
  if (error.code === 'EEXIST') return null;
  throw error;
}
