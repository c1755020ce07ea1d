import { expect, test } from 'vitest';
import { anItem, aResource, complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { listsSayForWhom } from './lists-say-for-whom.ts';

const taxpayer = (item: string) => `
    type Taxpayers @structure { nodes: [Taxpayer!]! total: Int! }
    type Hit @structure { taxpayer: Taxpayer! score: Float! }
    type Taxpayer @key(fields: "no") ${aResource('300001/1')} { no: ID! ${item} }`;

test('a root that lists or searches rows says for whom: a list, a page, a list of hits', () => {
  const sdl = `
    type Query { all: [Taxpayer!] @structure page(kind: String!): Taxpayers @structure hits(text: String!): [Hit!] @structure }
    ${taxpayer(anItem.open('T1'))}`;
  expect(complaintsAbout(listsSayForWhom, sdl)).toEqual(
    ['all', 'page', 'hits'].map(
      (name) =>
        `schema/libraries/tax.graphql:2 Query.${name}: lists rows of Taxpayer that its caller does not name, and does not say for whom → mend: add @lists(for: OWNER), or @lists(for: ANYONE) where whoever may see the rows may also search them`,
    ),
  );
});

test('rows that the caller names by a key need no word, and may have none', () => {
  const byKey = '(usccs: [ID!]! @format(is: CREDIT_CODE))';
  const sdl = `
    type Query { one(no: ID!): Taxpayer @structure some${byKey}: [Taxpayer] @structure }
    ${taxpayer(anItem.conditional('T1'))}`;
  expect(complaintsAbout(listsSayForWhom, sdl)).toEqual([]);
  expect(complaintsAbout(listsSayForWhom, sdl.replace('[Taxpayer] @structure', '[Taxpayer] @structure @lists(for: ANYONE)'))).toEqual([
    'schema/libraries/tax.graphql:2 Query.some: says for whom it lists rows, but lists none that its caller does not name → mend: take @lists off it',
  ]);
});

test('a list for anyone is one of rows of which something is shared without a grant', () => {
  const sdl = (item: string) => `
    type Query { all(division: String! @format(is: KNOWN_DIVISION)): [Taxpayer!] @structure @lists(for: ANYONE) }
    ${taxpayer(item)}`;
  expect(complaintsAbout(listsSayForWhom, sdl(anItem.unconditional('T1')))).toEqual([]);
  expect(complaintsAbout(listsSayForWhom, sdl(anItem.conditional('T1')))).toEqual([
    'schema/libraries/tax.graphql:2 Query.all: lists rows of Taxpayer for anyone, though none of their items is shared without a grant → mend: say @lists(for: OWNER)',
  ]);
});
