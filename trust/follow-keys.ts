import { isMissing } from './file-fault.ts';
import { changeOfKeyFile, openKeyFile } from './key-file.ts';
import { type CheckingKey, type EndingKey, readCheckingKeys, readSigningKey, type SigningKey, warrantKeyPath } from './keys.ts';

/** Keys to check with, by key id. */
export type CheckingKeys = Readonly<{ find: (kid: string) => Promise<CheckingKey | null> }>;
/** Keys to check with, and the one to sign with now. */
export type SigningKeys = CheckingKeys & Readonly<{ current: () => Promise<SigningKey> }>;
/** Told, once, that a key file that is in use cannot be read any more: the keys that were read before go on being used. */
export type OnKeyTrouble = (error: unknown) => void;

/** A key id that nobody knows makes the file be looked at again, but not more often than this: anyone can make up key ids. */
const LEAST_PAUSE_MS = 1_000;
/** Also looked at again after this long, so that a key which was replaced ends although nobody has met its successor yet. */
const LONGEST_PAUSE_MS = 30_000;

/** Where the warrant key lies when it is given by path; null: in the data folder, and made there on first use. */
type Place = Readonly<{ dataDir: string; warrantKeyFile: string | null }>;

/** The gateway's warrant keys. A rotation of the file is followed within a second of the next signature. @throws KeyFault */
export async function openWarrantKeys(place: Place, onTrouble: OnKeyTrouble = () => {}): Promise<SigningKeys> {
  return signWith(await follow(await findKeyFile(place), readBoth, onTrouble), LEAST_PAUSE_MS);
}

/** The public halves of the gateway's warrant keys, with which a library checks; the secret half is never held. @throws KeyFault */
export async function openWarrantCheckingKeys(place: Place, onTrouble: OnKeyTrouble = () => {}): Promise<CheckingKeys> {
  return checkWith(await follow(await findKeyFile(place), readHalves, onTrouble));
}

async function findKeyFile({ dataDir, warrantKeyFile }: Place): Promise<string> {
  if (warrantKeyFile !== null) return warrantKeyFile;
  await openKeyFile(warrantKeyPath(dataDir));
  return warrantKeyPath(dataDir);
}

/** What was read of a key file. */
type Halves = Readonly<{ checking: readonly EndingKey[] }>;
type Both = Halves & Readonly<{ signing: SigningKey }>;

/** What others check with. */
export async function readHalves(path: string): Promise<Halves> {
  return { checking: await readCheckingKeys(path) };
}

/** What is signed with, and what others check with. */
export async function readBoth(path: string): Promise<Both> {
  return { signing: await readSigningKey(path), checking: await readCheckingKeys(path) };
}

type Followed<Held> = Readonly<{
  held: () => Held;
  /** Looks whether the file has changed, unless that was done within the pause. */
  look: (pauseMs: number) => Promise<void>;
}>;

/**
 * Reads a key file, and reads it again as it changes. One that is damaged or gone later on changes nothing but a line in the log: what was
 * read before stays in use until the file can be read again. @throws KeyFault where it cannot be read at first, unless `atFirst` stands for a missing one.
 */
export async function follow<Held extends Halves>(
  path: string,
  read: (path: string) => Promise<Held>,
  onTrouble: OnKeyTrouble,
  atFirst?: Held,
): Promise<Followed<Held>> {
  let change: string | null = await changeOfKeyFile(path).catch(() => null);
  let held = change === null && atFirst ? atFirst : await read(path);
  let lookedAtMs = performance.now();
  let looking: Promise<void> | null = null;
  let trouble: string | null = null;

  async function look(): Promise<void> {
    try {
      const now = await changeOfKeyFile(path);
      if (now !== change) {
        held = await read(path);
        change = now;
      }
      trouble = null;
    } catch (error) {
      // Where there never was one, there is nothing to miss.
      if (change === null && isMissing(error)) return;
      const said = String(error);
      if (said !== trouble) onTrouble(error);
      trouble = said;
    }
  }
  return {
    held: () => held,
    look: async (pauseMs) => {
      if (looking) return looking;
      if (performance.now() - lookedAtMs < pauseMs) return undefined;
      looking = look().finally(() => {
        lookedAtMs = performance.now();
        looking = null;
      });
      return looking;
    },
  };
}

/** Finds keys by their id in what is followed; for one that is not there the file is looked at again, after `leastPauseMs`. */
export function checkWith({ held, look }: Followed<Halves>, leastPauseMs = LEAST_PAUSE_MS): CheckingKeys {
  const lookUp = (kid: string): CheckingKey | null => held().checking.find((key) => key.kid === kid && key.endsAtMs > Date.now()) ?? null;
  return {
    find: async (kid) => {
      const pauseMs = lookUp(kid) ? LONGEST_PAUSE_MS : leastPauseMs;
      await look(held().checking.length > 0 ? pauseMs : 0);
      return lookUp(kid);
    },
  };
}

/** Signs with what is followed; the file is looked at again after `pauseMs`. */
export function signWith(followed: Followed<Both>, pauseMs: number): SigningKeys {
  const { find } = checkWith(followed, pauseMs);
  return {
    find,
    current: async () => {
      await followed.look(pauseMs);
      return followed.held().signing;
    },
  };
}
