import { resolve } from 'node:path';
import { rotateKeyFile } from './key-file.ts';
import { CLOCK_SKEW_SECONDS, WARRANT_LIFE_SECONDS } from './warrant.ts';

/**
 * `npm run keys:rotate -- <file>`: a new key in the place of the one that signs. Of a warrant key the old one is accepted until what it signed
 * has expired; of an owner's without end, since grants that it signed may run for years.
 */
const path = resolve(process.argv[2] ?? '');
const isWarrantKey = /(^|\/)warrant[^/]*$/.test(path);
/** A gateway takes notice of its new key within a second, and what it sends before is under way no longer than this. */
const UNDER_WAY_SECONDS = 10;

rotateKeyFile(path, isWarrantKey ? WARRANT_LIFE_SECONDS + CLOCK_SKEW_SECONDS + UNDER_WAY_SECONDS : null).then(
  () => process.stdout.write(`${path} has a new key; who checks with a copy of the public half needs the new file.\n`),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
