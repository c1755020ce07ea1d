import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findHubPort } from './free-ports.ts';
import { startPostgresql } from './postgresql.ts';
import { missingServices } from './services.ts';

// The commands of deploy/BACKUP.md, played as they stand there. That a hub comes up over what is restored, upgrade.test.ts shows.

const text = readFileSync(join(import.meta.dirname, '../deploy/BACKUP.md'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'longyuan-backup 龙源-'));
afterAll(() => rmSync(folder, { recursive: true }));
const [dataDir, backup] = [join(folder, 'data'), join(folder, 'back up')];

/** Runs the commands that the document gives under this name. */
function play(name: string, more: Record<string, string> = {}) {
  const [, commands] = new RegExp(`\`\`\`sh ${name}\n([^]*?)\`\`\``).exec(text) ?? [];
  if (commands === undefined) throw new Error(`BACKUP.md has no commands called ${name}.`);
  const PATH = `/usr/lib/postgresql/15/bin:${process.env['PATH']}`;
  const { status, stderr } = spawnSync('sh', ['-u', '-c', commands], {
    encoding: 'utf8',
    env: { PATH, HUB_DATA_DIR: dataDir, BACKUP: backup, ...more },
  });
  return { status, stderr };
}
const DONE = { status: 0, stderr: '' };
const put = (path: string, content: string) => {
  mkdirSync(join(dataDir, path, '..'), { recursive: true });
  writeFileSync(join(dataDir, path), content);
};
const read = (path: string) => readFileSync(join(dataDir, path), 'utf8');

test('keys and embedded store are saved together while the hub is stopped, and come back together, for the account alone', () => {
  for (const path of ['keys/pseudonym.key', 'keys.made', 'postgres/PG_VERSION', 'postgres/base/1/1259']) put(path, path);
  put('lock', '{}');
  expect(play('embedded-backup')).toEqual({ status: 1, stderr: 'Stop the hub first (Ctrl-C).\n' });
  rmSync(join(dataDir, 'lock'));
  expect(play('embedded-backup')).toEqual(DONE);
  expect(statSync(join(backup, 'hub.tar.gz')).mode & 0o077).toBe(0);
  expect(play('embedded-restore').status).toBe(1);
  rmSync(dataDir, { recursive: true });
  expect(play('embedded-restore')).toEqual(DONE);
  expect(readdirSync(dataDir).sort()).toEqual(['keys', 'keys.made', 'postgres']);
  expect([read('keys/pseudonym.key'), read('postgres/base/1/1259')]).toEqual(['keys/pseudonym.key', 'postgres/base/1/1259']);
  expect(statSync(dataDir).mode & 0o077).toBe(0);
});

const missing = missingServices('postgresql');
test.skipIf(missing !== null)(
  `keys and databases of a PostgreSQL server come back together${missing === null ? '' : ` (skipped: ${missing})`}`,
  async () => {
    rmSync(folder, { recursive: true });
    for (const path of ['keys/owner-credit.jwk', 'keys.made']) put(path, path);
    const server = startPostgresql(await findHubPort());
    const address = { HUB_POSTGRES_URL: server.url.replace(/\/postgres$/, '') };
    const ask = (database: string, sql: string): string =>
      execFileSync('/usr/lib/postgresql/15/bin/psql', ['-Atq', `${address.HUB_POSTGRES_URL}/${database}`, '-c', sql], { encoding: 'utf8' });
    try {
      const databases = ['longyuan_credit', 'longyuan_e_license'];
      for (const database of databases) {
        ask('postgres', `CREATE DATABASE ${database}`);
        ask(database, `CREATE SCHEMA hub; CREATE TABLE hub.grant_deed AS SELECT '${database}' AS id FROM generate_series(1, 3)`);
      }
      ask('postgres', 'CREATE DATABASE somebody_elses');
      // A back-up without the stores is none, and says so.
      expect(play('postgresql-backup', { HUB_POSTGRES_URL: 'postgresql://127.0.0.1:9' }).status).not.toBe(0);
      expect(play('postgresql-backup', address)).toEqual(DONE);
      expect(readdirSync(backup).sort()).toEqual(['keys.tar.gz', ...databases.map((name) => `${name}.dump`)]);
      for (const database of databases) ask('postgres', `DROP DATABASE ${database}`);
      rmSync(dataDir, { recursive: true });
      expect(play('postgresql-restore', address)).toEqual(DONE);
      expect(read('keys/owner-credit.jwk')).toBe('keys/owner-credit.jwk');
      for (const database of databases) {
        expect(ask(database, 'SELECT id, count(*) FROM hub.grant_deed GROUP BY id')).toBe(`${database}|3\n`);
      }
    } finally {
      server.stop();
    }
  },
);
