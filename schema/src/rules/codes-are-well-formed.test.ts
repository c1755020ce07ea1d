import { expect, test } from 'vitest';
import { anItem, aResource, complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { codesAreWellFormed } from './codes-are-well-formed.ts';

const taxpayer = (resource: string, item = 'T001') => `type Taxpayer ${resource} { grade: String ${anItem.open(item)} }`;

test('the codes of the guide pass, that of a city with a long detail too', () => {
  expect(complaintsAbout(codesAreWellFormed, taxpayer(aResource('101001/1')))).toEqual([]);
  expect(complaintsAbout(codesAreWellFormed, taxpayer(aResource('30701505003030050000000003/000001')))).toEqual([]);
});

test.each(['401001/1', '10100/1', '101001', '101001/0'])('%s is no resource code', (code) => {
  expect(complaintsAbout(codesAreWellFormed, taxpayer(aResource(code)))).toEqual([
    `schema/libraries/tax.graphql:2 Taxpayer: "${code}" is no resource code → mend: write class (1-3), five digits or more, a slash and a running number from 1: 101001/1`,
  ]);
});

test('an item code is a letter and three digits', () => {
  expect(complaintsAbout(codesAreWellFormed, taxpayer(aResource('101001/1'), 't1'))).toEqual([
    'schema/libraries/tax.graphql:2 Taxpayer.grade: "t1" is no item code → mend: write a capital letter and three digits: P001',
  ]);
});

test('the day of publication is a day', () => {
  expect(complaintsAbout(codesAreWellFormed, taxpayer(aResource('101001/1').replace('2026-01-15', '2026-02-30')))).toEqual([
    'schema/libraries/tax.graphql:2 Taxpayer: "2026-02-30" is no day → mend: write YYYY-MM-DD',
  ]);
});
