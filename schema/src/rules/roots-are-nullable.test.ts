import { expect, test } from 'vitest';
import { complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { rootsAreNullable } from './roots-are-nullable.ts';

test('a root field is nullable, so one library that is down does not empty the answer', () => {
  const sdl = `
    type Query { taxpayers: [Taxpayer!]! @structure taxpayer: Taxpayer @structure }
    type Mutation { declare: Taxpayer! @structure }
    type Taxpayer @structure { no: ID! }`;
  const rest =
    'is a root field and non-null: where its library does not answer all other answers would be lost too → mend: take the ! off its type';
  expect(complaintsAbout(rootsAreNullable, sdl)).toEqual([
    `schema/libraries/tax.graphql:2 Query.taxpayers: ${rest}`,
    `schema/libraries/tax.graphql:3 Mutation.declare: ${rest}`,
  ]);
});
