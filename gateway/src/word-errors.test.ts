import { readAccessFacts } from '@longyuan/schema/src/access/access-facts.ts';
import { readDirectorySubgraph } from '@longyuan/schema/src/directory-subgraph.ts';
import { badUserInput, refuse } from '@longyuan/schema/src/error-codes.ts';
import { libraryNamed, readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import type { GraphQLError } from 'graphql';
import { expect, test } from 'vitest';
import { wordRefusals } from './access/word-refusals.ts';
import { makeErrorWords } from './word-errors.ts';

const libraries = readLibraries();
const directory = { ...readDirectorySubgraph(), department: '', uscc: '', order: 0, personKeys: false, sdl: '' };
const facts = readSharingFacts([...libraries, directory]);
const population = libraryNamed('population', libraries);
const refusalsOf = wordRefusals({ facts, accessFacts: readAccessFacts(facts), nameOfPurpose: () => null });
const words = makeErrorWords(population, facts, refusalsOf);
const asked = { place: null, variables: { input: { items: [{ code: 'Z999', access: 'READ' }] } } };
const NARROWER = 'an answer may give less than was applied for, never more';

test.each<[GraphQLError]>([
  [badUserInput('after', 'must be a cursor as an earlier page gave it')],
  [badUserInput('Query.pois(within:)', 'must be the code of a division that exists')],
  [badUserInput('radius', 'needs near, the point it is measured from')],
  [badUserInput('until', 'must be at most one year ahead')],
  [badUserInput('Query.persons(idNumbers:)', 'must have at most 1000 entries')],
  [badUserInput('Query.verifyItems(items:)', 'must name items of Person that are one plain value, and not what it is found by')],
  [badUserInput('Mutation.apply(input:).items', 'must be items of the resource 101001/1: "Z999" is none')],
  [badUserInput('Mutation.apply(input:).items', 'P001 (公民身份号码) has no mask: its access cannot be MASKED')],
  [badUserInput('Mutation.apply(input:).division', 'is missing')],
  [badUserInput('Mutation.answer(terms:).callsPerDay', `must be at most 100: ${NARROWER}`)],
  [badUserInput('Mutation.answer(terms:).from', `must not be before 2026-01-01T00:00:00.000Z: ${NARROWER}`)],
  [badUserInput('Mutation.answer(terms:).items', `must not give READ of P001: ${NARROWER}`)],
  [refuse('ITEM_NOT_SHARED', `Only a steward of ${population.department}, the owner, answers this application.`)],
  [refuse('LIBRARY_UNAVAILABLE', 'The library population cannot use its database now.')],
  [
    refuse(
      'OPERATION_TOO_COSTLY',
      'The operation brings together more than 120000 values (HUB_MAX_VALUES); Query.persons passed it. Ask for less at once or give `idNumbers`.',
      {
        ...{ limit: 'HUB_MAX_VALUES', value: 120_000 },
      },
    ),
  ],
])('an honest refusal is said as the library says it: %s', (error) => {
  const { message, extensions } = words(error.toJSON(), asked);
  expect(message).toBe(error.message);
  expect(extensions).toEqual({ ...error.extensions, library: 'population' });
});

test('what a caller did not send is not said to them, though it stands in the right place', () => {
  const said = (told: string) =>
    words(badUserInput('Mutation.apply(input:).items', `must be items of the resource 101001/1: "${told}" is none`).toJSON(), asked)
      .message;
  expect(said('call-13800000000')).toBe('Mutation.apply(input:).items is not taken by the library population (人口基础信息库).');
  const variable = (name: string) =>
    words(refuse('BAD_USER_INPUT', `Variable "$${name}" has a value of the wrong type.`).toJSON(), { ...asked, variables: { day: 1 } })
      .message;
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
  const owner = words(refuse('ITEM_NOT_SHARED', 'Only a steward of 诈骗公司, the owner, answers this application.').toJSON(), asked);
  expect(owner.message).not.toContain('诈骗');
});

test('a refused item is said with its own title, owner and place to apply, and why where the library names a reason that there is', () => {
  const place = { path: ['person', 'phone'], coordinates: ['Person.phone'] };
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
  const why = "x: it is shared on conditions, and the term of your department's grant is over or has not begun.";
  expect(refused(why).message).toMatch(/^Person\.phone .*the term of your department's grant is over or has not begun\.$/);
});

test('a verification names which of its library’s items is refused; a field that has an item speaks of that alone', () => {
  const itemOf = (coordinate: string, item: string) =>
    words(
      { message: 'x', extensions: { code: 'ITEM_NOT_GRANTED', item } },
      { place: { path: ['a'], coordinates: [coordinate] }, variables: {} },
    ).extensions?.['item'];
  expect(itemOf('Query.verifyItems', 'Person.birthDate')).toBe('Person.birthDate');
  expect(itemOf('Query.verifyItems', 'LegalEntity.name')).toBe('Query.verifyItems');
  expect(itemOf('Query.verifyItems', 'Call.13800000000')).toBe('Query.verifyItems');
  expect(itemOf('Person.phone', 'Person.birthDate')).toBe('Person.phone');
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
