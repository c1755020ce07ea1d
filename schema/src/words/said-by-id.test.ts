import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { refusals, rules } from './catalogue.ts';
import { refusalsOfLibraries, refusalsToGateways } from './refusals-of-libraries.ts';
import { rulesOfGrants } from './rules-of-grants.ts';
import { rulesOfForms, rulesOfValues } from './rules-of-values.ts';

const ROOT = new URL('../../../', import.meta.url);
/** Code that both ends share, and that refuses in a library. */
const SHARED = [
  ...['operation/bound-lists.ts', 'operation/decide-claims.ts', 'operation/prune-operation.ts'],
  ...['schema/src/paging/cursor.ts', 'access/shield-roots.ts'],
];
const ELSEWHERE = [
  // Puts sentences of the catalogue after their arguments.
  'schema/src/refuse.ts',
  // What a library's scalars throw is worded anew before it leaves the library (`format-error.ts`).
  'schema/src/scalars.ts',
  // Complaints about SDL and inventories are for whoever runs the command.
  'schema/src/schema-diff.ts',
  'schema/src/open-without-effect.ts',
];

type Source = Readonly<{ file: string; text: string }>;

const sources: readonly Source[] = [
  'gateway/src',
  'directory',
  'inner',
  'subgraphs',
  'schema/src',
  'access',
  'operation',
  'trust',
  'identity',
  'portal',
].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, ROOT), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !/(^|\/)(node_modules|words|client)\//.test(file))
    .map((file) => ({ file: `${folder}/${file}`, text: readFileSync(new URL(`${folder}/${file}`, ROOT), 'utf8') })),
);

/** A text of more than one word, as it stands in a program. */
const SENTENCE = String.raw`(?:'[^'\n]* [^'\n]*'|\`[^\`]* [^\`]*\`|"[^"\n]* [^"\n]*")`;

test.each([
  ['an error is made of it', new RegExp(String.raw`new GraphQLError\(\s*${SENTENCE}`)],
  ['it is called a message', new RegExp(String.raw`\bmessage(?::|\s*=)\s*(?:[\w.]+ \? )?${SENTENCE}`)],
  [
    'it is refused with',
    new RegExp(String.raw`\b(?:refuse|badUserInput|httpRefusal|wrong|sendRefusal)\((?:[^()']|'[^' ]*'|\([^()]*\))*${SENTENCE}`),
  ],
])('no sentence for a caller stands outside of the catalogue: %s', (_how, form) => {
  const found = sources
    .filter(({ file }) => !ELSEWHERE.includes(file) && !/\/(rules|directory\/(read-inventory|inventory-[\w-]+|import-[\w-]+))/.test(file))
    .flatMap(({ file, text }) => {
      // The name of a limit is no sentence.
      const [made] = form.exec(text.replace(/limit: '[\w ]+'/g, '')) ?? [];
      return made === undefined ? [] : [`${file}: ${made.slice(0, 120)}`];
    });
  expect(found).toEqual([]);
});

/** Ids that are given to what refuses. */
function idsIn({ text }: Source): readonly string[] {
  const ids = [...text.matchAll(/(?:'|\b(?:rules|refusals)\.)([A-Z][A-Z_]+)\b/g)].map(([, id = '']) => id);
  return ids.filter((id) => Object.hasOwn(refusals, id) || Object.hasOwn(rules, id));
}

test('what a library refuses with is a sentence that the gateway takes from a library: another one would not be said', () => {
  const taken = { ...refusalsOfLibraries, ...refusalsToGateways, ...rulesOfValues, ...rulesOfForms, ...rulesOfGrants };
  const ofLibraries = sources.filter(({ file }) => /^(subgraphs|trust\/routes)\//.test(file) || SHARED.includes(file));
  const said = ofLibraries.flatMap((source) => idsIn(source).map((id) => ({ file: source.file, id })));
  expect(said.length).toBeGreaterThan(60);
  expect(said.filter(({ id }) => !Object.hasOwn(taken, id))).toEqual([]);
});

test('every sentence of the catalogue is said somewhere', () => {
  const said = new Set(sources.flatMap(idsIn));
  // `FORM_…` are said by the forms of `@format`.
  expect([...Object.keys(refusals), ...Object.keys(rules)].filter((id) => !said.has(id))).toEqual([]);
});
