import { expect, test } from 'vitest';
import { divisionRange } from './division-range.ts';

test.each([
  ['province', '620000', { gte: '62', lt: '63' }],
  ['prefecture', '620100', { gte: '6201', lt: '6202' }],
  ['county', '620102', { gte: '620102', lt: '620103' }],
  ['county that ends in a nought', '620110', { gte: '620110', lt: '620111' }],
  ['town', '620102001', { gte: '620102001', lt: '620102002' }],
  ['village', '620102001001', { gte: '620102001001', lt: '620102001002' }],
  ['code of no division', '000000', { gte: '00', lt: '01' }],
  ['last of its parent', '629900', { gte: '6299', lt: '6300' }],
])('the range of a %s', (_level, code, range) => {
  expect(divisionRange(code)).toEqual(range);
});
