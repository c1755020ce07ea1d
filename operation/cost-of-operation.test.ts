import { buildSchema, getOperationAST, parse } from 'graphql';
import { expect, test } from 'vitest';
import { costOfOperation } from './cost-of-operation.ts';
import { readOperation } from './read-operation.ts';

const schema = buildSchema(`
  type Query { explainAccess(query: String!): AccessExplanation, resource(code: ID!): Resource, person(no: ID!): Person, persons(nos: [ID!]!): [Person], search(first: Int = 20): People, villages(first: Int): [Person!], divisions(parent: ID, level: Int, first: Int): [AdministrativeDivision!] }
  type People { nodes: [Person!], edges: [PersonEdge!], total: Int }
  type PersonEdge { cursor: String!, node: Person! }
  type Person { name: String, licenses(types: [ID!]): [License!], spouse: Person }
  type License { no: ID, holder: Holder }
  union Holder = Person
  type AccessExplanation { isWhole: Boolean, items: [ItemAccess!] }
  type ItemAccess { path: String, item: Item }
  type Resource { items: [Item!] }
  type Item { code: ID, resource: Resource }
  type AdministrativeDivision { code: ID, boundary(tolerance: Float): String, children: [AdministrativeDivision!] }
`);

function cost(query: string, variables: Record<string, unknown> = {}): number {
  const document = parse(query);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  const read = readOperation(schema, document, operation);
  return costOfOperation(read, read.given(variables), (type) => type === 'Person');
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

test('a page by its edges costs no less than by its nodes, and both together what both hold', () => {
  const nodes = cost('{ search(first: 100) { nodes { name spouse { name } } } }');
  const edges = cost('{ search(first: 100) { edges { node { name spouse { name } } } } }');
  const both = cost('{ search(first: 100) { nodes { name spouse { name } } edges { node { name spouse { name } } } } }');
  expect(edges).toBe(nodes + 100);
  expect(both).toBe(nodes + edges - 1);
  expect(cost('{ search(first: 100) { edges { cursor } } }')).toBe(1 + 1 + 100);
});

test('fragments cost as often as they are spread, and an operation that no limit would let in is not read', () => {
  const spread = (times: number) => {
    const doublings = Array.from({ length: times }, (_, n) => `fragment F${n + 1} on Person { ...F${n} ...F${n} }`).join(' ');
    return cost(`{ person(no: "1") { ...F${times} } } fragment F0 on Person { name } ${doublings}`);
  };
  expect(spread(10)).toBe(2 + 1_024);
  expect(() => spread(200)).toThrow('at most 200000 are allowed');
});

test('an explanation costs what it works out, however little of it is shown, and its rows as many as there can be', () => {
  expect(cost('query ($q: String!) { a: explainAccess(query: $q) { isWhole } b: explainAccess(query: $q) { isWhole } }')).toBe(240_004);
  expect(cost('{ explainAccess(query: "{ a }") { items { path item { code } } } }')).toBe(1 + 120_000 + 1 + 5_000 * (1 + 2));
});

test('items of a resource that lead back to the resource multiply by as many as it has', () => {
  expect(cost('{ resource(code: "1") { items { resource { items { code } } } } }')).toBe(1 + 1 + 100 * (1 + 1 + 100));
});

test('what a variable has by default counts as what is given', () => {
  const nos = JSON.stringify(Array.from({ length: 1_000 }, (_, no) => String(no)));
  expect(cost(`query ($nos: [ID!]! = ${nos}) { persons(nos: $nos) { name } }`)).toBe(1 + 1_000 * 2);
  expect(cost(`query ($nos: [ID!]! = ${nos}) { persons(nos: $nos) { name } }`, { nos: ['1'] })).toBe(3);
  expect(cost('query ($n: Int = 100) { search(first: $n) { nodes { name } } }')).toBe(202);
});

test('divisions of a level count as many as there can be of it within their parent', () => {
  const villages = (given: string) => cost(`{ divisions(${given}) { code } }`) - 1;
  expect(villages('level: 5')).toBeGreaterThan(17_000);
  expect(villages('level: 5, parent: "620000"')).toBe(villages('level: 5'));
  expect(villages('level: 5, parent: "620102"')).toBeLessThan(1_000);
  expect(villages('level: 5, parent: "620102000000"')).toBe(villages('level: 5, parent: "620102"'));
  expect(villages('level: 5, parent: "620102001"')).toBeLessThan(100);
  expect(villages('level: 5, first: 20')).toBe(20);
  expect(villages('level: 1')).toBe(1);
  expect(cost('{ divisions { code } }')).toBe(1 + 14);
  expect(villages('parent: "620102"')).toBe(50);
  expect(cost('query ($level: Int = 4) { divisions(level: $level) { code } }')).toBeGreaterThan(1_400);
  const below = (depth: number): string => (depth === 0 ? 'code' : `children { ${below(depth - 1)} }`);
  expect(cost(`{ divisions(level: 1) { ${below(4)} } }`)).toBeGreaterThan(17_000);
});

test('a boundary costs what it takes to simplify it, under each name', () => {
  expect(cost('{ divisions(first: 10) { a: boundary b: boundary(tolerance: 0.1) code } }')).toBe(1 + 10 * (2 * 101 + 1));
});
