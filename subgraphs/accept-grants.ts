import { openPool } from '@longyuan/prisma/store/connect/open-pool.ts';
import { ensureGrantTables } from '@longyuan/prisma/store/grants/ensure-grant-tables.ts';
import { openGrantStore } from '@longyuan/prisma/store/grants/grant-store.ts';
import { libraryNamed, readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { openHeadMarks } from '@longyuan/trust/head-marks.ts';
import { openOwnerKey } from '@longyuan/trust/keys.ts';
import { openOwnerKeys } from '@longyuan/trust/owner-keys.ts';
import { signList, tellGrants } from './serve/desks/grants/sign-list.ts';

/**
 * `npm run -s grants:accept -- <library> [--sign]`: for the owner, who has the key. Says which grants stand in the library's database, and with
 * `--sign` signs the list as it stands, as after an older database was restored. Libraries that run take it up within seconds.
 */
async function main([name, ...more]: readonly string[]): Promise<void> {
  const isWritten = more.includes('--sign');
  const settings = readEnvironment();
  const library = libraryNamed(name ?? '', readLibraries(settings.schemaFolder));
  const pool = await openPool({ settings, library: library.name, log: openLog(library.name, settings), statementTimeoutMs: 0 });
  try {
    await ensureGrantTables(pool);
    if (isWritten) await openOwnerKey(settings.dataDir, library.name, true);
    const { grants, head } = await signList({
      library: library.name,
      store: openGrantStore(library.name, async (sql, values) => (await pool.query(sql, [...values])).rows),
      keys: openOwnerKeys(settings.dataDir, library.name),
      above: await openHeadMarks(settings.dataDir, library.name).highest(),
      isWritten,
    });
    const what = 'GRANTED: in force within its term. REVOKED: stays so. ALTERED: not as its owner signed it, and stays out of use.';
    const next = head
      ? `Signed as change ${head.version}.`
      : isWritten
        ? 'Not signed: the list was changed meanwhile. Look at it again.'
        : 'Nothing was signed. Is each of them as you know it? Then: the same command with --sign. What you do not want, revoke afterwards.';
    process.stdout.write(`The grants of ${library.name} as they stand:\n${tellGrants(grants)}\n${what}\n${next}\n`);
    if (isWritten && !head) process.exitCode = 1;
  } finally {
    await pool.end();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
