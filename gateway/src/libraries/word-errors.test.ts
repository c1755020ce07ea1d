import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import { readDirectorySubgraph } from '@longyuan/schema/src/directory-subgraph.ts';
import { libraryNamed, readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { badUserInput, refuse } from '@longyuan/schema/src/refuse.ts';
import type { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { wordRefusals } from '../access/word-refusals.ts';
import { makeErrorWords } from './word-errors.ts';

const libraries = readLibraries();
const directory = { ...readDirectorySubgraph(), department: '', uscc: '', order: 0, personKeys: false, sdl: '' };
const facts = readSharingFacts([...libraries, directory]);
const population = libraryNamed('population', libraries);
const refusalsOf = wordRefusals({ facts, accessFacts: readAccessFacts(facts), nameOfPurpose: () => null });
const words = makeErrorWords(population, facts, refusalsOf);
const asked = { place: null, variables: { input: { items: [{ code: 'Z999', access: 'READ' }] } } };

test.each<[GraphQLError]>([
  [badUserInput('after', 'FORM_CURSOR')],
  [badUserInput('Query.pois(within:)', 'EXISTING_DIVISION')],
  [badUserInput('radius', 'NEEDS_NEAR')],
  [badUserInput('until', 'WITHIN_A_YEAR')],
  [badUserInput('Query.persons(idNumbers:)', 'AT_MOST_ENTRIES', { number: 1000 })],
  [badUserInput('Query.verifyItems(items:)', 'PLAIN_ITEMS', { type: 'Person' })],
  [badUserInput('Mutation.apply(input:).items', 'ITEMS_OF_RESOURCE', { code: '101001/1', asked: 'Z999' })],
  [badUserInput('Mutation.apply(input:).items', 'NO_MASK', { code: 'P001', title: '公民身份号码' })],
  [badUserInput('Mutation.apply(input:).division', 'MISSING')],
  [badUserInput('Mutation.answer(terms:).callsPerDay', 'AT_MOST_ASKED', { number: 100 })],
  [badUserInput('Mutation.answer(terms:).from', 'NOT_BEFORE_ASKED', { moment: '2026-01-01T00:00:00.000Z' })],
  [badUserInput('Mutation.answer(terms:).items', 'LESS_ACCESS', { access: 'READ', asked: 'P001' })],
  [refuse('STEWARDS_ANSWER', { department: population.department })],
  [refuse('STORE_TROUBLE', { library: 'population' })],
  [
    refuse(
      'LIST_TOO_LONG_BY',
      { number: 120_000, limit: 'HUB_MAX_VALUES', coordinate: 'Query.persons', arguments: '`idNumbers`' },
      { limit: 'HUB_MAX_VALUES', value: 120_000 },
    ),
  ],
])('an honest refusal is said as the library says it: %s', (error) => {
  const { message, extensions } = words(error.toJSON(), asked);
  expect(message).toBe(error.message);
  expect(extensions).toEqual({ ...error.extensions, library: 'population' });
});

test('what a caller did not send is not said to them, though it stands in the right place', () => {
  const said = (told: string) =>
    words(badUserInput('Mutation.apply(input:).items', 'ITEMS_OF_RESOURCE', { code: '101001/1', asked: told }).toJSON(), asked).message;
  expect(said('call-13800000000')).toBe('Mutation.apply(input:).items is not taken by the library population (人口基础信息库).');
  const variable = (name: string) =>
    words(refuse('VARIABLE_TYPE', { variable: `$${name}` }).toJSON(), { ...asked, variables: { day: 1 } }).message;
  expect(variable('day')).toBe('Variable "$day" has a value of the wrong type.');
  expect(variable('call_13800000000')).not.toContain('138');
});

test('an argument, a limit and an owner are said where there are such', () => {
  const { message, extensions } = words(
    { message: 'x', extensions: { code: 'BAD_USER_INPUT', argument: 'call_13800000000', limit: 'HUB_EVIL', value: 7 } },
    asked,
  );
  expect(message).toBe('A value of the question is not taken by the library population (人口基础信息库).');
  expect(extensions).toEqual({ code: 'BAD_USER_INPUT', library: 'population' });
  const owner = words(refuse('STEWARDS_ANSWER', { department: '诈骗公司' }).toJSON(), asked);
  expect(owner.message).not.toContain('诈骗');
});

test('a refused item is said with its own title, owner and place to apply, and why where the library names a reason that there is', () => {
  const place = { path: ['person', 'phone'], coordinates: ['Person.phone'], below: () => [] };
  const refused = (message: string) =>
    words(
      { message, extensions: { code: 'ITEM_NOT_GRANTED', item: 'Person.name', owner: 'x', apply: 'javascript:1' } },
      { place, variables: {} },
    );
  const plain = refused('call 13800000000');
  expect(plain.message).toMatch(
    /^Person\.phone \(.+, .+\) is not answered: it is shared on conditions, and your department holds no grant for it\.$/,
  );
  expect(plain.extensions).toMatchObject({
    code: 'ITEM_NOT_GRANTED',
    item: 'Person.phone',
    owner: population.department,
    library: 'population',
  });
  expect(JSON.stringify(plain)).not.toMatch(/javascript|138/);
  const why = "x: the term of your department's grant for it is over or has not begun.";
  expect(refused(why).message).toMatch(/^Person\.phone .*the term of your department's grant for it is over or has not begun\.$/);
});

test('a verification names which of its library’s items is refused; a field that has an item speaks of that alone', () => {
  const itemOf = (coordinate: string, item: string) =>
    words(
      { message: 'x', extensions: { code: 'ITEM_NOT_GRANTED', item } },
      { place: { path: ['a'], coordinates: [coordinate], below: () => [] }, variables: {} },
    ).extensions?.['item'];
  expect(itemOf('Query.verifyItems', 'Person.birthDate')).toBe('Person.birthDate');
  expect(itemOf('Query.verifyItems', 'LegalEntity.name')).toBe('Query.verifyItems');
  expect(itemOf('Query.verifyItems', 'Call.13800000000')).toBe('Query.verifyItems');
  expect(itemOf('Person.phone', 'Person.birthDate')).toBe('Person.phone');
});

test('of a list that is empty the item may be one that is asked below it, and no other', () => {
  const place = { path: ['members'], coordinates: ['Person.household'], below: () => ['Household.members', 'Person.phone'] };
  const itemOf = (item: string) =>
    words({ message: 'x', extensions: { code: 'ITEM_NOT_SHARED', item } }, { place, variables: {} }).extensions?.['item'];
  expect(itemOf('Person.phone')).toBe('Person.phone');
  expect(itemOf('Person.birthDate')).toBe('Person.household');
  expect(itemOf('Call.13800000000')).toBe('Person.household');
});

test.each([null, 7, 'x', [], {}, { message: {}, extensions: 7 }, { message: 'x', extensions: { code: 'constructor' } }])(
  '%j for an error is a failure of the library',
  (error) => {
    expect(words(error, asked)).toEqual({
      message: 'The library population (人口基础信息库) failed to answer this.',
      extensions: { code: 'INTERNAL', library: 'population' },
    });
  },
);
