import { completeTypes } from '@longyuan/schema/src/complete-types.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { parse, print } from 'graphql';
import { expect, test } from 'vitest';
import { readAccessFacts } from './access-facts.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])\n';
const completed = (sdl: string) => print(completeTypes(parse(LINK + sdl)));

test('what has an open key gets an id, which every library that holds the key can answer', () => {
  expect(completed('type Firm @key(fields: "uscc") { uscc: ID! }')).toContain('id: ID! @shareable @structure @made(of: "uscc")');
  // Without the import the directive has its long name.
  expect(print(completeTypes(parse(`${LINK.replace(', "@shareable"', '')}type Firm @key(fields: "uscc") { uscc: ID! }`)))).toContain(
    'id: ID! @federation__shareable',
  );
});

test.each([
  ['an opaque key', 'type Person @key(fields: "no") { no: ID! @inaccessible }'],
  ['a key of several fields', 'type Share @key(fields: "firm person") { firm: ID!  person: ID! }'],
  ['no key', 'type Money { amount: Float! }'],
])('%s makes no id', (_, sdl) => {
  expect(completed(sdl)).not.toContain(' id: ');
});

test('an id that a library has itself stays its own', () => {
  const own = 'type Grant @key(fields: "no") { no: ID!  id: ID }';
  expect(completed(own).match(/\bid:/g)).toHaveLength(1);
});

test('a coded item gets its word, in the classes of the item and without what measures the code', () => {
  const item = '@item(code: "P003", title: "性别", share: CONDITIONAL, basis: "法", open: false, level: 3, type: C)';
  const sdl = completed(`type Person @resource(code: "1") { sex: String ${item} @coded(table: "sex") @quality(coded: true) }`);
  expect(sdl).toContain(`): String ${item} @made(of: "sex")`);
  expect(sdl).toMatch(/sexWord\(\s+"In which language."\s+in: Language! = ZH @structure/);
  expect(sdl).toContain('enum Language {');
});

test('codes in a list have words in a list; the key of a page, a root and structure have none', () => {
  const kind = 'enum Kind { A }';
  expect(completed(`type Penalty @resource(code: "1") { kinds: [Kind!]! @item(code: "X") } ${kind}`)).toContain('): [String] @item');
  expect(completed(`type Query { kind: Kind } type Check @structure { kind: Kind } ${kind}`)).not.toContain('kindWord');
});

test('every word is decided as its code is: the same items, the same classes', () => {
  const facts = readSharingFacts(readLibraries());
  const access = readAccessFacts(facts);
  const words = facts.fields.filter((field) => field.madeOf !== null && field.name !== 'id');
  expect(words.length).toBeGreaterThan(30);
  for (const word of words) {
    const code = word.owner.fields.find(({ name }) => name === word.madeOf);
    expect([word.coordinate, word.items, facts.itemsOver(word)]).toEqual([
      word.coordinate,
      code?.items,
      code ? facts.itemsOver(code) : null,
    ]);
    expect(access.ofField(word.owner.name, word.name)).toEqual(access.ofField(word.owner.name, code?.name ?? ''));
  }
});

test('every library that holds an open key says the id itself, so that nobody is asked for it elsewhere', () => {
  const facts = readSharingFacts(readLibraries());
  const opened = facts.types.filter(({ fields }) => fields.some((field) => field.isKey && !field.isInaccessible));
  expect(new Set(opened.map(({ name }) => name))).toEqual(new Set(['AdministrativeDivision', 'LegalEntity', 'LicenseType']));
  expect(opened.length).toBeGreaterThan(8);
  for (const { fields } of opened) expect(fields.find(({ name }) => name === 'id')).toMatchObject({ isStructure: true, items: [] });
});
