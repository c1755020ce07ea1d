import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { readLibraries } from './read-libraries.ts';

const SCHEMA = join(import.meta.dirname, '..');
const parent = mkdtempSync(join(tmpdir(), 'longyuan-sdl 龙源-'));
afterAll(() => rmSync(parent, { recursive: true }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(parent, 'schema-'));
});
const put = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, `${name}.graphql`), content);
const read = () => readLibraries(pathToFileURL(`${folder}/`));
const mistake = () => {
  try {
    return `read: ${read().map(({ name }) => name)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

const library = (name: string, order: number, more = '') =>
  `extend schema @library(name: "${name}", title: "税务", department: "税务局", uscc: "11629901000000019M", order: ${order}${more})\n`;
const [tax, vat] = [library('tax', 11), library('vat', 12)];
/** As other programs save a text. */
const inLatin1 = Buffer.concat([Buffer.from(tax), Buffer.from('# café\n', 'latin1')]);
const inGb18030 = Buffer.concat([Buffer.from(`${tax}# `), Buffer.from([0xcb, 0xb0, 0xce, 0xf1, 0x0a])]);

test.each<[string, string | Uint8Array, string]>([
  ['a syntax error', `${tax}type Query {\n  "x" tax: [Int\n}\n`, 'schema/libraries/tax.graphql:4:1: is no SDL: Expected "]", found "}".'],
  ['half a file', `${tax}type Query {`, 'schema/libraries/tax.graphql:2:13: is no SDL: Expected Name, found <EOF>.'],
  ['an empty file', '', "schema/libraries/tax.graphql:1: is empty; a library's types and its @library stand here"],
  ['nothing but comments', '# tax\n\n', "schema/libraries/tax.graphql:1: is empty; a library's types and its @library stand here"],
  ['UTF-16', Buffer.from(`\uFEFF${tax}`, 'utf16le'), 'schema/libraries/tax.graphql:1: is UTF-16; save the file as UTF-8'],
  [
    'UTF-16 without a mark',
    Buffer.from(tax, 'utf16le'),
    'schema/libraries/tax.graphql:1: is UTF-16, or no text at all; save the file as UTF-8',
  ],
  ['Latin-1', inLatin1, 'schema/libraries/tax.graphql:2: is not UTF-8 (perhaps GB 18030 or Latin-1); save the file as UTF-8'],
  ['GB 18030', inGb18030, 'schema/libraries/tax.graphql:2: is not UTF-8 (perhaps GB 18030 or Latin-1); save the file as UTF-8'],
  ['no @library', 'type Query { "x" tax: Int }', 'schema/libraries/tax.graphql: no @library on the schema; say who answers for it'],
])('%s is told with file and line, and of no other owner’s file', (_what, content, told) => {
  put('vat', vat);
  put('tax', content);
  expect(mistake()).toBe(told);
});

test('a byte order mark of UTF-8 is no mistake', () => {
  put('tax', `\uFEFF${tax}`);
  expect(mistake()).toBe('read: tax');
});

test('the mistakes of several owners are told together, each with its file', () => {
  put('vat', 'type {');
  put('tax', '');
  put('duty', library('duty', 13));
  expect(mistake().split('\n')).toEqual([
    expect.stringMatching(/^schema\/libraries\/tax\.graphql:1: is empty/),
    expect.stringMatching(/^schema\/libraries\/vat\.graphql:1:6: is no SDL/),
  ]);
});

test('of what two libraries claim both are named: the hub cannot know whose mistake it is', () => {
  put('tax', library('tax', 11, ', personKeys: true'));
  put('vat', library('vat', 11, ', personKeys: true'));
  expect(mistake().split('\n')).toEqual([
    'schema/libraries/tax.graphql and schema/libraries/vat.graphql: order 11 in @library is said by more than one; give each its own',
    'schema/libraries/tax.graphql and schema/libraries/vat.graphql: personKeys in @library is said by more than one; one library alone may',
  ]);
});

test('a folder that is not there, is empty or holds what cannot be read is named', () => {
  expect(mistake()).toBe(`No library's SDL file (<name>.graphql) is in ${folder}/ (HUB_SCHEMA_DIR).`);
  mkdirSync(join(folder, 'tax.graphql'));
  expect(mistake()).toBe('schema/libraries/tax.graphql: cannot be read: it is a folder');
  rmSync(folder, { recursive: true });
  expect(mistake()).toBe(`The folder of the libraries' SDL, ${folder}/ (HUB_SCHEMA_DIR), cannot be read: it does not exist.`);
});

test('`npm run schema` says the same in a line, without a stack', () => {
  cpSync(SCHEMA, folder, { recursive: true, filter: (path) => !path.endsWith('node_modules') });
  symlinkSync(join(SCHEMA, 'node_modules'), join(folder, 'node_modules'));
  const file = join(folder, 'libraries/credit.graphql');
  writeFileSync(file, readFileSync(file, 'utf8').replace('type Query {', 'type Query {{'));
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'src/write-schema.ts')], { encoding: 'utf8' });
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^schema\/libraries\/credit\.graphql:\d+:\d+: is no SDL: Expected Name, found "\{"\.\n$/);
});
