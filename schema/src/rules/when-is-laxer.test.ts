import { expect, test } from 'vitest';
import { anItem, complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { whenIsLaxer } from './when-is-laxer.ts';

const field = (...items: string[]) => `type Query { grade: String ${items.join(' ')} }`;
const gradeA = anItem.open('T001').replace('type: C', 'type: C, when: TAX_GRADE_IS_A');

test('a class for some rows stands beside a stricter plain one', () => {
  expect(complaintsAbout(whenIsLaxer, field(anItem.conditional('T001'), gradeA))).toEqual([]);
  expect(complaintsAbout(whenIsLaxer, field(gradeA))).toEqual([
    'schema/libraries/tax.graphql:2 Query.grade: T001 has no class for the rows that no predicate holds for → mend: add the plain @item, without when:, in its strictest class',
  ]);
});

test('a class for some rows that is not laxer is refused', () => {
  const complaint =
    'schema/libraries/tax.graphql:2 Query.grade: T001 when TAX_GRADE_IS_A (UNCONDITIONAL, level 1, open) is not laxer than its plain class (UNCONDITIONAL, level 1, open) → mend: make the class without when: the strictest of them';
  expect(complaintsAbout(whenIsLaxer, field(anItem.open('T001'), gradeA))).toEqual([complaint]);
  const stricter = anItem.conditional('T001').replace('type: C', 'type: C, when: TAX_GRADE_IS_A');
  expect(complaintsAbout(whenIsLaxer, field(anItem.open('T001'), stricter))).toHaveLength(1);
});

test('a field is one item, and no class is said twice', () => {
  expect(complaintsAbout(whenIsLaxer, field(anItem.open('T001'), anItem.open('T002')))).toEqual([
    'schema/libraries/tax.graphql:2 Query.grade: is bound to several items: T001, T002 → mend: bind it to one',
    'schema/libraries/tax.graphql:2 Query.grade: T001 has two classes for no predicate → mend: keep one of them',
  ]);
  expect(complaintsAbout(whenIsLaxer, field(anItem.conditional('T001'), gradeA, gradeA))).toEqual([
    'schema/libraries/tax.graphql:2 Query.grade: T001 has two classes for TAX_GRADE_IS_A → mend: keep one of them',
  ]);
});
