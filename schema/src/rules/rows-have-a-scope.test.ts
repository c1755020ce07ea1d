import { expect, test } from 'vitest';
import { anItem, aResource, complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { rowsHaveAScope } from './rows-have-a-scope.ts';

const card = (rows: string, key = '@key(fields: "id")', item = anItem.conditional('T001')) =>
  `type TaxCard ${key} ${aResource('102009/1', rows)} { id: ID! @inaccessible no: String ${item} }`;

test('rows with an item that is not open say whose or where they are', () => {
  expect(complaintsAbout(rowsHaveAScope, card(''))).toEqual([
    'schema/libraries/tax.graphql:2 TaxCard: has an item that is not open (T001), but no column that says whose or where a row is → mend: add rows: { division: "…", subject: "…" } to @resource',
  ]);
  expect(complaintsAbout(rowsHaveAScope, card('', undefined, anItem.open('T001')))).toEqual([]);
});

test("a person's papers say until when the person is under 14; records of acts have no key and need not", () => {
  const rows = 'rows: { division: "division", subject: "holder" }';
  expect(complaintsAbout(rowsHaveAScope, card(rows))).toEqual([
    'schema/libraries/tax.graphql:2 TaxCard: has rows of people, but no column that says until when a person is under 14 → mend: add minorUntil: "…" to rows:',
  ]);
  expect(complaintsAbout(rowsHaveAScope, card(rows.replace(' }', ', minorUntil: "minorUntil" }')))).toEqual([]);
  expect(complaintsAbout(rowsHaveAScope, card(rows, ''))).toEqual([]);
});

test('whoever tells which rows are a person’s own is a library that there is', () => {
  const rows = (tellers: string) => `rows: { division: "division", own: { key: "id", toldBy: [${tellers}] } }`;
  expect(complaintsAbout(rowsHaveAScope, card(rows('"tax", "vat"')))).toEqual([
    "schema/libraries/tax.graphql:2 TaxCard: has rows that vat tells to be a person's own, and there is no such library → mend: name libraries of the hub in toldBy:",
  ]);
  expect(complaintsAbout(rowsHaveAScope, card(rows('"tax"')))).toEqual([]);
});
