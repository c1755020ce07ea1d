import { expect, test } from 'vitest';
import { anItem, smallLibrary } from '../../test/schema/complaints-about.ts';
import { printComplaint } from './check-schema.ts';
import { composeSupergraph } from './compose-supergraph.ts';
import { openWithoutEffect } from './open-without-effect.ts';
import { readLibraries, readLibrary } from './read-libraries.ts';

/** Beside what a test is about, a taxpayer whose name is open. */
const complaints = (root: string, api: string) =>
  openWithoutEffect(
    [
      smallLibrary(
        `type Query { taxpayer(no: ID!): Taxpayer @structure ${root} type Taxpayer @key(fields: "no") { no: ID! ${anItem.open('T010')} name: String ${anItem.open('T011')} }`,
      ),
    ],
    `type Query { taxpayer(no: ID!): Taxpayer ${api} type Taxpayer { no: ID! name: String }`,
  ).map(printComplaint);

test('what is open and stands in the public schema is in order, also where it is open for some rows alone', () => {
  const whenFiled = anItem.open('T001').replace(')', ', when: FIRM_CHOSE_TO_PUBLISH)');
  expect(complaints(`grade: String ${anItem.conditional('T001')} ${whenFiled} }`, 'grade: String }')).toEqual([]);
});

test('an open way to a type of which nothing is open is refused: it would show that there is something, and nothing of it', () => {
  const root = `seat: Seat ${anItem.open('T002')} } type Seat @key(fields: "no") { no: ID ${anItem.unconditional('T003')} }`;
  expect(complaints(root, 'seat: Seat } type Seat { no: ID }')).toEqual([
    'schema/libraries/tax.graphql:2 Query.seat: T002 is open to the public, but nothing of Seat is, to which it leads → mend: open what leads there or what it leads to, or say open: false (with a code of its own, where other fields of the item are open)',
  ]);
});

test('an open field that no way leads to is refused, and so is one that cannot be asked without what is not open', () => {
  const root = `levy(no: ID! @reads(item: "T003")): Levy @structure debt(no: ID! @reads(item: "T003")): Float ${anItem.open('T004')} }
    type Levy @key(fields: "no") { no: ID ${anItem.unconditional('T003')} sum: Float ${anItem.open('T002')} }`;
  const api = 'levy(no: ID!): Levy debt(no: ID!): Float } type Levy { no: ID sum: Float }';
  expect(complaints(root, api).map((each) => each.split(' → ')[0])).toEqual([
    'schema/libraries/tax.graphql:2 Query.debt: T004 is open to the public, but it cannot be asked without an argument that reads what is not, or nothing of Float is open',
    'schema/libraries/tax.graphql:3 Levy.sum: T002 is open to the public, but no way of the public schema leads to Levy',
  ]);
});

test('a library that says so does not compose', () => {
  const libraries = readLibraries().map((library) =>
    library.name === 'legal-entity'
      ? readLibrary('legal-entity.graphql', library.sdl.replace(/(code: "L018".*?)open: false, level: 2/, '$1open: true, level: 1'))
      : library,
  );
  expect(() => composeSupergraph(libraries)).toThrow(
    /LegalEntity\.address: L018 is open to the public, but nothing of StandardAddress is, to which it leads/,
  );
});
