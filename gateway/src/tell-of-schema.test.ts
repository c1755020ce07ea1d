import { buildSchema, type DocumentNode, execute, executeSync, getIntrospectionQuery, parse, print } from 'graphql';
import { expect, test } from 'vitest';
import { operationIn } from '../../test/operation-in.ts';
import type { Result } from './request/gateway-context.ts';
import { tellOfSchema } from './tell-of-schema.ts';

const schema = buildSchema(`
  type Query { person(name: String): Person  worst: Int }
  type Mutation { rename: Int }
  "Somebody." type Person { name: String  friend: Person }
  input One @oneOf { a: Int b: Int }
`);
const people = { person: { name: '马建国', friend: { name: '祁月兰' } }, worst: 1 };

/** The answer to an operation, and what went on to the libraries of it. */
async function ask(query: string, variables: Record<string, unknown> = {}, operationName?: string) {
  const asked: string[] = [];
  const answer = async (document: DocumentNode): Promise<Result> => {
    asked.push(print(document));
    return execute({ schema, document, rootValue: people, variableValues: variables, operationName });
  };
  const operation = operationIn(schema, query, operationName);
  const told = await tellOfSchema(schema, operation, variables);
  const answered = told && !told.left ? {} : await answer(told?.left?.document ?? operation.document);
  const { data, errors } = told ? told.beside(answered) : answered;
  return { text: JSON.stringify(data), errors, asked };
}

test.each([
  ['what GraphQL learned since the planner was written', '{ __type(name: "One") { isOneOf } __schema { directives { isDeprecated } } }'],
  ['the question of clients that make code', getIntrospectionQuery({ oneOf: true, inputValueDeprecation: true })],
  ['names of the root alone', '{ a: __typename ... on Query { b: __typename } }'],
  ['the name of a mutation', 'mutation { __typename }'],
])('%s is answered by graphql-js, and nothing goes on', async (_name, query) => {
  const { text, errors, asked } = await ask(query);
  expect(errors).toBeUndefined();
  expect(asked).toEqual([]);
  expect(text).toBe(JSON.stringify(executeSync({ schema, document: parse(query) }).data));
});

test('what asks for nothing of the schema goes on as it is', async () => {
  const { asked } = await ask('{ __typename worst }');
  expect(asked).toEqual(['{\n  __typename\n  worst\n}']);
});

test.each([
  ['beside data', '{ a: worst __schema { queryType { name } } person { name } }', '{ a: worst person { name } }'],
  [
    'in fragments, which serve the schema alone, data alone, or both',
    `{ ...Both worst ...Schema ...Data } fragment Schema on Query { __type(name: "Person") { ...T } }
     fragment Both on Query { t: __typename ... { __schema { queryType { ...T } } person { ...P } } } fragment Data on Query { b: worst }
     fragment T on __Type { name } fragment P on Person { friend { name } }`,
    '{ person { friend { name } } worst b: worst }',
  ],
  [
    'under variables',
    'query($t: String!, $no: Boolean!, $n: String) { __type(name: $t) { name } worst @skip(if: $no) b: __typename @include(if: $no) person(name: $n) { name } }',
    'query($no: Boolean!, $n: String) { worst @skip(if: $no) person(name: $n) { name } }',
  ],
  [
    'twice under one name',
    '{ a: person { name } __schema { description } a: person { friend { name } } }',
    '{ a: person { name } a: person { friend { name } } }',
  ],
])('of an operation that asks for the schema %s the rest goes on, and all is in the order asked', async (_name, query, rest) => {
  const variables = { t: 'Person', no: true };
  const { text, errors, asked } = await ask(query, variables);
  expect(errors).toBeUndefined();
  expect(asked).toEqual([print(parse(rest))]);
  expect(text).toBe(JSON.stringify(executeSync({ schema, document: parse(query), rootValue: people, variableValues: variables }).data));
});

test('of several operations the one that is named is taken apart', async () => {
  const { text, asked } = await ask('query A { __typename worst } query B { __schema { queryType { name } } worst }', {}, 'B');
  expect(asked).toEqual(['query B {\n  worst\n}']);
  expect(text).toBe('{"__schema":{"queryType":{"name":"Query"}},"worst":1}');
});
