import { changeOfKeyFile, makeKeyFile } from './key-file.ts';
import { type CheckingKey, readCheckingKeys, readSigningKey, type SigningKey, warrantKeyPath } from './keys.ts';

/** Keys to check with, by key id. */
export type CheckingKeys = Readonly<{ find: (kid: string) => Promise<CheckingKey | null> }>;
/** Keys to check with, and the one to sign with now. */
export type SigningKeys = CheckingKeys & Readonly<{ current: () => Promise<SigningKey> }>;

/** A key id that nobody knows makes the file be read again, but not more often than this: anyone can make up key ids. */
const LEAST_PAUSE_MS = 1_000;
/** Also read again after this long, so that a key which was replaced ends although nobody has met its successor yet. */
const LONGEST_PAUSE_MS = 30_000;

/** Where the warrant key lies when it is given by path; null: in the data folder, and made there on first use. */
type Place = Readonly<{ dataDir: string; warrantKeyFile: string | null }>;

/** The gateway's warrant keys. A rotation of the file is followed within a second of the next signature. */
export async function openWarrantKeys(place: Place): Promise<SigningKeys> {
  const path = await findKeyFile(place);
  const checking = followCheckingKeys(path);
  let known = await readSigningKey(path);
  let changedAtMs = await changeOfKeyFile(path);
  let lookedAtMs = performance.now();
  return {
    find: checking.find,
    current: async () => {
      if (performance.now() - lookedAtMs < LEAST_PAUSE_MS) return known;
      lookedAtMs = performance.now();
      const change = await changeOfKeyFile(path);
      if (change !== changedAtMs) {
        known = await readSigningKey(path);
        changedAtMs = change;
      }
      return known;
    },
  };
}

/** The public halves of the gateway's warrant keys, with which a library checks; the secret half is never held. */
export async function openWarrantCheckingKeys(place: Place): Promise<CheckingKeys> {
  const keys = followCheckingKeys(await findKeyFile(place));
  // Reads the file once, so that one that cannot be read is known at start.
  await keys.find('');
  return keys;
}

async function findKeyFile({ dataDir, warrantKeyFile }: Place): Promise<string> {
  if (warrantKeyFile !== null) return warrantKeyFile;
  await makeKeyFile(warrantKeyPath(dataDir));
  return warrantKeyPath(dataDir);
}

function followCheckingKeys(path: string): CheckingKeys {
  let known: Awaited<ReturnType<typeof readCheckingKeys>> = [];
  let readAtMs = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | null = null;
  const read = (): Promise<void> => {
    reading ??= readCheckingKeys(path)
      .then((keys) => {
        known = keys;
      })
      .finally(() => {
        readAtMs = performance.now();
        reading = null;
      });
    return reading;
  };
  const lookUp = (kid: string) => known.find((key) => key.kid === kid && key.endsAtMs > Date.now()) ?? null;
  return {
    find: async (kid) => {
      const sinceMs = performance.now() - readAtMs;
      const found = lookUp(kid);
      if (sinceMs < LEAST_PAUSE_MS && !reading) return found;
      if (found && sinceMs < LONGEST_PAUSE_MS) return found;
      await read();
      return lookUp(kid);
    },
  };
}
