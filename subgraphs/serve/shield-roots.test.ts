import { PUBLIC } from '@longyuan/schema/src/access/caller.ts';
import { libraryNamed } from '@longyuan/schema/src/read-libraries.ts';
import { buildSchema, type GraphQLSchema, graphql, isObjectType, parse } from 'graphql';
import { chain, race, rule } from 'graphql-shield';
import { expect, test } from 'vitest';
import { buildLibrarySchema } from './build-schema.ts';
import { shieldRoots } from './shield-roots.ts';

const document = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query { person(id: ID!): Person  broken: String }
  type Mutation { move(id: ID!): Person }
  interface Named { name: String }
  type Person implements Named @key(fields: "id") { id: ID!  name: String }
`);
const resolvers = {
  Query: {
    person: (_root: unknown, { id }: { id: string }) => ({ id, name: '王五' }),
    broken: () => {
      throw new Error('the store broke');
    },
  },
  Mutation: { move: (_root: unknown, { id }: { id: string }) => ({ id, name: '王五' }) },
  Person: { __resolveReference: ({ id }: { id: string }) => ({ id, name: '王五' }) },
};
const library = { ...libraryNamed('population'), document };
const schema = buildLibrarySchema(library, { resolvers });
const known = () => ({ caller: PUBLIC, purpose: null, loaders: {} });

const ask = (source: string, contextValue: unknown, of: GraphQLSchema = schema) => graphql({ schema: of, source, contextValue });
const codes = (answer: Awaited<ReturnType<typeof ask>>) => answer.errors?.map((error) => error.extensions['code'] ?? error.message);

const everyRoot: readonly [string, string][] = [
  ['person', '{ person(id: 1) { name } }'],
  ['_entities', '{ _entities(representations: [{ __typename: "Person", id: "1" }]) { ... on Person { name } } }'],
  ['_service', '{ _service { sdl } }'],
  ['move', 'mutation { move(id: 1) { name } }'],
];

test.each(everyRoot)('%s is answered to a caller and to nobody else', async (_field, source) => {
  expect(codes(await ask(source, known()))).toBeUndefined();
  for (const nobody of [undefined, {}, { caller: null, loaders: {} }]) {
    const answer = await ask(source, nobody);
    expect(codes(answer)).toEqual(['UNAUTHENTICATED']);
    expect(JSON.stringify(answer)).not.toMatch(/王五|type Person/);
  }
});

test('a context that cannot be read refuses, as a rule that throws reads as a refusal', async () => {
  const context = Object.defineProperty({}, 'caller', {
    get: () => {
      throw new Error('no');
    },
  });
  expect(codes(await ask('{ person(id: 1) { name } }', context))).toEqual(['UNAUTHENTICATED']);
});

test("a resolver's own error is not turned into a refusal", async () => {
  expect(codes(await ask('{ broken }', known()))).toEqual(['the store broke']);
});

test('a root that nobody thought of is denied: the fallback is deny, where graphql-shield allows by default', async () => {
  const other = buildSchema('type Query { a: Int } type Subscription { b: Int }');
  shieldRoots(other);
  // Executed as a query, which is how its resolver is reached without an event stream.
  const field = other.getSubscriptionType()?.getFields()['b'];
  const refused = await field?.resolve?.({}, {}, known(), {} as never);
  expect(refused).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
});

test('only roots are wrapped: leaves stay without a resolver, so they are no promises', () => {
  const wrapped = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter((type) => !['Query', 'Mutation'].includes(type.name) && !type.name.startsWith('__'))
    .flatMap((type) => Object.values(type.getFields()).filter((field) => field.resolve));
  expect(wrapped.map((field) => field.name)).toEqual([]);
});

test('rules in a row work on this Node: the patch of graphql-shield is in place', async () => {
  const [yes, no] = [rule('yes')(() => true), rule('no')(() => false)];
  const options = { debug: false, allowExternalErrors: true, fallbackRule: no, fallbackError: new Error(), hashFunction: String };
  expect(await chain(yes, yes).resolve({}, {}, { _shield: { cache: {} } }, {} as never, options as never)).toBe(true);
  expect(await race(no, yes).resolve({}, {}, { _shield: { cache: {} } }, {} as never, options as never)).toBe(true);
  expect(await chain(yes, no).resolve({}, {}, { _shield: { cache: {} } }, {} as never, options as never)).toBe(false);
});

test('a resolver for a field that the SDL does not have does not start', () => {
  const misspelled = { Query: { persn: () => null }, Firm: { name: () => null } };
  expect(() => buildLibrarySchema(library, { resolvers: misspelled })).toThrow(
    'schema/population.graphql does not have Query.persn, Firm, for which there are resolvers',
  );
});
