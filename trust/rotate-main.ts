import { basename, resolve } from 'node:path';
import { rotateKeyFile } from './key-file.ts';
import { LONGEST_TOKEN_LIFE_SECONDS } from './keys.ts';
import { CLOCK_SKEW_SECONDS, WARRANT_LIFE_SECONDS } from './warrant.ts';

/**
 * `npm run keys:rotate -- <file>`: a new key in the place of the one that signs. Of a warrant key the old one is accepted until what it signed
 * has expired, and so of the identity provider's; of an owner's without end, since grants that it signed may run for years.
 */
const path = resolve(process.argv[2] ?? '');
/** A gateway takes notice of its new key within a second, and what it sends before is under way no longer than this. */
const UNDER_WAY_SECONDS = 10;

rotateKeyFile(path, acceptedSeconds(basename(path))).then(
  () => process.stdout.write(`${path} has a new key; who checks with a copy of the public half needs the new file.\n`),
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);

function acceptedSeconds(file: string): number | null {
  if (file.startsWith('warrant')) return WARRANT_LIFE_SECONDS + CLOCK_SKEW_SECONDS + UNDER_WAY_SECONDS;
  return file.startsWith('identity') ? LONGEST_TOKEN_LIFE_SECONDS : null;
}
