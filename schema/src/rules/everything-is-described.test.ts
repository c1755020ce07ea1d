import { expect, test } from 'vitest';
import { complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { everythingIsDescribed } from './everything-is-described.ts';

const mend = 'has no description → mend: put one sentence in quotes before it: unit, format, what null means';

test('types, fields, arguments, inputs and values of enums are described', () => {
  const sdl = `
    type Query { search(by: Wanted): Kind }
    input Wanted { since: String }
    enum Kind { LATE }`;
  expect(complaintsAbout(everythingIsDescribed, sdl)).toEqual(
    ['2 Query.search', '2 Query.search(by:)', '3 Wanted', '3 Wanted.since', '4 Kind', '4 Kind.LATE'].map(
      (place) => `schema/libraries/tax.graphql:${place}: ${mend}`,
    ),
  );
});

test('a stub and its key are described where they are answered for', () => {
  const owner = '"A taxpayer." type Taxpayer @key(fields: "no") { "Number." no: ID! }';
  expect(complaintsAbout(everythingIsDescribed, owner, 'type Taxpayer @key(fields: "no") { no: ID! }')).toEqual([]);
});
