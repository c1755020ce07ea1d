import { expect, test } from 'vitest';
import { complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { classesHaveABasis } from './classes-have-a-basis.ts';

const field = (facts: string) =>
  `type Query { arrears: Float @item(code: "T001", title: "欠税", open: false, level: 2, type: N, ${facts}) }`;

test('a conditional item names the law it rests on', () => {
  expect(complaintsAbout(classesHaveABasis, field('share: CONDITIONAL, basis: " "'))).toEqual([
    'schema/libraries/tax.graphql:2 Query.arrears: T001 is CONDITIONAL and names no basis → mend: add basis: the law, regulation or central policy, with its article',
  ]);
  expect(complaintsAbout(classesHaveABasis, field('share: CONDITIONAL, basis: "《税收征收管理法》第八条"'))).toEqual([]);
});

test('a not shared item also says why', () => {
  expect(complaintsAbout(classesHaveABasis, field('share: NOT_SHARED, basis: "《税收征收管理法》第八条"'))).toEqual([
    'schema/libraries/tax.graphql:2 Query.arrears: T001 is NOT_SHARED and says no reason → mend: add reason: LAW, POLICY, SENSITIVE or OTHER',
  ]);
});

test('what is shared has no reason for not being shared', () => {
  expect(complaintsAbout(classesHaveABasis, field('share: UNCONDITIONAL, reason: LAW'))).toEqual([
    'schema/libraries/tax.graphql:2 Query.arrears: T001 is UNCONDITIONAL and says a reason for not sharing → mend: take reason: away',
  ]);
});
