import { buildSchema, type GraphQLSchema, graphql, isObjectType } from 'graphql';
import { allow, chain, not, race, rule, shield } from 'graphql-shield';
import { expect, test } from 'vitest';
import { type Caller, PUBLIC } from './caller.ts';
import { shieldRoots } from './shield-roots.ts';

const STEWARD: Caller = { kind: 'department', sub: 's', uscc: '11629901000000019M', role: 'steward', region: null };
const DEVELOPER: Caller = { ...STEWARD, role: 'developer' };
const CITIZEN: Caller = { kind: 'citizen', sub: 's', person: 'p' };

/** Roots that offices name, one that the SDL says, and one of each kind that nobody thought of. */
function guardedSchema(): GraphQLSchema {
  const schema = buildSchema(`
    type Query { coverage(division: ID): Coverage  myGrants: [Coverage!]  person: String  forgotten: String }
    type Mutation { apply(no: Int): Coverage  measureQuality: String  wipe: String }
    type Subscription { forgotten: String }
    interface Scored { score: Int }
    type Coverage implements Scored { score: Int  forgotten: String }
  `);
  shieldRoots(schema, new Set(['Query.person']));
  return schema;
}
const done: string[] = [];
const did = (what: string) => () => {
  done.push(what);
  return what === 'coverage' || what === 'apply' ? { score: 1 } : what === 'myGrants' ? [] : what;
};
const rootValue = Object.fromEntries(
  ['coverage', 'myGrants', 'person', 'forgotten', 'apply', 'measureQuality', 'wipe'].map((what) => [what, did(what)]),
);
const own = guardedSchema();
const ask = async (source: string, contextValue: unknown, schema = own) => {
  const answer = await graphql({ schema, source, rootValue, contextValue });
  return JSON.parse(JSON.stringify(answer)) as { data: Record<string, unknown> | null; errors?: { message: string; extensions: object }[] };
};
const by = (caller: Caller) => ({ caller });

test('a rule refuses with the code and the words of the hub, before anything is done', async () => {
  done.length = 0;
  expect(await ask('{ coverage { score } }', by(PUBLIC))).toMatchObject({
    data: { coverage: null },
    errors: [
      {
        message:
          'Coverage is told to stewards of departments, of the division that they work for, and to the auditor; the call carries no token.',
        extensions: { code: 'UNAUTHENTICATED' },
      },
    ],
  });
  expect(await ask('mutation { apply { score } }', by(STEWARD))).toMatchObject({
    data: { apply: null },
    errors: [{ message: 'A developer of the department applies, not its steward.', extensions: { code: 'ITEM_NOT_SHARED' } }],
  });
  expect(await ask('mutation { measureQuality }', by(DEVELOPER))).toMatchObject({
    data: { measureQuality: null },
    errors: [{ extensions: { code: 'ITEM_NOT_SHARED' } }],
  });
  expect(done).toEqual([]);
  expect(await ask('mutation { apply { score } measureQuality }', by(DEVELOPER))).toMatchObject({
    data: { apply: { score: 1 }, measureQuality: null },
  });
  expect(await ask('{ coverage { score } person }', by(STEWARD))).toEqual({ data: { coverage: { score: 1 }, person: 'person' } });
  expect(done).toEqual(['apply', 'coverage', 'person']);
});

test('without a caller nothing is answered, and a context that cannot be read refuses as a rule that throws does', async () => {
  const broken = Object.defineProperty({}, 'caller', {
    get: () => {
      throw new Error('who knows');
    },
  });
  for (const nobody of [undefined, {}, { caller: null }, broken]) {
    const { data, errors } = await ask('{ coverage { score } myGrants { score } person }', nobody);
    expect(data).toEqual({ coverage: null, myGrants: null, person: null });
    expect(errors?.map(({ extensions }) => extensions)).toEqual(Array(3).fill({ code: 'UNAUTHENTICATED' }));
    expect(JSON.stringify(errors)).not.toContain('who knows');
  }
});

test('a caller whose kind nobody knows is refused', async () => {
  const odd = by({ kind: 'department', role: 'minister', region: null } as never);
  expect((await ask('{ coverage { score } }', odd)).data).toEqual({ coverage: null });
  expect((await ask('mutation { apply { score } }', by({ kind: 'toString' } as never))).data).toEqual({ apply: null });
});

test('a root that no office names is denied to everyone, of Query, of Mutation and of what nobody serves yet', async () => {
  for (const [source, root] of [
    ['{ forgotten }', 'Query.forgotten'],
    ['mutation { wipe }', 'Mutation.wipe'],
  ] as const) {
    expect((await ask(source, by(STEWARD))).errors).toMatchObject([
      { message: `Who may ask ${root} is said nowhere, so nobody may.`, extensions: { code: 'ITEM_NOT_SHARED' } },
    ]);
  }
  // Called as it is, without an event stream.
  const field = own.getSubscriptionType()?.getFields()['forgotten'];
  const info = { parentType: { name: 'Subscription' }, fieldName: 'forgotten' } as never;
  await expect(field?.resolve?.({}, {}, by(STEWARD), info)).rejects.toMatchObject({ extensions: { code: 'ITEM_NOT_SHARED' } });
});

