import { buildSchema, getIntrospectionQuery, parse } from 'graphql';
import { expect, test } from 'vitest';
import { admitOperation, makeAdmission, type SentOperation } from './admit-operation.ts';
import { keepOperations } from './keep-operations.ts';

const schema = buildSchema(`
  type Query { division(code: ID!, level: Int = 1): Division  find(filter: Filter, codes: [ID!]): Division }
  type Division { name: String  below(first: Int! = 3): [Division!] }
  input Filter { name: String!  codes: [ID!] }
`);
const limits = {
  ...{ maxDepth: 16, maxSelections: 5_000, maxAliases: 500, maxRootFields: 100, maxChanges: 10, maxDirectives: 100, maxCost: 20_000 },
};
const admission = makeAdmission({
  schema,
  operations: keepOperations(schema, { what: 'operations', most: 10, mostBytes: 10_000_000 }),
  limits,
  formats: new Map(),
  entities: new Set(),
});
const admit = (sent: SentOperation) => admitOperation(admission, sent);
const ask = (query: string, variables: SentOperation['variables'] = {}, operationName?: string) => {
  const admitted = admit({ document: parse(query), operationName, variables, mayIntrospect: true, publicAddress: 'https://data.example' });
  return 'errors' in admitted ? admitted.errors.map(({ extensions, message }) => `${extensions['code']}: ${message}`) : [];
};

test.each([
  ['a condition', 'query($v: Boolean = true) { division(code: 1) @include(if: $v) { name } }'],
  ['a condition below', 'query($v: Boolean = false) { division(code: 1) { ...F } } fragment F on Division { name @skip(if: $v) }'],
  ['an argument', 'query($v: ID = "1") { division(code: $v) { name } }'],
  ['an argument that has a default', 'query($v: Int) { division(code: 1) { below(first: $v) { name } } }'],
  ['a field of an input', 'query($v: String = "a") { find(filter: { name: $v }) { name } }'],
  ['an entry of a list', 'query($v: ID = "a") { find(codes: [$v]) { name } }'],
])('null given for a variable in the place of %s that cannot be null is refused', (_place, query) => {
  expect(ask(query, { v: null })).toEqual(['BAD_USER_INPUT: Variable "$v" is null, and stands where a value must.']);
  expect(ask(query)).toEqual([]);
});

test('null is let in where it may stand, and in another operation than the one that is asked', () => {
  expect(ask('query($v: Int = 1) { division(code: 1, level: $v) { name } }', { v: null })).toEqual([]);
  const two = 'query A($v: Int = 1) { division(code: 1, level: $v) { name } } query B($v: ID = "1") { division(code: $v) { name } }';
  expect(ask(two, { v: null }, 'A')).toEqual([]);
  expect(ask(two, { v: null }, 'B')).toHaveLength(1);
});

test('a document that was refused is looked through again, one that was let in is not', () => {
  let read = 0;
  const watched = (query: string) => {
    const document = parse(query);
    const { definitions } = document;
    return Object.defineProperty({ ...document }, 'definitions', {
      get: () => {
        read += 1;
        return definitions;
      },
    });
  };
  const times = (document: ReturnType<typeof parse>) => {
    read = 0;
    admit({ document, operationName: null, variables: {}, mayIntrospect: true, publicAddress: 'https://data.example' });
    return read;
  };
  const [right, wrong] = [watched('{ division(code: 1) { name } }'), watched('{ nothing }')];
  expect([times(wrong), times(wrong)]).toEqual([times(wrong), times(wrong)]);
  expect(times(right)).toBeGreaterThan(times(right));
});

test('telling of the schema costs what is told', () => {
  expect(ask(getIntrospectionQuery({ oneOf: true }))).toEqual([]);
  const types = (each: number) => `t${each}: __schema { types { name description fields { name description args { name } } } }`;
  const many = `{ ${Array.from({ length: 60 }, (_, each) => types(each)).join(' ')} }`;
  expect(ask(many)[0]).toMatch(/^OPERATION_TOO_COSTLY: .*HUB_MAX_COST/);
});
