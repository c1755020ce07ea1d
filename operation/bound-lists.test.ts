import { buildSchema, execute, parse } from 'graphql';
import { expect, test } from 'vitest';
import { boundLists } from './bound-lists.ts';

type Person = { name: string; household: () => Promise<Person[]> };

/** A village where everyone lives in one household of ten. */
function village(mostValues: number) {
  const asked = { households: 0 };
  const people: Person[] = Array.from({ length: 10 }, (_, place) => ({
    name: `村民${place}`,
    household: async () => {
      asked.households += 1;
      return people;
    },
  }));
  const schema = buildSchema(
    'type Query { people(division: ID, first: Int): [Person!] } type Person { name: String head: Person household: [Person!]! }',
  );
  boundLists(schema, mostValues);
  const ask = (source: string) => execute({ schema, document: parse(source), rootValue: { people }, contextValue: {} });
  return { asked, ask };
}

test('an operation within the bound is answered whole', async () => {
  const { ask } = village(10 * 2 + 100 * 2);
  const { data, errors } = await ask('{ people { household { name } } }');
  expect(errors).toBeUndefined();
  expect(data).toHaveProperty('people[9].household[9].name', '村民9');
});

test('lists within lists end at the bound: one error, and nothing more is read', async () => {
  const { ask, asked } = village(500);
  const { errors } = await ask('{ people { household { household { household { household { household { name } } } } } } }');
  expect(errors?.map((error) => error.extensions['code'])).toEqual(['OPERATION_TOO_COSTLY']);
  expect(errors?.[0]?.message).toContain('more than 500 values (HUB_MAX_VALUES)');
  // Of 11,111 households in all, at most one for each value within the bound.
  expect(asked.households).toBeLessThanOrEqual(500);
});

test('an entry counts as itself and what is asked of it, so that a long list of many fields is refused before it is written', async () => {
  const names = (count: number) => Array.from({ length: count }, (_, n) => `n${n}: name`).join(' ');
  const { ask } = village(210);
  for (const within of [`{ people { ${names(20)} } }`, `{ people { ${names(17)} head { name ...N } } } fragment N on Person { name }`]) {
    expect(await ask(within)).not.toHaveProperty('errors');
  }
  for (const beyond of [
    `{ people { ${names(21)} } }`,
    `{ people { ${names(17)} head { name ...N } } } fragment N on Person { name a: name }`,
  ]) {
    const { errors } = await ask(beyond);
    expect(errors?.[0]?.message).toBe(
      'The operation brings together more than 210 values (HUB_MAX_VALUES); Query.people passed it. Ask for less at once or give `division` or `first`.',
    );
  }
});

test('each operation has a bound of its own', async () => {
  const { ask } = village(20);
  for (let time = 0; time < 3; time += 1) expect(await ask('{ people { name } }')).not.toHaveProperty('errors');
});

test('a list is counted and answered also where a store promises it in its own way', async () => {
  const schema = buildSchema('type Query { types: [String!] }');
  boundLists(schema, 10);
  // biome-ignore lint/suspicious/noThenProperty: Prisma's promises are such objects, and no instances of Promise.
  const promised = { then: (arrive: (list: string[]) => unknown) => Promise.resolve(['居民身份证']).then(arrive) };
  const { data } = await execute({ schema, document: parse('{ types }'), rootValue: { types: promised }, contextValue: {} });
  expect(data).toEqual({ types: ['居民身份证'] });
});
