import { expect, test } from 'vitest';
import { anItem, complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { nestedItemsAreStricter } from './nested-items-are-stricter.ts';

const declarations = (leading: string, nested: string) => `
  type Query { taxpayer: Taxpayer @structure }
  type Taxpayer @key(fields: "no") { no: ID! declarations: [Declaration!] ${leading} }
  type Declaration { year: Int revenue: Float ${nested} }`;

test('a field inside an open item may be stricter', () => {
  expect(complaintsAbout(nestedItemsAreStricter, declarations(anItem.open('T001'), anItem.conditional('T002')))).toEqual([]);
});

test('a field inside a conditional item cannot be open', () => {
  expect(complaintsAbout(nestedItemsAreStricter, declarations(anItem.conditional('T001'), anItem.open('T002')))).toEqual([
    'schema/libraries/tax.graphql:4 Declaration.revenue: T002 (UNCONDITIONAL, level 1, open) is laxer than T001 of Taxpayer.declarations, which leads to it (CONDITIONAL, level 3) → mend: give it a class at least as strict, or none so that it inherits',
  ]);
});

test('nor can it be open for some rows, unless what leads there is too', () => {
  const open = (code: string) => anItem.open(code).replace('type: C', 'type: C, when: FIRM_CHOSE_TO_PUBLISH');
  const nested = `${anItem.conditional('T002')} ${open('T002')}`;
  expect(complaintsAbout(nestedItemsAreStricter, declarations(anItem.conditional('T001'), nested))).toHaveLength(1);
  expect(complaintsAbout(nestedItemsAreStricter, declarations(`${anItem.conditional('T001')} ${open('T001')}`, nested))).toEqual([]);
});
