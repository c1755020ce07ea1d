import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDataFolder } from './data-folder.ts';

let place = '';
let umask = 0;
const modeOf = (path: string): number => lstatSync(path).mode & 0o777;
beforeEach(() => {
  umask = process.umask(0o022);
  place = mkdtempSync(join(tmpdir(), 'data-folder-'));
});
afterEach(() => {
  process.umask(umask);
  rmSync(place, { recursive: true });
});

/** A file or, without text, a folder with the rights that a careless hand gives it. */
function put(path: string, text?: string): string {
  const whole = join(place, path);
  if (text === undefined) mkdirSync(whole, { recursive: true });
  else writeFileSync(whole, text);
  chmodSync(whole, text === undefined ? 0o755 : 0o644);
  return whole;
}

test('a new data folder is its account’s alone, and so is what is made in it', () => {
  const folder = join(place, 'new/data');
  openDataFolder(folder);
  writeFileSync(join(folder, 'later'), '');
  expect([modeOf(folder), modeOf(join(folder, 'later'))]).toEqual([0o700, 0o600]);
});

test('an older one is closed with everything of the hub in it; other things behind the closed door, and what links lead to, stay', () => {
  const folder = put('data');
  const ours = [put('data/keys'), put('data/postgres'), put('data/postgres/base'), put('data/postgres.making.12')];
  const files = [put('data/postgres/base/1', 'page'), put('data/keys/postgres.secret', 'x'), put('data/postgis-0.2.8.tar.gz', '')];
  const others = [put('data/notes.txt', 'mine'), put('elsewhere', 'not of the hub')];
  symlinkSync(join(place, 'elsewhere'), join(folder, 'postgres/link'));
  openDataFolder(folder);
  expect([folder, ...ours].map(modeOf)).toEqual([0o700, ...ours.map(() => 0o700)]);
  expect(files.map(modeOf)).toEqual(files.map(() => 0o600));
  expect(others.map(modeOf)).toEqual([0o644, 0o644]);
  expect(readFileSync(join(folder, 'postgres/base/1'), 'utf8')).toBe('page');
});

test('a folder of other things, and one where everybody may write, are left as they are and refused by name', () => {
  const folder = put('home');
  put('home/letters', 'dear');
  expect(() => openDataFolder(folder)).toThrow(folder);
  expect(modeOf(folder)).toBe(0o755);
  const everybodys = put('everybodys');
  put('everybodys/keys');
  chmodSync(everybodys, 0o1777);
  expect(() => openDataFolder(everybodys)).toThrow(everybodys);
});

test('what a link of the hub leads to is not closed, and refused by name while others can get at it', () => {
  const folder = put('data');
  const disk = put('disk');
  put('disk/1', 'a page with citizen numbers');
  for (const name of ['postgres', 'compiled', 'keys']) {
    symlinkSync(disk, join(folder, name));
    for (const mode of [0o755, 0o711, 0o707]) {
      chmodSync(disk, mode);
      expect(() => openDataFolder(folder), name).toThrow(`${join(folder, name)} leads to ${disk}, which is open`);
      expect(modeOf(disk)).toBe(mode);
    }
    chmodSync(disk, 0o700);
    expect(() => openDataFolder(folder)).not.toThrow();
    rmSync(join(folder, name));
  }
  symlinkSync(join(place, 'nowhere'), join(folder, 'postgres'));
  expect(() => openDataFolder(folder)).not.toThrow();
});

test.runIf(process.geteuid?.() !== 0)('a folder of another account is refused', () => {
  expect(() => openDataFolder('/')).toThrow('belongs to another account');
});

test('one that cannot be made is named with what stands in its way', () => {
  const file = put('file', 'x');
  expect(() => openDataFolder(file)).toThrow(`The data folder ${file} cannot be made: ${file} is a file. Mend that, or set HUB_DATA_DIR`);
  const below = join(file, 'a/data');
  expect(() => openDataFolder(below)).toThrow(`The data folder ${below} cannot be made: ${file} is a file.`);
  expect(() => openDataFolder('/proc/longyuan')).toThrow(/^The data folder \/proc\/longyuan cannot be made: /);
});

test.skipIf(process.geteuid?.() === 0)('one that its account may not write in is named, and so is what it should stand in', () => {
  const parent = put('parent');
  const folder = put('parent/data');
  chmodSync(folder, 0o500);
  expect(() => openDataFolder(folder)).toThrow(`The data folder ${folder} cannot be written: this account may not write in ${folder}.`);
  chmodSync(parent, 0o500);
  expect(() => openDataFolder(join(parent, 'more'))).toThrow(`cannot be made: this account may not write in ${parent}.`);
  chmodSync(parent, 0o700);
});
