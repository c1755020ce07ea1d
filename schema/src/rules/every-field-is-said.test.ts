import { expect, test } from 'vitest';
import { anItem, complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { everyFieldIsSaid } from './every-field-is-said.ts';

const mend = 'mend: say @item(code:, title:, share:, open:, level:, type:), or @structure where it tells nothing about anyone';

test('a field that nobody said anything about is refused', () => {
  const sdl = `
    type Query { taxpayer: Taxpayer @structure }
    type Taxpayer @key(fields: "no") { no: ID! arrears: Float confirmedAt: String @structure grade: String ${anItem.open('T001')} }`;
  expect(complaintsAbout(everyFieldIsSaid, sdl)).toEqual([
    `schema/libraries/tax.graphql:3 Taxpayer.arrears: is neither @item, @key nor @structure, so nobody can tell who may have it → ${mend}`,
  ]);
});

test('a root field too has to say it', () => {
  expect(complaintsAbout(everyFieldIsSaid, 'type Query { total: Int }')).toEqual([
    `schema/libraries/tax.graphql:2 Query.total: is neither @item, @key nor @structure, so nobody can tell who may have it → ${mend}`,
  ]);
});

test('fields of a nested type inherit the item that leads to them, through a further nested type too', () => {
  const sdl = `
    type Query { taxpayer: Taxpayer @structure }
    type Taxpayer @key(fields: "no") { no: ID! declarations: [Declaration!] ${anItem.open('T002')} }
    type Declaration { year: Int due: Money before: Declaration }
    type Money { amount: Float }`;
  expect(complaintsAbout(everyFieldIsSaid, sdl)).toEqual([]);
});

test('a nested type that structure leads to inherits nothing, even where an item leads to it as well', () => {
  const sdl = `
    type Query { latest: Money @structure taxpayer: Taxpayer @structure }
    type Taxpayer @key(fields: "no") { no: ID! due: Money ${anItem.open('T002')} }
    type Money { amount: Float }`;
  expect(complaintsAbout(everyFieldIsSaid, sdl)).toEqual([
    `schema/libraries/tax.graphql:4 Money.amount: is neither @item nor @structure, and Query.latest leads to it without an item, so nobody can tell who may have it → ${mend}`,
  ]);
});

test('a field cannot be an item and structure at once', () => {
  expect(complaintsAbout(everyFieldIsSaid, `type Query { total: Int @structure ${anItem.open('T001')} }`)).toEqual([
    'schema/libraries/tax.graphql:2 Query.total: is both @item and @structure → mend: keep the one that is true',
  ]);
});
