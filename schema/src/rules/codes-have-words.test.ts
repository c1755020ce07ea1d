import { expect, test } from 'vitest';
import { anItem, aResource, complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { codesHaveWords } from './codes-have-words.ts';

const about = (sdl: string) => complaintsAbout(codesHaveWords, sdl);
const payer = (fields: string, more = '') => `type Payer ${aResource('102009/1')} {\n${fields} }\n${more}`;
const ofStandard = (standard: string) => anItem.open('T001').replace('type: C', `type: C, standard: "${standard}"`);

test('a coded item names a table that there is', () => {
  expect(about(payer(`sex: String ${anItem.open('T001')} @coded(table: "sex")`))).toEqual([]);
  expect(about(payer(`colour: String ${anItem.open('T001')} @coded(table: "colour")`))).toEqual([
    'schema/libraries/tax.graphql:3 Payer.colour: there is no code table "colour" → mend: name a table of schema/reference/codes.json, which has each word in Chinese (v) and English (en)',
  ]);
  // Counts of a census are in the same file, and are no table of codes.
  expect(about(payer(`people: Int ${anItem.open('T001')} @coded(table: "gansuCensus2020")`))).toHaveLength(1);
});

test('every value of an enum that an item has is described in both languages', () => {
  const kind = payer(`kind: PayerKind ${anItem.open('T001')}`, 'enum PayerKind { "企业: enterprise" FIRM\n "个人" PERSON }');
  expect(about(kind)).toEqual([
    'schema/libraries/tax.graphql:3 Payer.kind: is coded, and not every value of PayerKind is described in words → mend: describe each value in Chinese, a colon and English: "企业: enterprise"',
  ]);
  expect(about(kind.replace('个人', '个人: person'))).toEqual([]);
  // What no item has is nobody's word.
  expect(about(kind.replace(anItem.open('T001'), '@structure'))).toEqual([]);
});

test('an item of a standard that there is a table of says so', () => {
  expect(about(payer(`sex: String ${ofStandard('GB/T 2261.1')}`))).toEqual([
    'schema/libraries/tax.graphql:3 Payer.sex: is of GB/T 2261.1, and does not say its code table → mend: say @coded(table: "sex")',
  ]);
  expect(about(payer(`name: String ${ofStandard('GB/T 36903')}`))).toEqual([]);
});

test('what is shown in part or compared alone has no word that would show it whole', () => {
  const masked = anItem.conditional('T001').replace('type: C', 'type: C, mask: NAME');
  expect(about(payer(`sex: String ${masked} @coded(table: "sex")`))).toEqual([
    'schema/libraries/tax.graphql:3 Payer.sex: is coded, and shown in part or compared alone → mend: leave out the mask, verifyOnly or @coded',
  ]);
});
