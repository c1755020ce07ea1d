import { expect, test } from 'vitest';
import { compareEntries, nextVersion } from './compare-entries.ts';
import type { Entry, EntryItem } from './entry.ts';

const phone: EntryItem = {
  code: 'P060',
  name: '联系电话',
  dataType: 'C',
  length: 20,
  standard: null,
  shareType: 'CONDITIONAL',
  basis: '《个人信息保护法》第十三条',
  noShareReason: null,
  openToPublic: false,
  level: 3,
  mask: null,
  verifyOnly: false,
  aggregate: false,
  source: null,
  graphqlPath: 'person(idNumber:).phone',
  fields: [{ coordinate: 'Person.phone', description: null, graphqlPath: 'person(idNumber:).phone', mask: null }],
  laxer: [],
};
const people: Entry = {
  code: '101001/1',
  name: '人口基础信息',
  category: '基础信息资源类/人口基础信息资源',
  provider: { uscc: '11629901000000019M', name: '甘肃省公安厅', division: '620000' },
  providerOffice: null,
  abstract: '每一个登记的人',
  formats: ['DATABASE', 'SERVICE_API'],
  shareType: 'CONDITIONAL',
  shareCondition: null,
  shareModes: ['QUERY_API'],
  openness: 'NOT_OPEN',
  openCondition: null,
  updateCycle: 'DAILY',
  publishedOn: '2026-01-15',
  related: [],
  keywords: ['人口'],
  level: 3,
  library: 'population',
  typeName: 'Person',
  items: [phone],
};
const withPhone = (changed: Partial<EntryItem>): Entry => ({ ...people, items: [{ ...phone, ...changed }] });
const versionAfter = (after: Entry): string => {
  const changes = compareEntries(people, after);
  if (changes.length === 0) return 'the same';
  const { major, minor } = nextVersion({ major: 1, minor: 4 }, changes);
  return `${major}.${minor}`;
};

const email: EntryItem = { ...phone, code: 'P061', name: '电子邮箱' };

test.each<[story: string, after: Entry, version: string]>([
  ['nothing', people, 'the same'],
  ['a provider that is called differently', { ...people, provider: { ...people.provider, name: '甘肃省公安局' } }, 'the same'],
  ['another name', { ...people, name: '人口信息' }, '1.5'],
  ['one more item', { ...people, items: [phone, email] }, '1.5'],
  ['one more way to get it', { ...people, shareModes: ['QUERY_API', 'VERIFICATION'] }, '1.5'],
  ['updated more often', { ...people, updateCycle: 'REALTIME' }, '1.5'],
  ['open now', { ...people, openness: 'PARTLY_OPEN' }, '1.5'],
  ['an item shared with all', withPhone({ shareType: 'UNCONDITIONAL', basis: null }), '1.5'],
  ['a shorter item', withPhone({ length: 11 }), '1.5'],
  ['another way to the same field', withPhone({ graphqlPath: 'persons(idNumbers:).phone' }), '1.5'],
  ['an item that went', { ...people, items: [] }, '2.0'],
  ['an item that is another one now', { ...people, items: [email] }, '2.0'],
  ['an item not shared any more', withPhone({ shareType: 'NOT_SHARED' }), '2.0'],
  ['an item of another type', withPhone({ dataType: 'N' }), '2.0'],
  ['a longer item', withPhone({ length: 30 }), '2.0'],
  ['a more sensitive item', withPhone({ level: 4 }), '2.0'],
  ['an item that is masked now', withPhone({ mask: 'PHONE' }), '2.0'],
  ['an item that only verifies now', withPhone({ verifyOnly: true }), '2.0'],
  ['an item whose field went', withPhone({ fields: [] }), '2.0'],
  ['updated less often', { ...people, updateCycle: 'YEARLY' }, '2.0'],
  ['one way less to get it', { ...people, formats: ['DATABASE'] }, '2.0'],
  ['another provider', { ...people, provider: { ...people.provider, uscc: '116299010000000511' } }, '2.0'],
])('%s', (_story, after, version) => expect(versionAfter(after)).toBe(version));

test('a change says what it was, what it is, and whether its users can go on', () => {
  expect(compareEntries(people, withPhone({ level: 4 }))).toEqual([
    { kind: 'ITEM_CHANGED', itemCode: 'P060', fact: 'level', before: '3', after: '4', compatible: false },
  ]);
  expect(compareEntries(people, { ...people, items: [email] })).toEqual([
    { kind: 'ITEM_REMOVED', itemCode: 'P060', fact: null, before: '联系电话', after: null, compatible: false },
    { kind: 'ITEM_ADDED', itemCode: 'P061', fact: null, before: null, after: '电子邮箱', compatible: true },
  ]);
});
