import { PUBLIC } from '@longyuan/access/caller.ts';
import { libraryNamed } from '@longyuan/schema/src/read-libraries.ts';
import { buildSchema, type GraphQLSchema, graphql, isObjectType, parse } from 'graphql';
import { allow, chain, not, race, rule, shield } from 'graphql-shield';
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

/** An answer of a schema that graphql-shield guards with these rules on its own, as it comes. */
async function shieldedAlone(rules: object, source: string, options: object = {}, contextValue: object = {}) {
  const bare = buildSchema(
    'interface Named { name: String } type Person implements Named { name: String } type Query { a(n: Int): Int  named: Named }',
  );
  // The types of its rules are looser than what these tests show of them.
  const guards = shield(rules as never, options).generate(bare) as Record<
    string,
    Record<string, { resolve?: unknown } | undefined> | undefined
  >;
  for (const type of [bare.getQueryType(), bare.getType('Person')]) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const made = guards[type.name]?.[field.name];
      const guard = (typeof made === 'object' ? made.resolve : made) as ((...call: unknown[]) => unknown) | undefined;
      const answer = () => (field.name === 'a' ? 1 : field.name === 'named' ? { __typename: 'Person' } : '王五');
      field.resolve = guard ? (...call) => guard(answer, ...call) : answer;
    }
  }
  return graphql({ schema: bare, source, contextValue });
}
const no = rule('no')(() => false);
const throws = rule('throws')(() => {
  throw new Error('no');
});

test('pitfall: shield ignores a rule on an interface, so ours stand on roots, through which alone an interface is reached', async () => {
  expect(await shieldedAlone({ Named: { name: no } }, '{ named { name } }', {})).toEqual({ data: { named: { name: '王五' } } });
  const own = buildLibrarySchema(
    {
      ...library,
      document: parse('interface Named { name: String } type Person implements Named { name: String } type Query { named: Named }'),
    },
    { resolvers: { Query: { named: () => ({ __typename: 'Person', name: '王五' }) } } },
  );
  expect((await ask('{ named { name } }', {}, own)).data).toEqual({ named: null });
  expect((await ask('{ named { name } }', known(), own)).data).toEqual({ named: { name: '王五' } });
});

test('pitfall: shield allows what no rule names; our fallback denies, and every root has a guard', async () => {
  expect(await shieldedAlone({ Query: { named: no } }, '{ a }')).toEqual({ data: { a: 1 } });
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      expect(await field.resolve?.({}, {}, {}, {} as never), field.name).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    }
  }
});

test('pitfall: not(rule) allows when the rule throws; ours is a plain rule, and one that throws refuses', async () => {
  expect(await shieldedAlone({ Query: { a: not(throws) } }, '{ a }', { fallbackRule: allow })).toEqual({ data: { a: 1 } });
  expect((await shieldedAlone({ Query: { a: throws } }, '{ a }')).data).toEqual({ a: null });
});

test('pitfall: shield’s contextual cache ignores arguments; ours caches nothing, so each root of an operation is decided by itself', async () => {
  const odd = rule('odd', { cache: 'contextual' })((_parent: unknown, { n }: { n: number }) => n % 2 === 1);
  // One decision, of whichever argument came first, for both.
  expect((await shieldedAlone({ Query: { a: odd } }, '{ one: a(n: 1) two: a(n: 2) }')).data).toEqual({ one: 1, two: 1 });
  let asked = 0;
  const context = Object.defineProperty({ loaders: {} }, 'caller', {
    get: () => {
      asked += 1;
      return asked % 2 === 1 ? PUBLIC : null;
    },
  });
  const answer = await ask('{ one: person(id: 1) { name } two: person(id: 2) { name } }', context);
  expect(answer.data).toEqual({ one: { name: '王五' }, two: null });
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
    'schema/libraries/population.graphql does not have Query.persn, Firm, for which there are resolvers',
  );
});
