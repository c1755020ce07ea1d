import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { KeyMissing } from '@longyuan/trust/key-fault.ts';
import { changeOfKeyFile, openKeyFile, openSecretFile } from '@longyuan/trust/key-file.ts';
import { secretKeyOf } from '@longyuan/trust/keys.ts';
import { type KeptJwk, readSecretFile } from '@longyuan/trust/read-keys-of-file.ts';

/** The Ed25519 key that signs now, and the public halves of those it replaced. */
export type ProviderKeys = Readonly<{ signing: KeptJwk; replaced: readonly KeptJwk[] }>;

/** The provider's keys, made on first use; `npm run keys:rotate` replaces the one that signs. @throws KeyFault where the file cannot be used. */
export async function openProviderKeys(dataDir: string): Promise<ProviderKeys> {
  const path = keysPath(dataDir);
  const keys = await openKeyFile(path);
  const [, ...replaced] = keys;
  return { signing: secretKeyOf(keys, path), replaced };
}

/** A text that is another once the keys are others. */
export function changeOfKeys(dataDir: string): Promise<string> {
  return changeOfKeyFile(keysPath(dataDir));
}

/** What the provider keeps to itself: the secret of the client that asks for tokens on this machine, and the key that makes `sub`. */
export type ProviderSecrets = Readonly<{ clientSecret: string; subjectKey: Buffer }>;

/** The provider's secrets, made on first use. @throws KeyFault where the file cannot be used: of an empty key anybody knows what it makes. */
export async function openProviderSecrets(dataDir: string): Promise<ProviderSecrets> {
  return secretsFrom(await openSecretFile(secretPath(dataDir)));
}

/** The secret of the client, where the provider has made it; null where no provider ever ran over this folder. */
export async function readClientSecret(dataDir: string): Promise<string | null> {
  try {
    return secretsFrom(await readSecretFile(secretPath(dataDir))).clientSecret;
  } catch (error) {
    if (error instanceof KeyMissing) return null;
    throw error;
  }
}

function keysPath(dataDir: string): string {
  return join(dataDir, 'keys', 'identity.jwk');
}

function secretPath(dataDir: string): string {
  return join(dataDir, 'keys', 'identity.secret');
}

function secretsFrom(secret: Buffer): ProviderSecrets {
  const derive = (use: string) => createHmac('sha256', secret).update(use).digest();
  return { clientSecret: derive('client').toString('base64url'), subjectKey: derive('subject') };
}
