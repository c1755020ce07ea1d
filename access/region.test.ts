import { expect, test } from 'vitest';
import { divisionsOver, isOfRegion, withinRegion } from './region.ts';

test.each([
  ['620102', null, '620102'],
  ['620102', '620100', '620102'],
  ['620100', '620102', '620102'],
  ['620102', '620102', '620102'],
  ['621022', '620102', null],
  ['620102', '620102000000', '620102'],
  ['620102', '620199000000', null],
  ['620102', '620199', null],
  ['620000', '000000', null],
] as const)('of %s an account that works for %s reaches %s', (division, region, reached) => {
  expect(withinRegion(division, region)).toBe(reached);
  expect(isOfRegion(division, region)).toBe(reached === division);
});

test('over a division are it and all that hold it; over none there is nothing', () => {
  expect(divisionsOver('620102001')).toEqual(['620102001', '620102', '620100', '620000']);
  expect(divisionsOver('620100')).toEqual(['620100', '620000']);
  expect(divisionsOver('620102000000')).toEqual(['620102', '620100', '620000']);
  expect(divisionsOver('620199')).toEqual([]);
});
