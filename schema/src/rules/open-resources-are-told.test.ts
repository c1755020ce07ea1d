import { expect, test } from 'vitest';
import { anItem, aResource, complaintsAbout } from '../../../test/schema/complaints-about.ts';
import { openResourcesAreTold } from './open-resources-are-told.ts';

const levy = (more: string, item = anItem.open('T001')) =>
  `type Levy ${aResource('301001/1', more)} { sum: Float ${item} on: Date ${anItem.unconditional('T002')} }`;
const TOLD = 'abstractZh: "每年向企业征收的税款，一笔一行，由税务机关征收时登记，含金额和日期。"';

test('a resource with something open says in Chinese what it holds, and more than its title', () => {
  expect(complaintsAbout(openResourcesAreTold, levy(TOLD))).toEqual([]);
  expect(complaintsAbout(openResourcesAreTold, levy(''))).toEqual([
    'schema/libraries/tax.graphql:2 Levy: 301001/1 has something open, and does not say in Chinese what it holds → mend: say in abstractZh what it holds, what one row is and where it comes from',
  ]);
  expect(complaintsAbout(openResourcesAreTold, levy('abstractZh: "税。税，税的信息"'))).toHaveLength(1);
  expect(complaintsAbout(openResourcesAreTold, levy('', anItem.conditional('T001')))).toEqual([]);
});

test('what dates a row is a day among its items', () => {
  expect(complaintsAbout(openResourcesAreTold, levy(`${TOLD}, datedBy: "on"`))).toEqual([]);
  for (const field of ['sum', 'nothing'])
    expect(complaintsAbout(openResourcesAreTold, levy(`${TOLD}, datedBy: "${field}"`))).toEqual([
      `schema/libraries/tax.graphql:2 Levy: 301001/1 is dated by ${field}, which is no day among its items → mend: name a field of type Date that is an item, or leave datedBy out`,
    ]);
});
