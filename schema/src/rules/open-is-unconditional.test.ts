import { expect, test } from 'vitest';
import { complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { openIsUnconditional } from './open-is-unconditional.ts';

const field = (facts: string) => `type Query { grade: String @item(code: "T001", title: "纳税信用级别", type: C, ${facts}) }`;

test('what the public may have every department may have', () => {
  expect(complaintsAbout(openIsUnconditional, field('share: CONDITIONAL, basis: "法", open: true, level: 1'))).toEqual([
    'schema/libraries/tax.graphql:2 Query.grade: T001 is open to the public, but CONDITIONAL for departments → mend: say share: UNCONDITIONAL or open: false',
  ]);
});

test('what is open is of level 1, and levels go from 1 to 4', () => {
  expect(complaintsAbout(openIsUnconditional, field('share: UNCONDITIONAL, open: true, level: 2'))).toEqual([
    'schema/libraries/tax.graphql:2 Query.grade: T001 is open to the public, but of level 2 → mend: say level: 1 or open: false',
  ]);
  expect(complaintsAbout(openIsUnconditional, field('share: UNCONDITIONAL, open: false, level: 5'))).toEqual([
    'schema/libraries/tax.graphql:2 Query.grade: T001 has level 5 → mend: say a level from 1 to 4',
  ]);
});

test('what only answers match or mismatch is not open', () => {
  expect(complaintsAbout(openIsUnconditional, field('share: UNCONDITIONAL, open: true, level: 1, verifyOnly: true'))).toEqual([
    'schema/libraries/tax.graphql:2 Query.grade: T001 is open to the public, but answers only match or mismatch → mend: take verifyOnly: away or say open: false',
  ]);
});

test('an item that open statistics group by is not open itself', () => {
  expect(complaintsAbout(openIsUnconditional, field('share: CONDITIONAL, basis: "法", open: false, level: 3, aggregate: true'))).toEqual(
    [],
  );
});
