import { readFile } from 'node:fs/promises';
import { openPool } from '@longyuan/prisma/store/connect/open-pool.ts';
import { readSettingsOrLeave } from '@longyuan/settings/environment.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { bringUpDirectory } from '../open-directory.ts';
import { importInventory } from './import-inventory.ts';

/**
 * `npm run directory:import -- <file>`: brings the directory to the inventory of one or more departments. Every bad row is told with its
 * line and reason, and then nothing is stored. Needs the directory's database: the hub running, or HUB_POSTGRES_URL.
 */
const say = (line: string) => process.stdout.write(`${line}\n`);
const file = process.argv[2];
if (file === undefined) {
  say('Usage: npm run directory:import -- <file.csv, .xlsx or .json>; the columns are told in prisma/directory/README.md');
  process.exit(1);
}
const settings = readSettingsOrLeave();
const log = openLog('import', { logLevel: 'warn' });
const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
  say(
    `${file}: ${error.code === 'ENOENT' ? 'there is no such file' : error.code === 'EISDIR' ? 'is a folder' : `cannot be read (${error.code ?? error.message})`}.`,
  );
  process.exit(1);
});
const pool = await openPool({ settings, library: 'directory', log, statementTimeoutMs: 0 });
try {
  await bringUpDirectory(pool);
  const outcome = await importInventory(pool, bytes);
  switch (outcome.kind) {
    case 'mistaken':
      for (const { line, reason } of outcome.mistakes) say(`${file}:${line}: ${reason.replace(/\p{Cc}/gu, '\uFFFD')}`);
      say(`Nothing was stored: ${outcome.mistakes.length} ${outcome.mistakes.length === 1 ? 'mistake' : 'mistakes'}.`);
      process.exitCode = 1;
      break;
    case 'stored':
      say(
        `${outcome.listed} resources listed, ${outcome.changed} changed, ${outcome.withdrawn} withdrawn, ${outcome.unchanged} as they were.`,
      );
      break;
    default:
      outcome satisfies never;
  }
} catch (error) {
  say(
    `The directory's database cannot be used: ${error instanceof Error ? error.message : String(error)}. Is the hub running (npm start)?`,
  );
  process.exitCode = 1;
} finally {
  await pool.end();
}
