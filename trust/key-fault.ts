import { basename, dirname } from 'node:path';

/** A key file that cannot be used as it is. Its message is for the operator: which file, what is wrong, and what to do. */
export class KeyFault extends Error {
  constructor(path: string, finding: string, advice = restore(path)) {
    super(`${path} ${finding}. ${advice}`);
    this.name = 'KeyFault';
  }
}

/** There is no such file. */
export class KeyMissing extends KeyFault {
  constructor(path: string) {
    super(path, 'cannot be read (ENOENT): there is no such file');
  }
}

/** Where the hub writes down which keys it has made in a folder: beside that folder, so that one that is lost as a whole is missed too. */
export function madeListOf(path: string): string {
  return `${dirname(path)}.made`;
}

/** What is lost with a key, by the beginning of its file's name. */
const losses: Readonly<Record<string, string>> = {
  'warrant.': 'libraries elsewhere answer this gateway no more until they have the public half of the new one',
  'owner-': 'nothing that it signed is valid any more: every grant of that owner has to be given again',
  'identity.jwk': 'tokens that it signed are refused, and are asked for anew',
  'identity.secret': 'every account has another `sub`, and what is kept by it begins anew',
  'postgres.secret': 'whoever has the password of the embedded PostgreSQL written down has to read the new one',
  'pseudonym.': 'people have other keys than in the stores that were filled with it: all are filled anew (npm run seed -- --reset)',
  'receipt-': 'receipts that were given until now can be confirmed no more',
  'cursor-': 'lists that are being paged through begin anew',
};

function restore(path: string): string {
  const file = basename(path);
  const [, loss] = Object.entries(losses).find(([name]) => file.startsWith(name)) ?? [];
  if (loss === undefined) return 'Restore it from a back-up, or from whoever gave it to you.';
  return `Restore it from a back-up. A new one is made once the file, and its line in ${madeListOf(path)}, are deleted; then ${loss}.`;
}
