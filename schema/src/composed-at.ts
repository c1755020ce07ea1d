import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** A schema as it was composed at a commit (`public.graphql`); null where it cannot be read there. */
export function composedAt(commit: string, name: string): string | null {
  // Until schemas that are composed had a folder they stood one higher.
  return git(['show', `${commit}:schema/composed/${name}`]) ?? git(['show', `${commit}:schema/${name}`]);
}

/** What git answers, or null where it refuses: no such ref, no such file at it, no git. */
export function git(args: readonly string[]): string | null {
  try {
    return execFileSync('git', args, { cwd: REPOSITORY, encoding: 'utf8', maxBuffer: 1 << 26, stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return null;
  }
}
