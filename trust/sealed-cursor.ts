import { CompactEncrypt, compactDecrypt } from 'jose';
import { readOnce } from './read-once.ts';

/** Cursors of lists whose places may not be told: what they hold is the library's own, and no one else can make one. */
export type SealedCursors = Readonly<{
  /** @throws RangeError for a place that no cursor can hold: some 7,000 bytes. */
  seal: (place: string) => Promise<string>;
  /** The place; null for anything that was not sealed with this key. */
  open: (cursor: string) => Promise<string | null>;
}>;

/** Longer ones were not made here: a place holds some keys, or some values of a row. */
const MOST_CHARACTERS = 10_000;

/** Seals cursors with a key of 32 bytes, asked for when the first is: compact JWE (RFC 7516), A256GCM. */
export function openSealedCursors(readKey: () => Promise<Uint8Array>): SealedCursors {
  const key = readOnce(readKey);
  return {
    seal: async (place) => {
      const bytes = new TextEncoder().encode(place);
      const cursor = await new CompactEncrypt(bytes).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(await key());
      if (cursor.length > MOST_CHARACTERS) throw new RangeError('A place is too long for a cursor.');
      return cursor;
    },
    open: async (cursor) => {
      if (cursor.length > MOST_CHARACTERS) return null;
      const secret = await key();
      const options = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
      const opened = await compactDecrypt(cursor, secret, options).catch(() => null);
      return opened && new TextDecoder().decode(opened.plaintext);
    },
  };
}
