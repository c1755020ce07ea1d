import { open, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KeyFault, KeyMissing } from './key-fault.ts';

/**
 * What a key file holds as text, and who beside its owner can get at it, as octal digits of its mode; null: nobody. `changedBy`: the same of the
 * file or its folder, where others can write another key in its place.
 */
export type KeyText = Readonly<{ text: string; openTo: string | null; changedBy: string | null }>;

/** No file of keys is larger. */
const MOST_BYTES = 65_536;
const OTHERS = 0o077;
/** Into a folder that others may not enter no mode of a file lets them. */
const ENTERED_BY_OTHERS = 0o011;
const WRITTEN_BY_OTHERS = 0o022;
/** In such a folder, as /tmp is, nobody takes away another's file. */
const STICKY = 0o1000;
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
    // A link can be read where it leads to, and be made to lead elsewhere where it lies.
    const [home, place] = [(await stat(dirname(await realpath(path)))).mode, (await stat(dirname(path))).mode];
    const isReached = (home & ENTERED_BY_OTHERS) !== 0;
    const written = [isReached ? found.mode : 0, ...[home, place].filter(canBeRefilled)].find((mode) => (mode & WRITTEN_BY_OTHERS) !== 0);
    return { text, openTo: isReached ? openTo(found) : null, changedBy: written === undefined || !HAS_MODES ? null : digits(written) };
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

/** @throws KeyFault where anyone but its owner can put another key in the place of this one: who is believed would be theirs to say. */
export function refuseForeignHand(path: string, { changedBy }: KeyText): void {
  if (changedBy === null) return;
  const advice = `Make it so with \`chmod go-w ${path} ${dirname(path)}\`, or put the right key there if another account may have changed it.`;
  throw new KeyFault(
    path,
    `can be changed by other accounts (mode ${changedBy} of it or its folder): it must be for its owner alone`,
    advice,
  );
}

/** Systems without modes say that everything is open. */
const HAS_MODES = process.platform !== 'win32';

function canBeRefilled(mode: number): boolean {
  return (mode & ENTERED_BY_OTHERS) !== 0 && (mode & STICKY) === 0;
}

function digits(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}

function openTo({ mode, uid }: Readonly<{ mode: number; uid: number }>): string | null {
  if (!HAS_MODES) return null;
  const isOwn = uid === process.getuid?.();
  return (mode & (isOwn ? OTHERS : OTHERS_BUT_READING_GROUP)) === 0 ? null : digits(mode);
}
