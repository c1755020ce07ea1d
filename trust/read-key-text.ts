import { open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KeyFault, KeyMissing } from './key-fault.ts';

/** What a key file holds as text, and who beside its owner can get at it, as octal digits of its mode; null: nobody. */
export type KeyText = Readonly<{ text: string; openTo: string | null }>;

/** No file of keys is larger. */
const MOST_BYTES = 65_536;
const OTHERS = 0o077;
/** Into a folder that others may not enter no mode of a file lets them. */
const ENTERED_BY_OTHERS = 0o011;
/** A file of another account (root, who mounts secrets) may be read by a group: it is how this process comes to read it. */
const OTHERS_BUT_READING_GROUP = 0o037;

/** Reads a key file. @throws KeyFault where it cannot be read, is no file, is empty or too large. */
export async function readKeyText(path: string): Promise<KeyText> {
  const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new KeyMissing(path);
    throw new KeyFault(path, `cannot be read (${error.code})`, 'Give the account that the hub runs under the right to read it.');
  });
  try {
    const found = await file.stat();
    if (!found.isFile()) throw new KeyFault(path, 'is no file');
    if (found.size > MOST_BYTES) throw new KeyFault(path, `holds ${found.size} bytes, which no key does`);
    const text = await file.readFile('utf8');
    if (text === '') throw new KeyFault(path, 'is empty');
    const isReached = ((await stat(dirname(path))).mode & ENTERED_BY_OTHERS) !== 0;
    return { text, openTo: isReached ? openTo(found) : null };
  } finally {
    await file.close();
  }
}

/** @throws KeyFault where anyone but its owner can get at a file that holds a secret. */
export function refuseOpenSecret(path: string, { openTo }: KeyText): void {
  if (openTo === null) return;
  const advice = `Make it so with \`chmod 600 ${path}\`, or have a new key made if another account may have read it.`;
  throw new KeyFault(path, `holds a secret and is open to other accounts (mode ${openTo}): it must be for its owner alone`, advice);
}

/** Systems without modes say that everything is open. */
function openTo({ mode, uid }: Readonly<{ mode: number; uid: number }>): string | null {
  if (process.platform === 'win32') return null;
  const isOwn = uid === process.getuid?.();
  return (mode & (isOwn ? OTHERS : OTHERS_BUT_READING_GROUP)) === 0 ? null : (mode & 0o777).toString(8).padStart(4, '0');
}
