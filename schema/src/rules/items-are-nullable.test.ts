import { expect, test } from 'vitest';
import { anItem, complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { itemsAreNullable } from './items-are-nullable.ts';

test('an item is nullable, a key that is an item need not be', () => {
  const sdl = `
    type Query { taxpayer: Taxpayer @structure }
    type Taxpayer @key(fields: "no") {
      no: ID! ${anItem.open('T001')}
      grade: String! ${anItem.open('T002')}
      arrears: [Float!] ${anItem.conditional('T003')}
    }`;
  expect(complaintsAbout(itemsAreNullable, sdl)).toEqual([
    'schema/libraries/tax.graphql:5 Taxpayer.grade: is an item and non-null: where it is refused the whole parent would be null → mend: take the ! off its type',
  ]);
});
