import type { QualityCheck } from '@longyuan/schema/src/quality/quality-checks.ts';
import { expect, test } from 'vitest';
import { checkValue, type RowText } from './check-value.ts';

const ASKED = Date.parse('2026-11-24T00:00:00Z');
const check = (rule: QualityCheck['rule'], expects: string | null, more: Partial<QualityCheck> = {}): QualityCheck => ({
  ...{ id: rule, library: 'population', resource: '101001/1', item: 'P001', coordinate: 'Person.value' },
  ...{ rule, expects, table: 'Person', column: 'value', of: null, ...more },
});
const passes = (over: QualityCheck, value: string | null, more: RowText = {}) => checkValue(over, { value, ...more }, ASKED);

test('完整性: a blank is no value', () => {
  const complete = check('COMPLETE', null);
  expect([passes(complete, '李四'), passes(complete, ' '), passes(complete, ''), passes(complete, null), passes(complete, '[]')]).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});

test.each([
  ['CITIZEN_NUMBER', '11010519491231002X', '110105194912310021'],
  ['CREDIT_CODE', '11629901000000019M', '11629901000000018M'],
  ['PHONE', '13800138000', '1380013800'],
  ['PHONE', '0931-8888888', '0931-88'],
  ['KNOWN_DIVISION', '620102', '110101'],
  ['INDUSTRY_CODE', 'F5211', 'X52'],
  ['codes:sex', '1', '3'],
  ['codes:ethnicity', '01', '99x'],
  ['codes:penaltyKind', '["01","02"]', '["01","77"]'],
])('有效性: %s takes %s and not %s, and says nothing of a value that is not there', (expects, right, wrong) => {
  const valid = check('VALID', expects);
  expect([passes(valid, right), passes(valid, wrong), passes(valid, null)]).toEqual([true, false, null]);
});

test('days come in their order; where one is missing nothing can be said', () => {
  const inOrder = check('IN_ORDER', 'from');
  expect(passes(inOrder, '2026-02-01', { from: '2026-01-31' })).toBe(true);
  expect(passes(inOrder, '2026-02-01', { from: '2026-02-01' })).toBe(true);
  expect(passes(inOrder, '2026-02-01', { from: '2026-02-02' })).toBe(false);
  expect(passes(inOrder, null, { from: '2026-02-02' })).toBe(null);
  expect(passes(inOrder, '2026-02-01', { from: null })).toBe(null);
});

test('及时性: confirmed within the update cycle', () => {
  expect(passes(check('TIMELY', 'WEEKLY'), '2026-11-17T00:00:00Z')).toBe(true);
  expect(passes(check('TIMELY', 'WEEKLY'), '2026-11-16T23:59:59Z')).toBe(false);
  expect(passes(check('TIMELY', 'DAILY'), '2026-11-22T23:00:00Z')).toBe(false);
});

test('a check of some rows says nothing of the others', () => {
  const ofTheDead = check('COMPLETE', null, { of: { column: 'lifeStatus', is: ['DEAD'] } });
  expect(passes(ofTheDead, null, { lifeStatus: 'ALIVE' })).toBe(null);
  expect(passes(ofTheDead, null, { lifeStatus: 'DEAD' })).toBe(false);
});
