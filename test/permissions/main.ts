import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';
import { type Account, writeAccount } from '@longyuan/identity/account.ts';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { publicBodyCode } from '@longyuan/prisma/country/generate/numbers.ts';
import { serviceItems } from '@longyuan/prisma/country/purposes.ts';
import { openPool } from '@longyuan/prisma/store/connect/open-pool.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { openLog } from '@longyuan/settings/log.ts';
import { grantEverything } from '../grant-everything.ts';
import { openSuite } from './open-suite.ts';
import { tryTable } from './table.ts';

/** README.md tells how it is run. Exit code 0: as the directives say; 1: it is not; 2: the suite could not run. */
const { values } = parseArgs({
  options: { hub: { type: 'string' }, 'token-of': { type: 'string' }, run: { type: 'string', default: '9' } },
});
const environment: Record<string, string> = {};
for (const [name, value] of Object.entries(process.env)) if (value !== undefined && name.startsWith('HUB_')) environment[name] = value;
const settings = readEnvironment(environment);
const url = values.hub ?? `http://127.0.0.1:${settings.port}`;
const run = promisify(execFile);

/** A token of the embedded provider, or what the command of `--token-of` prints when it is given the account's parameters. */
async function tokenFor(account: Account): Promise<string> {
  const command = values['token-of'];
  if (command === undefined) return askToken(settings, account);
  const { stdout } = await run(
    command,
    Object.entries(writeAccount(account)).map(([name, value]) => `${name}=${value}`),
  );
  return stdout.trim();
}

const libraries = readLibraries();
const log = openLog('permissions', settings);
const pools = new Map(
  await Promise.all(
    libraries.map(async ({ name: library }) => [library, await openPool({ settings, library, log, statementTimeoutMs: 30_000 })] as const),
  ),
);
try {
  const everything = publicBodyCode('11', 699);
  await grantEverything({ url }, everything, tokenFor);
  const suite = await openSuite({
    hub: { url, tokenFor },
    askRows: async (library, sql) => (await pools.get(library)?.query(sql))?.rows ?? [],
    reference: {
      token: await tokenFor({ kind: 'department', uscc: everything, role: 'developer', region: null }),
      purpose: serviceItems[0]?.implCode ?? '',
    },
    run: Number(values.run),
  });
  for await (const { style, asker, routes, differences } of tryTable(suite)) {
    process.stdout.write(`${differences.length === 0 ? 'ok  ' : 'NOT '} ${style.padEnd(16)} ${asker.padEnd(46)} ${routes.join(' | ')}\n`);
    for (const each of differences) process.stdout.write(`       ${each}\n`);
    if (differences.length > 0) process.exitCode = 1;
  }
  await suite.end();
} catch (error) {
  process.stderr.write(`The suite could not run: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
} finally {
  for (const pool of pools.values()) await pool.end();
}
