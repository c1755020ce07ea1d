import { readFileSync } from 'node:fs';
import { findUnannounced, readAnnouncements } from './announced-changes.ts';
import { composedAt, git } from './composed-at.ts';
import { diffSchemas } from './schema-diff.ts';

/**
 * `node schema/src/check-announced.ts [git ref]`: fails where the public contract, as it is written now, breaks what it was at the ref and
 * `schema/announced-changes.md` does not say so. Without a ref: the commit where this branch left main, or else the commit before the
 * last. Where neither is there (a single commit, a clone of depth 1, no git) there is nothing to compare, which is said and passes.
 */
const [asked] = process.argv.slice(2);
const ref = asked ?? findBase();
const before = ref ? composedAt(ref, 'public.graphql') : null;
if (asked && before === null) {
  process.stderr.write(`schema/composed/public.graphql cannot be read at ${asked}.\n`);
  process.exitCode = 1;
} else if (before === null) {
  process.stdout.write('The public contract is compared with nothing: git has no earlier state of it here.\n');
} else {
  const after = readFileSync(new URL('../composed/public.graphql', import.meta.url), 'utf8');
  const unannounced = findUnannounced(diffSchemas(before, after), readAnnouncements());
  for (const { message } of unannounced) process.stderr.write(`- ${message}\n`);
  if (unannounced.length > 0) {
    process.stderr.write(`breaks the public contract since ${ref}. Announce it in schema/announced-changes.md, line by line as above.\n`);
    process.exitCode = 1;
  }
}

function findBase(): string | null {
  const head = git(['rev-parse', 'HEAD'])?.trim();
  for (const main of ['origin/main', 'main']) {
    const base = git(['merge-base', 'HEAD', main])?.trim();
    if (base && base !== head) return base;
  }
  return git(['rev-parse', '--verify', '--quiet', 'HEAD~1'])?.trim() || null;
}
