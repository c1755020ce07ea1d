import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A place in a walk over rows, as others may hold it: encrypted, because the keys and values that order a walk may be values of items.
 * Only the process that sealed a place opens it.
 */
export type PlaceSeal = Readonly<{
  seal(place: readonly (string | null)[]): string;
  /** Null for what this process did not seal. */
  open(sealed: string): readonly (string | null)[] | null;
}>;

export function makePlaceSeal(): PlaceSeal {
  const key = randomBytes(32);
  return {
    seal(place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const text = Buffer.concat([cipher.update(JSON.stringify(place), 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), text]).toString('base64url');
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64url');
      if (bytes.length <= NONCE_BYTES + TAG_BYTES) return null;
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
      try {
        const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
        // The tag says that this process wrote it.
        return JSON.parse(text) as readonly (string | null)[];
      } catch {
        return null;
      }
    },
  };
}
