import { buildSchema, type GraphQLResolveInfo, graphqlSync } from 'graphql';
import { expect, test } from 'vitest';
import { askedColumnsBelow, type ColumnMap, OF_A_PAGE, OWN_ROWS } from './asked-columns.ts';

const schema = buildSchema(`
  type Query { person: Person  search: Page  holder: Holder }
  type Page { nodes: [Person!]!  total: Int! }
  interface Named { name: String }
  type Person implements Named { id: ID!  name: String  phone: String  constructor: String  card: Card  moves: [Move!] }
  type Firm implements Named { name: String  uscc: String }
  union Holder = Person | Firm
  type Card { validTo: String }
  type Move { reason: String }
`);
const askedColumns = (info: GraphQLResolveInfo, type: string, columns: ColumnMap) => askedColumnsBelow(info, OWN_ROWS, type, columns);
const map: ColumnMap = { card: ['cardTo', 'cardFrom'], moves: [] };

/** What `read` says of the field that the query asks first. */
function asked(query: string, read: (info: GraphQLResolveInfo) => readonly string[], variables: Record<string, unknown> = {}) {
  const seen: (readonly string[])[] = [];
  const resolve = (_args: unknown, _context: unknown, info: GraphQLResolveInfo) => {
    seen.push(read(info));
    return null;
  };
  const root = { person: resolve, search: resolve, holder: resolve };
  graphqlSync({ schema, source: query, rootValue: root, variableValues: variables });
  return seen[0];
}
const ofPerson = (query: string, variables?: Record<string, unknown>) =>
  asked(query, (info) => askedColumns(info, 'Person', map), variables);

test('a field asks for the column of its own name, or for those of the map, sorted, each once', () => {
  expect(ofPerson('{ person { phone name card { validTo } moves { reason } __typename } }')).toEqual([
    'cardFrom',
    'cardTo',
    'name',
    'phone',
  ]);
  expect(ofPerson('{ person { moves { reason } } }')).toEqual([]);
  expect(ofPerson('{ person { constructor } }')).toEqual(['constructor']);
});

test('aliases, repeated fields and fragments are followed', () => {
  expect(
    ofPerson('{ person { called: name again: name ...P } person { phone } } fragment P on Person { id ... { card { validTo } } }'),
  ).toEqual(['cardFrom', 'cardTo', 'id', 'name', 'phone']);
});

test('what @skip and @include leave out is not asked for, whatever an earlier request asked', () => {
  const query = 'query ($with: Boolean!) { person { name @include(if: $with) phone @skip(if: $with) ... @include(if: $with) { id } } }';
  expect(ofPerson(query, { with: true })).toEqual(['id', 'name']);
  expect(ofPerson(query, { with: false })).toEqual(['phone']);
});

test('a fragment on an interface or a union speaks of the row, one on another type does not', () => {
  expect(ofPerson('{ person { ... on Named { name } } }')).toEqual(['name']);
  const holder = '{ holder { ... on Person { phone ... on Named { name } } ... on Firm { uscc } } }';
  expect(asked(holder, (info) => askedColumns(info, 'Person', map))).toEqual(['name', 'phone']);
  expect(asked(holder, (info) => askedColumns(info, 'Firm', map))).toEqual(['uscc']);
});

test('the rows of a page are asked for below it', () => {
  const below = (info: GraphQLResolveInfo) => askedColumnsBelow(info, OF_A_PAGE, 'Person', map);
  expect(asked('{ search { total n: nodes { name } ... on Page { nodes { id } } } }', below)).toEqual(['id', 'name']);
  expect(asked('{ search { total } }', below)).toEqual([]);
});
