import { composeSupergraph } from './compose-supergraph.ts';
import { composedAt, git } from './composed-at.ts';
import { readInnerSubgraphs } from './directory-subgraph.ts';
import { publicSchema } from './public-schema.ts';
import { readLibraries } from './read-libraries.ts';
import { diffSchemas, type SchemaChange, type Severity } from './schema-diff.ts';

/**
 * `npm run schema:diff -- <git ref> [--json]`: how the full and the public schema that the libraries compose to now differ from
 * those written at a commit. Ends with 1 where the ref cannot be read, with 0 whatever the changes are.
 */
const HEADINGS: Readonly<Record<Severity, string>> = { BREAKING: 'Breaking', DANGEROUS: 'Dangerous', SAFE: 'Safe' };

type Comparison = Readonly<{ schema: 'full' | 'public'; file: string; changes: readonly SchemaChange[] | null }>;

const ref = process.argv.slice(2).find((argument) => !argument.startsWith('-'));
if (!ref) stop('Name the git ref to compare with: npm run schema:diff -- main');
const commit = git(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`])?.trim();
if (!commit) stop(`${ref} is no commit of this repository.`);

const libraries = readLibraries();
const beside = readInnerSubgraphs();
const { apiSdl } = composeSupergraph(libraries, beside);
const comparisons: readonly Comparison[] = [
  compare(commit, 'full', 'api.graphql', apiSdl),
  compare(commit, 'public', 'public.graphql', publicSchema(libraries, apiSdl, beside)),
];
process.stdout.write(
  process.argv.includes('--json') ? `${JSON.stringify({ ref, commit, schemas: comparisons }, null, 2)}\n` : printComparisons(),
);

function compare(at: string, schema: Comparison['schema'], name: string, sdl: string): Comparison {
  const before = composedAt(at, name);
  return { schema, file: `schema/composed/${name}`, changes: before === null ? null : diffSchemas(before, sdl) };
}

function printComparisons(): string {
  return `${comparisons.map((comparison) => printComparison(comparison)).join('\n\n')}\n`;
}

function printComparison({ schema, file, changes }: Comparison): string {
  if (!changes) return `The ${schema} schema cannot be compared: ${file} does not exist at ${ref}.`;
  if (changes.length === 0) return `The ${schema} schema is as it was at ${ref}.`;
  const groups = Object.entries(HEADINGS).flatMap(([severity, heading]) => {
    const messages = changes.filter((change) => change.severity === severity).map((change) => `    ${change.message}`);
    return messages.length > 0 ? [`  ${heading} (${messages.length})\n${messages.join('\n')}`] : [];
  });
  return `The ${schema} schema since ${ref}:\n${groups.join('\n')}`;
}

function stop(reason: string): never {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}
