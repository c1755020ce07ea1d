import { expect, test } from 'vitest';
import { complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { applyRules } from '../check-schema.ts';
import { readDirectorySubgraph } from '../directory-subgraph.ts';
import type { Library } from '../read-libraries.ts';
import { connectionsAreWhole } from './connections-are-whole.ts';

const about = (sdl: string) => complaintsAbout(connectionsAreWhole, sdl);
const PAGE = `type PayerConnection @structure { nodes: [Payer!]! edges: [PayerEdge!]! total: Int! pageInfo: PageInfo! }
type PayerEdge @structure { cursor: String! node: Payer! }
type PageInfo @structure { endCursor: String hasNextPage: Boolean! startCursor: String hasPreviousPage: Boolean! }`;

test('a page has nodes, edges, a total and the whole of PageInfo', () => {
  expect(about(PAGE)).toEqual([]);
  expect(about(PAGE.replace('edges: [PayerEdge!]! ', ''))).toEqual([
    'schema/libraries/tax.graphql:2 PayerConnection: is part of a page and has no `edges: [PayerEdge!]!` → mend: add `edges: [PayerEdge!]!`',
  ]);
  expect(about(PAGE.replace('cursor: String! ', ''))).toEqual([
    'schema/libraries/tax.graphql:2 PayerEdge: is part of a page and has no `cursor: String!` → mend: add `cursor: String!`',
  ]);
  expect(about(PAGE.replace('hasPreviousPage: Boolean!', ''))).toHaveLength(1);
  expect(about(PAGE.replace('node: Payer!', 'node: Other!'))).toHaveLength(1);
});

test('the pages of the directory are whole too', () => {
  const directory: Library = { ...readDirectorySubgraph(), department: '', uscc: '', order: 0, personKeys: false, sdl: '' };
  expect(applyRules([connectionsAreWhole], [directory])).toEqual([]);
});
