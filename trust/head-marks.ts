import { hash, randomBytes } from 'node:crypto';
import { link, mkdir, readdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ifMissing, ifTaken, isMissing } from './file-fault.ts';

const MARK = z.object({ version: z.number(), digest: z.string().regex(/^[0-9a-f]{64}$/) });

/** The furthest head of a list that its owner has seen: its count, and the digest of what was signed. */
export type HeadMark = Readonly<z.infer<typeof MARK>>;

/** The owner's own memory of how far its list has come: it outlives the process and lies where nobody who writes the database reaches it. */
export type HeadMarks = Readonly<{
  /** @throws Error that names the file where it cannot be read. */
  read(): Promise<HeadMark | null>;
  /** The count alone, which a damaged file still has in its name; 0 where there is none. */
  highest(): Promise<number>;
  /** Never lowers it, whoever else raises it meanwhile. */
  raise(mark: HeadMark): Promise<void>;
}>;

/** What a mark remembers of a head. */
export function markOf(version: number, content: string): HeadMark {
  return { version, digest: hash('sha256', content) };
}

/**
 * The marks of a library's list, `<dataDir>/keys/grants-<library>.<version>.head` (mode 0600). Each has a name of its own, so that several
 * processes need no lock to keep the highest; those below it are deleted.
 */
export function openHeadMarks(dataDir: string, library: string): HeadMarks {
  const folder = join(dataDir, 'keys');
  const nameOf = (version: number) => `grants-${library}.${version}.head`;

  async function versions(): Promise<readonly number[]> {
    const names = await readdir(folder).catch(ifMissing<string[]>([]));
    const found = names.flatMap((name) => {
      const version = /^(\d{1,15})\.head$/.exec(name.slice(`grants-${library}.`.length))?.[1];
      return version !== undefined && name === nameOf(Number(version)) ? [Number(version)] : [];
    });
    return found.sort((one, other) => other - one);
  }

  async function read(): Promise<HeadMark | null> {
    for (let attempt = 1; ; attempt += 1) {
      const [version] = await versions();
      if (version === undefined) return null;
      const path = join(folder, nameOf(version));
      try {
        return readMark(await readFile(path, 'utf8'), version, path);
      } catch (error) {
        // Another process has just put a higher one in its place.
        if (!isMissing(error) || attempt > 5) throw error;
      }
    }
  }

  async function raise(mark: HeadMark): Promise<void> {
    const path = join(folder, nameOf(mark.version));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const draft = `${path}.${randomBytes(6).toString('hex')}`;
    await writeFile(draft, `${JSON.stringify(mark)}\n`, { mode: 0o600, flush: true });
    // A hard link appears whole or not at all; of two heads with one count the one seen first is remembered.
    await link(draft, path).catch(ifTaken);
    await unlink(draft);
    const [, ...lower] = await versions();
    for (const version of lower) await unlink(join(folder, nameOf(version))).catch(ifMissing(undefined));
  }
  return { read, highest: async () => (await versions())[0] ?? 0, raise };
}

function readMark(text: string, version: number, path: string): HeadMark {
  try {
    return MARK.extend({ version: z.literal(version) }).parse(JSON.parse(text));
  } catch {
    throw new Error(
      `${path} cannot be read: it says how far the list of grants had come. Restore it, or run npm run grants:accept -- <library>.`,
    );
  }
}
