import { type Caller, PUBLIC } from '@longyuan/access/caller.ts';
import { libraryNamed } from '@longyuan/schema/src/read-libraries.ts';
import { type GraphQLSchema, graphql, isObjectType, parse } from 'graphql';
import { expect, test } from 'vitest';
import { buildLibrarySchema } from './build-schema.ts';

const document = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { person(id: ID!): Person @structure  check: Check  named: Named @structure  broken: String @structure  unsaid(id: ID!): Person }
  type Mutation { authorizeUse(id: ID!): Person  move(id: ID!): Person @structure }
  interface Named { name: String }
  type Check @structure { result: String }
  type Person implements Named @key(fields: "id") { id: ID!  name: String }
`);
const person = (_root: unknown, { id }: { id: string }) => ({ id, name: '王五' });
const resolvers = {
  Query: {
    person,
    unsaid: person,
    check: () => ({ result: '王五' }),
    named: () => ({ __typename: 'Person', name: '王五' }),
    broken: () => {
      throw new Error('the store broke');
    },
  },
  Mutation: { authorizeUse: person, move: person },
  Person: { __resolveReference: ({ id }: { id: string }) => ({ id, name: '王五' }) },
};
const library = { ...libraryNamed('population'), document };
const schema = buildLibrarySchema(library, { resolvers });
const AUDITOR: Caller = { kind: 'auditor', sub: 's' };
const known = (caller: Caller = PUBLIC) => ({ caller, purpose: null, loaders: {} });

const ask = (source: string, contextValue: unknown, of: GraphQLSchema = schema) => graphql({ schema: of, source, contextValue });
const codes = (answer: Awaited<ReturnType<typeof ask>>) => answer.errors?.map((error) => error.extensions['code'] ?? error.message);

const everyRoot: readonly [string, string][] = [
  ['person', '{ person(id: 1) { name } }'],
  ['check', '{ check { result } }'],
  ['named', '{ named { name } }'],
  ['_entities', '{ _entities(representations: [{ __typename: "Person", id: "1" }]) { ... on Person { name } } }'],
  ['_service', '{ _service { sdl } }'],
  ['authorizeUse', 'mutation { authorizeUse(id: 1) { name } }'],
];

test.each(everyRoot)('%s, which the SDL or an office speaks of, is answered to a caller and to nobody else', async (_field, source) => {
  expect(codes(await ask(source, known()))).toBeUndefined();
  expect(codes(await ask(source, known(AUDITOR)))).toBeUndefined();
  for (const nobody of [undefined, {}, { caller: null, loaders: {} }]) {
    const answer = await ask(source, nobody);
    expect(codes(answer)).toEqual(['UNAUTHENTICATED']);
    expect(JSON.stringify(answer)).not.toMatch(/王五|type Person/);
  }
});

test.each([
  ['a Query of which the SDL says nothing', '{ unsaid(id: 1) { name } }'],
  ['a Mutation that no office names, whatever the SDL says', 'mutation { move(id: 1) { name } }'],
  ['the same by another name and through fragments', '{ ... on Query { person: unsaid(id: 1) { ...N } } } fragment N on Person { name }'],
])('%s is answered to nobody', async (_what, source) => {
  const answer = await ask(source, known(AUDITOR));
  expect(codes(answer)).toEqual(['ITEM_NOT_SHARED']);
  expect(JSON.stringify(answer)).not.toContain('王五');
});

test("a resolver's own error is not turned into a refusal", async () => {
  expect(codes(await ask('{ broken }', known()))).toEqual(['the store broke']);
});

test('only roots are wrapped: leaves stay without a resolver, so they are no promises', () => {
  const wrapped = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !['Query', 'Mutation'].includes(type.name) && !type.name.startsWith('__'))
    .flatMap((type) => Object.values(type.getFields()).filter((field) => field.resolve));
  expect(wrapped.map((field) => field.name)).toEqual([]);
});

test('a resolver for a field that the SDL does not have does not start', () => {
  const misspelled = { Query: { persn: () => null }, Firm: { name: () => null } };
  expect(() => buildLibrarySchema(library, { resolvers: misspelled })).toThrow(
    'schema/libraries/population.graphql does not have Query.persn, Firm, for which there are resolvers',
  );
});
