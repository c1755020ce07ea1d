import { accessSync, chmodSync, constants, lstatSync, mkdirSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Rights of anybody but the owner. */
const OTHERS = 0o077;
/** What the hub keeps in its data folder; what else lies there is its owner's, and behind a closed door. */
const OURS = /^(keys|compiled|lock(\..+)?|postgres(\.making\..+)?|postgis-.+\.tar\.gz(\..+)?)$/;
/** Of a folder like /tmp, where everybody may write. */
const STICKY = 0o1000;

/**
 * Makes the data folder where there is none, and closes it to every other account of the machine: the folder, and what of the hub lies in
 * it, however it came there. What this process and those that it starts make from now on is the account's alone.
 * @throws Error that names the folder or file that cannot be made or written, is not the account's, cannot be closed, or that a link of it
 * leads to and is open.
 */
export function openDataFolder(path: string): void {
  // A thread cannot set it, and the one of the process holds for all.
  process.umask(OTHERS);
  makeFolder(path);
  const folder = realpathSync(path);
  const stats = lstatSync(folder);
  const names = readdirSync(folder);
  const account = process.geteuid?.();
  if (account !== undefined && stats.uid !== account)
    throw new Error(`The data folder ${path} belongs to another account: give it to this one (chown), or set HUB_DATA_DIR.`);
  const isOthers = (stats.mode & STICKY) !== 0 || (names.length > 0 && !names.some((name) => OURS.test(name)));
  if (isWide(stats) && isOthers)
    throw new Error(
      `The data folder ${path} is open to other accounts and holds other things: set HUB_DATA_DIR to a folder of the hub's own.`,
    );
  close(folder, stats);
  refuseUnwritable(path, folder);
  for (const name of names.filter((each) => OURS.test(each))) {
    refuseOpenElsewhere(join(folder, name));
    closeAll(join(folder, name));
  }
}

/** One by one: Node's own `recursive` never ends where a folder above is there and takes none (`/proc`). */
function makeFolder(path: string): void {
  const missing: string[] = [];
  let above = path;
  for (; statSync(above, { throwIfNoEntry: false }) === undefined && above !== dirname(above); above = dirname(above)) missing.push(above);
  const refuse = (why: string, cause?: unknown): never => {
    throw new Error(`The data folder ${path} cannot be made: ${why}. ${MEND}`, { cause });
  };
  if (!statSync(above).isDirectory()) refuse(`${above} is a file`);
  for (const folder of missing.reverse()) {
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
      // Another process of the hub may have been faster.
      if (code !== 'EEXIST') refuse((REASONS[code] ?? code).replace('%', dirname(folder)), cause);
    }
  }
}

function refuseUnwritable(path: string, folder: string): void {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new Error(`The data folder ${path} cannot be written: ${(REASONS[code] ?? code).replace('%', path)}. ${MEND}`, { cause });
  }
}

const MEND = 'Mend that, or set HUB_DATA_DIR to a folder that the account of the hub may write.';
/** Why the system would not have it; % is where. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'nothing can be made in %',
  EACCES: 'this account may not write in %',
  EPERM: 'this account may not write in %',
  EROFS: '% is on a disk that is read-only',
  ENOSPC: 'the disk of % is full',
  ENAMETOOLONG: 'its name is too long',
};

/** What lies elsewhere may be somebody's: it is not closed, but nothing of the hub is put where others can get at it. */
function refuseOpenElsewhere(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return;
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats !== undefined && isWide(stats))
    throw new Error(`${path} leads to ${realpathSync(path)}, which is open to other accounts: close it to them (chmod -R go-rwx).`);
}

/** Parents first: once a folder is closed, nobody else changes what is in it. Links are left alone. */
function closeAll(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  // Another process of the hub may have put it away meanwhile.
  if (stats === undefined || stats.isSymbolicLink()) return;
  close(path, stats);
  if (!stats.isDirectory()) return;
  for (const name of readdirSync(path)) closeAll(join(path, name));
}

function close(path: string, stats: Stats): void {
  if (!isWide(stats)) return;
  try {
    chmodSync(path, stats.mode & 0o7777 & ~OTHERS);
  } catch (cause) {
    // Put away meanwhile.
    if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return;
    throw new Error(`${path} is open to other accounts and cannot be closed to them (chmod ${stats.isDirectory() ? 700 : 600}).`, {
      cause,
    });
  }
}

function isWide(stats: Stats): boolean {
  return (stats.mode & OTHERS) !== 0;
}
