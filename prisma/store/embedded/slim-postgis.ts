import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Extension } from '@electric-sql/pglite';
import { postgis } from '@electric-sql/pglite-postgis';

const require = createRequire(import.meta.url);

/**
 * PostGIS as PGlite loads it, less what no library uses: raster, topology, the geocoder and the scripts that upgrade old versions.
 * PGlite unpacks the whole bundle into memory and compiles every library in it at each start; the smaller one starts in half the
 * time and takes 280 MB less. It is made once and kept in `cacheFolder`.
 */
export function slimPostgis(cacheFolder: string): Extension {
  return {
    name: postgis.name,
    setup: async (database, options) => ({
      ...(await postgis.setup(database, options)),
      bundlePath: pathToFileURL(findSlimBundle(cacheFolder)),
    }),
  };
}

function findSlimBundle(cacheFolder: string): string {
  const packageFolder = dirname(dirname(require.resolve('@electric-sql/pglite-postgis')));
  // The package's own file is one of ours, not input from outside.
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const bundle = join(cacheFolder, `postgis-${version}.tar.gz`);
  if (existsSync(bundle)) return bundle;
  mkdirSync(cacheFolder, { recursive: true });
  for (const older of readdirSync(cacheFolder)) if (/^postgis-.*\.tar\.gz/.test(older)) rmSync(join(cacheFolder, older));
  const whole = gunzipSync(readFileSync(join(packageFolder, 'dist/postgis.tar.gz')));
  const unfinished = `${bundle}.${process.pid}`;
  writeFileSync(unfinished, gzipSync(keepEntries(whole, isNeeded), { level: 1 }));
  renameSync(unfinished, bundle);
  return bundle;
}

function isNeeded(path: string): boolean {
  if (path.startsWith('lib/')) return !/postgis_(raster|topology)/.test(path);
  if (path.startsWith('share/postgresql/contrib/')) return false;
  if (path.startsWith('share/postgresql/extension/')) return /(\/|\/postgis\.control|\/postgis--\d+\.\d+\.\d+\.sql)$/.test(path);
  return true;
}

const block = 512;

/** A tar file of those entries of `tar` whose path `isKept`. */
function keepEntries(tar: Buffer, isKept: (path: string) => boolean): Buffer {
  const kept: Buffer[] = [];
  for (let at = 0; at + block <= tar.length && tar[at] !== 0; ) {
    const path = readText(tar, at, 100);
    const size = Number.parseInt(readText(tar, at + 124, 12).trim() || '0', 8);
    const end = at + block + Math.ceil(size / block) * block;
    if (isKept(path)) kept.push(tar.subarray(at, end));
    at = end;
  }
  return Buffer.concat([...kept, Buffer.alloc(2 * block)]);
}

function readText(tar: Buffer, at: number, length: number): string {
  return tar.toString('latin1', at, at + length).replace(/\0.*$/s, '');
}
