import { createHmac, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { changeOfKeyFile, type KeptJwk, keepOnce, makeKeyFile, readKeyFile } from '@longyuan/trust/key-file.ts';

/** The Ed25519 key that signs now, and the public halves of those it replaced. */
export type ProviderKeys = Readonly<{ signing: KeptJwk; replaced: readonly KeptJwk[] }>;

/** The provider's keys, made on first use; `npm run keys:rotate` replaces the one that signs. @throws Error where the file holds public halves alone. */
export async function openProviderKeys(dataDir: string): Promise<ProviderKeys> {
  const path = keysPath(dataDir);
  await makeKeyFile(path);
  const [signing, ...replaced] = await readKeyFile(path);
  if (!signing?.d) throw new Error(`${path} holds no secret key to sign with.`);
  return { signing, replaced };
}

/** A number that is another once the keys are others. */
export function changeOfKeys(dataDir: string): Promise<number> {
  return changeOfKeyFile(keysPath(dataDir));
}

/** What the provider keeps to itself: the secret of the client that asks for tokens on this machine, and the key that makes `sub`. */
export type ProviderSecrets = Readonly<{ clientSecret: string; subjectKey: Buffer }>;

/** The provider's secrets, made on first use. */
export async function openProviderSecrets(dataDir: string): Promise<ProviderSecrets> {
  return secretsFrom(await keepOnce(secretPath(dataDir), async () => randomBytes(32).toString('base64url')));
}

/** The secret of the client, where the provider has made it; null where no provider ever ran over this folder. */
export async function readClientSecret(dataDir: string): Promise<string | null> {
  try {
    return secretsFrom(await readFile(secretPath(dataDir), 'utf8')).clientSecret;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function keysPath(dataDir: string): string {
  return join(dataDir, 'keys', 'identity.jwk');
}

function secretPath(dataDir: string): string {
  return join(dataDir, 'keys', 'identity.secret');
}

function secretsFrom(text: string): ProviderSecrets {
  const derive = (use: string) => createHmac('sha256', Buffer.from(text, 'base64url')).update(use).digest();
  return { clientSecret: derive('client').toString('base64url'), subjectKey: derive('subject') };
}
