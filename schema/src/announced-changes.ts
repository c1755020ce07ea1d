import { readFileSync } from 'node:fs';
import type { SchemaChange } from './schema-diff.ts';

const ANNOUNCEMENTS = new URL('../announced-changes.md', import.meta.url);

/** The changes that `schema/announced-changes.md` announces, one a line in the words of the diff. */
export function readAnnouncements(text: string = readFileSync(ANNOUNCEMENTS, 'utf8')): ReadonlySet<string> {
  return new Set(text.split('\n').flatMap((line) => (line.startsWith('- ') ? [line.slice(2).trim()] : [])));
}

/** Breaking changes of the public contract that nobody was told of. */
export function findUnannounced(changes: readonly SchemaChange[], announced: ReadonlySet<string>): readonly SchemaChange[] {
  return changes.filter((change) => change.severity === 'BREAKING' && !announced.has(change.message));
}
