import { hash, type KeyObject } from 'node:crypto';

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;
/** Where texts are laid out, one after the other. Node reads 16 KB of headers. */
const desk = Buffer.alloc(64 * 1024);

/** Makes HMAC-SHA256 (RFC 2104) of texts, in UTF-8, with one key: in Base64. */
export type Hmac = (text: string) => string;

/**
 * HMAC-SHA256 with this key, for where one is made at every call: both padded blocks of the key are made once, and a text costs two hashes
 * in one go. `createHmac` sets up a native object each time, which in a busy server costs several times the hashing itself; a hash that is
 * handed over as a buffer costs as much as the hashing, one that is handed over as text does not.
 */
export function openHmac(secret: KeyObject): Hmac {
  const raw = secret.export();
  const key = raw.length > BLOCK_BYTES ? hash('sha256', raw, 'buffer') : raw;
  const inner = Buffer.alloc(BLOCK_BYTES, 0x36);
  const outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES, 0x5c);
  for (const [place, byte] of key.entries()) {
    inner[place] = byte ^ 0x36;
    outer[place] = byte ^ 0x5c;
  }
  return (text) => {
    // No character of a JavaScript string becomes more than three bytes.
    const bytes = text.length * 3 + BLOCK_BYTES <= desk.length ? desk : Buffer.allocUnsafe(text.length * 3 + BLOCK_BYTES);
    inner.copy(bytes);
    const length = bytes.write(text, BLOCK_BYTES);
    outer.write(hash('sha256', bytes.subarray(0, BLOCK_BYTES + length), 'latin1'), BLOCK_BYTES, 'latin1');
    return hash('sha256', outer, 'base64');
  };
}
