import { createHash } from 'node:crypto';
import type { Grant } from '@longyuan/access/grant.ts';
import { type DirectoryItem, type DirectoryResource, readDirectory } from '@longyuan/schema/src/read-directory.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { consumerDepartments, serviceItems } from './purposes.ts';

/** A grant of the made-up country, and the situation (应用场景) it was applied for. */
export type DemoGrant = Grant & Readonly<{ scenario: string }>;

/** Every grant says so: nobody answered, the seed stands for the owners' stewards. */
const BASIS = '演示数据：由演示数据的生成程序代替数据提供方管理员答复 (demo data: the seed stands for the stewards’ answers)';
const FROM = '2026-01-01T00:00:00.000Z';
const UNTIL = '2030-12-31T00:00:00.000Z';
/** Before the world's date, so that there is one whose term is over. */
const OVER = '2026-05-31T00:00:00.000Z';
const PROVINCE = '620000';
const COUNTY = '620102';
const PREFECTURE = '620100';

type Draft = Readonly<{ to: string; errand: string; resource: DirectoryResource; items: Grant['items'] }> &
  Partial<Pick<Grant, 'division' | 'level' | 'until'>>;

/**
 * The grants of the made-up country, read out of what the libraries promise; the same every time. The department of civil affairs may read
 * every conditional item but the most sensitive ones, of all libraries, for one errand. The others show one thing each.
 */
export function readDemoGrants(): readonly DemoGrant[] {
  const resources = readDirectory(readLibraries()).resources.filter(({ items }) => items.some(isConditional));
  const people = resources.find(({ items }) => items.some(({ verifyOnly }) => verifyOnly));
  if (!people) throw new Error('No resource has an item that is verified only, so there are no demo grants to make.');
  const wide = resources.map((resource) => ({
    ...{ to: '甘肃省民政厅', errand: '社会救助家庭经济状况核对', resource },
    items: give('READ', resource, (item) => isConditional(item) && item.level <= 3),
  }));
  const bySituation: readonly Draft[] = [
    {
      ...{ to: '兰州市公安局', errand: '户口迁移', resource: people, division: COUNTY },
      items: give('READ', people, (item) => isConditional(item) && item.level <= 3),
    },
    { to: '甘肃省医疗保障局', errand: '新生儿出生一件事', resource: people, items: give('MASKED', people, isMasked) },
    {
      ...{ to: '甘肃省交通运输厅', errand: '机动车驾驶证核发', resource: people, level: 4 },
      items: give('VERIFY', people, (item) => item.verifyOnly || isMasked(item)),
    },
    {
      ...{ to: '甘肃省残疾人联合会', errand: '残疾人两项补贴资格认定', resource: people, level: 4 },
      items: give('READ', people, (item) => isConditional(item) && (item.level === 4 || isMasked(item))),
    },
  ];
  const others = resources.filter((resource) => resource !== people);
  const single = SINGLE.flatMap(({ to, errand, ...more }, place): readonly Draft[] => {
    const resource = others[place % others.length];
    return resource
      ? [{ to, errand, resource, items: give('READ', resource, (item) => isConditional(item) && item.level <= 3), ...more }]
      : [];
  });
  return [...wide, ...bySituation, ...single].filter(({ items }) => items.length > 0).map(write);
}

/** One resource for each, the next one that is shared on conditions. */
const SINGLE: readonly (Pick<Draft, 'to' | 'errand'> & Partial<Draft>)[] = [
  { to: '甘肃省农业农村厅', errand: '惠企政策不来即享', until: OVER },
  { to: '甘肃省住房和城乡建设厅', errand: '不动产登记' },
  { to: '兰州市不动产登记事务中心', errand: '不动产登记', division: PREFECTURE },
  { to: '甘肃省应急管理厅', errand: '双随机抽查' },
  { to: '甘肃省教育厅', errand: '许可前信用核查' },
  { to: '国家税务总局甘肃省税务局', errand: '信用修复一件事' },
];

function isConditional({ share, verifyOnly }: DirectoryItem): boolean {
  return share === 'CONDITIONAL' && !verifyOnly;
}

function isMasked(item: DirectoryItem): boolean {
  return isConditional(item) && item.fields.some(({ mask }) => mask !== null);
}

function give(
  access: Grant['items'][number]['access'],
  { items }: DirectoryResource,
  which: (item: DirectoryItem) => boolean,
): Grant['items'] {
  return items.filter(which).map(({ code }) => ({ code, access }));
}

function write({ to, errand, resource, items, division = PROVINCE, level = 3, until = UNTIL }: Draft): DemoGrant {
  const consumer = consumerDepartments.find(({ name }) => name === to)?.uscc;
  const purpose = serviceItems.find(({ name }) => name === errand)?.implCode;
  if (consumer === undefined || purpose === undefined) throw new Error(`The world has no department ${to}, or no errand ${errand}`);
  const terms = { consumer, resource: resource.code, items, purposes: [purpose], division, level };
  const name = createHash('sha256').update(JSON.stringify(terms)).digest('hex').slice(0, 24);
  return {
    ...{ id: `${resource.library}-${name}`, library: resource.library, ...terms },
    ...{ basis: BASIS, from: FROM, until, callsPerDay: 100_000, rowsPerDay: 10_000_000, scenario: errand },
  };
}
