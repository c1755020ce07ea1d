import { expect, test } from 'vitest';
import { anItem, complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { interfacesAgree } from './interfaces-agree.ts';

const record = (promised: string, said: string) => `
  interface TaxRecord { no: ID ${promised} }
  type Fine implements TaxRecord { no: ID ${said} }`;
const mend = 'mend: say the same on both, or nothing on the interface where each type has an item of its own';

test('an interface says the same as its types, or leaves it to items of their own', () => {
  expect(complaintsAbout(interfacesAgree, record('@structure', '@structure'))).toEqual([]);
  expect(complaintsAbout(interfacesAgree, record(anItem.open('T001'), anItem.open('T001')))).toEqual([]);
  expect(complaintsAbout(interfacesAgree, record('', anItem.open('T001')))).toEqual([]);
});

test('an item is not structure on its interface', () => {
  expect(complaintsAbout(interfacesAgree, record('@structure', anItem.conditional('T001')))).toEqual([
    `schema/libraries/tax.graphql:3 Fine.no: is @item T001 (CONDITIONAL, level 3), but TaxRecord.no is @structure → ${mend}`,
  ]);
});

test('a class is not laxer on the interface, and what the interface leaves open is said', () => {
  expect(complaintsAbout(interfacesAgree, record(anItem.open('T001'), anItem.conditional('T001')))).toHaveLength(1);
  expect(complaintsAbout(interfacesAgree, record('', '@structure'))).toEqual([
    `schema/libraries/tax.graphql:3 Fine.no: is @structure, but TaxRecord.no is said to be nothing → ${mend}`,
  ]);
});