test('the same name below a root is no root, and no name of a prototype opens one', async () => {
  expect((await ask('{ coverage { score forgotten } }', by(STEWARD))).errors).toBeUndefined();
  const schema = buildSchema('type Query { constructor: String  toString: String }');
  shieldRoots(schema);
  expect((await ask('{ constructor toString }', by(STEWARD), schema)).data).toEqual({ constructor: null, toString: null });
});

test('aliases, fragments, directives and variables are no way round it', async () => {
  done.length = 0;
  const round = `
    query ($yes: Boolean = true, $division: ID) {
      person: coverage(division: $division) { score }
      ... on Query { second: coverage @include(if: $yes) { score } ...Deep }
    }
    fragment Deep on Query { third: coverage { ...S } myGrants { score } person_: forgotten }
    fragment S on Scored { score }`;
  const { data, errors } = await ask(round, by(CITIZEN));
  expect(data).toEqual({ person: null, second: null, third: null, myGrants: null, person_: null });
  expect(errors).toHaveLength(5);
  expect(done).toEqual([]);
});

test('nothing is kept between the roots of an operation, between arguments or between callers that share a context', async () => {
  const asked = [STEWARD, CITIZEN, STEWARD];
  let at = 0;
  const context = Object.defineProperty({}, 'caller', { get: () => asked[Math.floor(at++ / 2)] });
  const { data } = await ask('{ one: coverage(division: "620000") { score } two: coverage { score } three: coverage { score } }', context);
  expect(data).toEqual({ one: { score: 1 }, two: null, three: { score: 1 } });
  const shared: { caller: Caller } = { caller: STEWARD };
  expect((await ask('{ coverage { score } }', shared)).data).toEqual({ coverage: { score: 1 } });
  shared.caller = PUBLIC;
  expect((await ask('{ coverage { score } }', shared)).data).toEqual({ coverage: null });
});

test('a refusal is thrown: what wraps a guarded list does not take it for an empty one', async () => {
  const schema = guardedSchema();
  const field = schema.getQueryType()?.getFields()['myGrants'];
  const { resolve } = field ?? {};
  if (!field || !resolve) throw new Error('myGrants is not guarded');
  field.resolve = async (...call) => {
    const list: unknown = await resolve(...call);
    return Array.isArray(list) ? list : [];
  };
  const { data, errors } = await ask('{ myGrants { score } }', by(CITIZEN), schema);
  expect(data).toEqual({ myGrants: null });
  expect(errors).toMatchObject([{ extensions: { code: 'ITEM_NOT_SHARED' } }]);
});

test("a resolver's own error is not turned into a refusal", async () => {
  const broken = {
    person: () => {
      throw new Error('the store broke');
    },
  };
  const { errors } = await graphql({ schema: own, source: '{ person }', rootValue: broken, contextValue: by(PUBLIC) });
  expect(errors?.map(({ message }) => message)).toEqual(['the store broke']);
});

test('only roots are wrapped: leaves stay without a resolver, so they are no promises', () => {
  const type = own.getType('Coverage');
  expect(isObjectType(type) && Object.values(type.getFields()).filter((field) => field.resolve)).toEqual([]);
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
});

test('pitfall: shield allows what no rule names; our fallback denies, and every root has a guard', async () => {
  expect(await shieldedAlone({ Query: { named: no } }, '{ a }')).toEqual({ data: { a: 1 } });
  for (const root of [own.getQueryType(), own.getMutationType(), own.getSubscriptionType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      await expect(field.resolve?.({}, {}, {}, {} as never), field.name).rejects.toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
    }
  }
});

test('pitfall: not(rule) allows when the rule throws; ours is a plain rule, and one that throws refuses', async () => {
  expect(await shieldedAlone({ Query: { a: not(throws) } }, '{ a }', { fallbackRule: allow })).toEqual({ data: { a: 1 } });
  expect((await shieldedAlone({ Query: { a: throws } }, '{ a }')).data).toEqual({ a: null });
});

test('pitfall: shield’s contextual cache decides once for all arguments and for all who share a context; ours caches nothing', async () => {
  const odd = rule('odd', { cache: 'contextual' })((_parent: unknown, { n }: { n: number }) => n % 2 === 1);
  // One decision, of whichever argument came first, for both.
  expect((await shieldedAlone({ Query: { a: odd } }, '{ one: a(n: 1) two: a(n: 2) }')).data).toEqual({ one: 1, two: 1 });
});

test('rules in a row work on this Node: the patch of graphql-shield is in place', async () => {
  const [yes, no] = [rule('yes')(() => true), rule('no')(() => false)];
  const options = { debug: false, allowExternalErrors: true, fallbackRule: no, fallbackError: new Error(), hashFunction: String };
  expect(await chain(yes, yes).resolve({}, {}, { _shield: { cache: {} } }, {} as never, options as never)).toBe(true);
  expect(await race(no, yes).resolve({}, {}, { _shield: { cache: {} } }, {} as never, options as never)).toBe(true);
  expect(await chain(yes, no).resolve({}, {}, { _shield: { cache: {} } }, {} as never, options as never)).toBe(false);
});
