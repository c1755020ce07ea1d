import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isCitizenNumber } from '@longyuan/schema/src/check-digits.ts';
import { readSettingsOrLeave } from '@longyuan/settings/environment.ts';
import { openPseudonymKey } from '@longyuan/trust/keys.ts';
import { opaqueKeyOf } from './opaque-key.ts';

/**
 * `npm run -s keys:person`: citizen numbers on standard input, one a line, to the hub's keys of these people on standard output, one a line in
 * the same order, as an owner writes them beside its own rows. A line that holds no citizen number gives an empty line, is named by its number
 * on standard error, and ends the command with 1. No number is repeated anywhere.
 */
const { dataDir } = readSettingsOrLeave();
// Another key would make other keys of the same people: it is never made here.
if (!existsSync(join(dataDir, 'keys', 'pseudonym.key'))) {
  process.stderr.write(
    `There is no pseudonym key in ${join(dataDir, 'keys')}: this command runs where the hub's own lies (HUB_DATA_DIR).\n`,
  );
  process.exit(1);
}
const keyOf = opaqueKeyOf(await openPseudonymKey(dataDir));
const MOST_TOLD = 20;
let line = 0;
let wrong = 0;
for await (const text of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
  line += 1;
  const number = text.trim().toUpperCase();
  if (isCitizenNumber(number)) {
    if (!process.stdout.write(`${keyOf('person', number)}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    continue;
  }
  process.stdout.write('\n');
  wrong += 1;
  if (wrong <= MOST_TOLD) process.stderr.write(`line ${line}: holds no citizen number (公民身份号码, GB 11643)\n`);
}
if (wrong > 0) process.stderr.write(`${wrong} of ${line} lines hold no citizen number.\n`);
process.exitCode = wrong > 0 ? 1 : 0;
