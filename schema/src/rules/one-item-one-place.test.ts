import { expect, test } from 'vitest';
import { anItem, aResource, complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { oneItemOnePlace } from './one-item-one-place.ts';

test('fields of one resource may share an item, nested ones and a field that leads there too', () => {
  const sdl = `
    type Query { taxpayer: Taxpayer @structure }
    type Taxpayer ${aResource('102009/1')} { from: String ${anItem.open('T001')} to: String ${anItem.open('T001')} due: Due ${anItem.open('T002')} }
    type Due { grade: String ${anItem.open('T001')} }
    type LegalEntity @key(fields: "uscc") { uscc: ID! taxpayer: Taxpayer ${anItem.open('T001')} }`;
  expect(complaintsAbout(oneItemOnePlace, sdl)).toEqual([]);
});

test('an item has the same facts wherever it is named', () => {
  const sdl = `
    type Taxpayer ${aResource('102009/1')} {
      from: String ${anItem.open('T001')}
      to: String ${anItem.conditional('T001')}
    }`;
  expect(complaintsAbout(oneItemOnePlace, sdl)).toEqual([
    'schema/libraries/tax.graphql:4 Taxpayer.to: T001 differs from Taxpayer.from in share, basis, open, level → mend: say the same facts in both places, or give it a code of its own',
  ]);
});

test('a laxer class may be left out outside the resource, not inside', () => {
  const laxer = anItem.open('T001').replace('type: C', 'type: C, when: SUBJECT_IS_LEGAL_ENTITY');
  const inside = `type Taxpayer ${aResource('102009/1')} { a: String ${anItem.conditional('T001')} ${laxer}`;
  expect(complaintsAbout(oneItemOnePlace, `${inside} } type Person { taxpayer: Taxpayer ${anItem.conditional('T001')} }`)).toEqual([]);
  expect(complaintsAbout(oneItemOnePlace, `${inside} b: String ${anItem.conditional('T001')} }`)).toEqual([
    'schema/libraries/tax.graphql:2 Taxpayer.b: T001 differs from Taxpayer.a in when → mend: say the same facts in both places, or give it a code of its own',
  ]);
});

test('an item belongs to one resource', () => {
  const sdl = `
    type Taxpayer ${aResource('102009/1')} { grade: String ${anItem.open('T001')} }
    type Invoice ${aResource('102009/2')} { grade: String ${anItem.open('T001')} }`;
  expect(complaintsAbout(oneItemOnePlace, sdl)).toEqual([
    'schema/libraries/tax.graphql:3 Invoice.grade: T001 is already an item of resource 102009/1, and here of 102009/2 → mend: give it a code of its own',
  ]);
});

test('of one library', () => {
  const sdl = `type Taxpayer ${aResource('102009/1')} { grade: String ${anItem.open('T001')} }`;
  const other = `type Invoice ${aResource('102009/2')} { sum: String ${anItem.open('T001')} }`;
  expect(complaintsAbout(oneItemOnePlace, sdl, other)).toEqual([
    'schema/libraries/vat.graphql:2 Invoice.sum: T001 is already an item of Taxpayer.grade in schema/libraries/tax.graphql → mend: give it a code of its own',
  ]);
});

test('an item of a root field says which resource it belongs to', () => {
  const root = (item: string) => `type Query { total: Int ${item} }`;
  expect(complaintsAbout(oneItemOnePlace, root(anItem.open('T001')))).toEqual([
    'schema/libraries/tax.graphql:2 Query.total: T001 belongs to no resource → mend: say @item(resource: "…") or bind it to a field of the resource too',
  ]);
  expect(complaintsAbout(oneItemOnePlace, root(anItem.open('T001').replace('type: C', 'type: C, resource: "102009/1"')))).toEqual([
    'schema/libraries/tax.graphql:2 Query.total: T001 belongs to 102009/1, which is no resource of this library → mend: name the code of a @resource of the same file',
  ]);
});
