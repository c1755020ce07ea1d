import { buildSchema, getOperationAST, parse } from 'graphql';
import { expect, test } from 'vitest';
import { costOfOperation } from './operation-cost.ts';

const schema = buildSchema(`
  type Query { explainAccess(query: String!): AccessExplanation, resource(code: ID!): Resource, person(no: ID!): Person, persons(nos: [ID!]!): [Person], search(first: Int = 20): People, villages(first: Int): [Person!] }
  type People { nodes: [Person!], total: Int }
  type Person { name: String, licenses(types: [ID!]): [License!], spouse: Person }
  type License { no: ID, holder: Holder }
  union Holder = Person
  type AccessExplanation { isWhole: Boolean, items: [ItemAccess!] }
  type ItemAccess { path: String, item: Item }
  type Resource { items: [Item!] }
  type Item { code: ID, resource: Resource }
`);

function cost(query: string, variables: Record<string, unknown> = {}): number {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  return costOfOperation({ schema, document, operation, variables, isEntity: (type) => type === 'Person' });
}

test('a value costs one, a row of another library one more', () => {
  expect(cost('{ person(no: "1") { name } }')).toBe(3);
  expect(cost('{ person(no: "1") { name spouse { name } } }')).toBe(6);
});

test('lists count as long as their arguments let them be, else three', () => {
  expect(cost('{ person(no: "1") { licenses { no } } }')).toBe(6);
  expect(cost('query ($n: Int) { search(first: $n) { nodes { name } total } }', { n: 100 })).toBe(203);
  expect(cost('{ search { nodes { name } } }')).toBe(42);
  expect(cost('{ villages(first: 1000) { name licenses { no } } }')).toBe(1 + 1000 * (1 + 1 + 1 + 3));
  expect(cost('query ($n: [ID!]!) { persons(nos: $n) { name } }', { n: ['1', '2', '3'] })).toBe(7);
  expect(cost('{ search(first: 100) { nodes { licenses { holder { ... on Person { name } } } } } }')).toBe(1 + 1 + 100 * (1 + 1 + 3 * 2));
});

test('fragments cost as often as they are spread, and are measured once', () => {
  const doublings = Array.from({ length: 200 }, (_, n) => `fragment F${n + 1} on Person { ...F${n} ...F${n} }`).join(' ');
  expect(cost(`{ person(no: "1") { ...F200 } } fragment F0 on Person { name } ${doublings}`)).toBeGreaterThan(1e30);
});

test('an explanation costs what it works out, however little of it is shown, and its rows as many as there can be', () => {
  expect(cost('query ($q: String!) { a: explainAccess(query: $q) { isWhole } b: explainAccess(query: $q) { isWhole } }')).toBe(240_004);
  expect(cost('{ explainAccess(query: "{ a }") { items { path item { code } } } }')).toBe(1 + 120_000 + 1 + 5_000 * (1 + 2));
});

test('items of a resource that lead back to the resource multiply by as many as it has', () => {
  expect(cost('{ resource(code: "1") { items { resource { items { code } } } } }')).toBe(1 + 1 + 100 * (1 + 1 + 100));
});
