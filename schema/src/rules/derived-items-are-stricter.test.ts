import { expect, test } from 'vitest';
import { anItem, complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { derivedItemsAreStricter } from './derived-items-are-stricter.ts';

test('what is made from an item of another library is at least as strict, and nobody answers for another', () => {
  const sdl = `
    type Query { taxpayer: Taxpayer @structure @provides(fields: "grade") }
    type Taxpayer @key(fields: "no") {
      no: ID! ${anItem.open('T001')}
      grade: String @external ${anItem.conditional('T002')}
      risk: String @requires(fields: "grade") ${anItem.open('T003')}
      note: String @requires(fields: "grade") @structure
      level: String @requires(fields: "grade") ${anItem.conditional('T004')}
    }`;
  expect(complaintsAbout(derivedItemsAreStricter, sdl).map((each) => each.split(' → ')[0])).toEqual([
    'schema/libraries/tax.graphql:2 Query.taxpayer: answers fields of another library, whose owner then decides nothing',
    expect.stringMatching(
      /Taxpayer.risk: is made from Taxpayer.grade \(T002, CONDITIONAL, level \d\) and is laxer \(UNCONDITIONAL, level 1, open\)/,
    ),
    expect.stringMatching(/Taxpayer.note: is made from Taxpayer.grade .* and is no item itself/),
  ]);
});
