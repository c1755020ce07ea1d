import { randomBytes } from 'node:crypto';
import { appendFile, link, mkdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import { ifMissing, ifTaken } from './file-fault.ts';
import { KeyFault, KeyMissing, madeListOf } from './key-fault.ts';
import { type KeptJwk, readKeyFile, readSecretFile } from './read-keys-of-file.ts';

/** Keys that were replaced and are still kept; older ones go. */
const MOST_REPLACED = 16;

/** A text that is another once the file is another. */
export async function changeOfKeyFile(path: string): Promise<string> {
  const { mtimeMs, ino, size } = await stat(path);
  // A file put in the place of another within the clock's grain has another inode.
  return `${mtimeMs} ${ino} ${size}`;
}

/** The keys of a file, which is made where there never was one, or, `evenIfLost`, where it is gone. @throws KeyFault as `keepOnce` does. */
export function openKeyFile(path: string, evenIfLost = false): Promise<readonly KeptJwk[]> {
  return keepOnce(path, readKeyFile, async () => JSON.stringify({ keys: [await makeKey()] }), evenIfLost);
}

/** The secret (32 bytes) of a file, which is made where there never was one. @throws KeyFault as `keepOnce` does. */
export function openSecretFile(path: string): Promise<Buffer> {
  return keepOnce(path, readSecretFile, async () => randomBytes(32).toString('base64url'));
}

/** Reads a secret where it was made before, and makes none. @throws KeyFault as `keepOnce` does. */
export async function checkSecretFile(path: string): Promise<void> {
  if ((await isThere(path)) || (await isMade(path))) await openSecretFile(path);
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

/**
 * Reads a key file, or makes it (mode 0600) where there never was one; of two processes that make it at once, one wins and both read the winner's.
 * @throws KeyFault where it cannot be used as it is, or was made before and is gone: what another one in its place costs is not the hub's to decide.
 */
async function keepOnce<Key>(
  path: string,
  read: (path: string) => Promise<Key>,
  make: () => Promise<string>,
  evenIfLost = false,
): Promise<Key> {
  if (!(await isThere(path)) && (evenIfLost || !(await isMade(path)))) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const draft = await writeDraft(path, await make());
    // A hard link appears whole or not at all, and fails when the name is taken: no half-written key is ever read.
    await link(draft, path).catch(ifTaken);
    await unlink(draft);
  }
  const key = await read(path).catch((error: unknown) => {
    throw error instanceof KeyMissing ? new KeyFault(path, 'is gone, although the hub has made or used it before') : error;
  });
  if (!(await isMade(path))) await noteMade(path).catch(ifReadOnly);
  return key;
}

async function makeKey(): Promise<KeptJwk> {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const { x = '', d = '' } = await exportJWK(privateKey);
  const half = { kty: 'OKP', crv: 'Ed25519', x } as const;
  return { ...half, d, kid: await calculateJwkThumbprint(half) };
}

async function writeDraft(path: string, text: string): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, text, { mode: 0o600, flush: true });
  return draft;
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(() => true, ifMissing(false));
}

async function isMade(path: string): Promise<boolean> {
  const list = await readFile(madeListOf(path), 'utf8').catch(ifMissing(''));
  return list.split('\n').includes(basename(path));
}

function noteMade(path: string): Promise<void> {
  return appendFile(madeListOf(path), `${basename(path)}\n`, { mode: 0o600, flush: true });
}

/** Keys that were put there by somebody else, in a folder that is not the hub's to write: nothing would be made there either. */
function ifReadOnly(error: NodeJS.ErrnoException): void {
  if (!['EROFS', 'EACCES', 'EPERM'].includes(error.code ?? '')) throw error;
}
