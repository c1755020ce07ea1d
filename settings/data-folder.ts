import { chmodSync, lstatSync, mkdirSync, readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';

/** Rights of anybody but the owner. */
const OTHERS = 0o077;
/** What the hub keeps in its data folder; what else lies there is its owner's, and behind a closed door. */
const OURS = /^(keys|compiled|lock(\..+)?|postgres(\.making\..+)?|postgis-.+\.tar\.gz(\..+)?)$/;
/** Of a folder like /tmp, where everybody may write. */
const STICKY = 0o1000;

/**
 * Makes the data folder where there is none, and closes it to every other account of the machine: the folder, and what of the hub lies in
 * it, however it came there. What this process and those that it starts make from now on is the account's alone.
 * @throws Error that names the folder or file that is not the account's, that it cannot close, or that a link of it leads to and is open.
 */
export function openDataFolder(path: string): void {
  // A thread cannot set it, and the one of the process holds for all.
  process.umask(OTHERS);
  mkdirSync(path, { recursive: true, mode: 0o700 });
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
  for (const name of names.filter((each) => OURS.test(each))) {
    refuseOpenElsewhere(join(folder, name));
    closeAll(join(folder, name));
  }
}

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
