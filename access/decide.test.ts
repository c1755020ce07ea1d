import type { ItemFacts } from '@longyuan/schema/src/sharing-facts.ts';
import { expect, test } from 'vitest';
import { type Caller, PUBLIC } from './caller.ts';
import { type Decision, decide, type ItemToDecide } from './decide.ts';
import type { Grant } from './grant.ts';
import type { RowCondition } from './row-condition.ts';

const OWNER = '11629901000000019M';
const CONSUMER = '11629901000000027G';
const PURPOSE = '11629901000000019M4000101001000';
const NOW = new Date('2026-11-24T08:00:00Z');

const plain: ItemFacts = {
  code: 'P032',
  title: '联系电话',
  share: 'CONDITIONAL',
  basis: '《个人信息保护法》第三十四条',
  reason: null,
  open: false,
  level: 3,
  type: 'C',
  length: 11,
  standard: null,
  mask: 'PHONE',
  verifyOnly: false,
  aggregate: false,
  source: null,
  resource: null,
  when: null,
};
const item = (...classes: Partial<ItemFacts>[]): ItemToDecide => ({
  code: 'P032',
  library: 'population',
  owner: OWNER,
  hasSubject: true,
  hasDivision: true,
  toldOf: null,
  classes: classes.map((each) => ({ ...plain, ...each })),
});

const items = {
  open: item({ share: 'UNCONDITIONAL', open: true, level: 1 }),
  unconditional: item({ share: 'UNCONDITIONAL' }),
  conditional: item({}),
  'not shared': item({ share: 'NOT_SHARED', level: 4 }),
  'open for some rows': item({}, { share: 'UNCONDITIONAL', open: true, level: 1, when: 'WITHIN_PUBLISH_PERIOD' }),
  'for verifying alone': item({ share: 'NOT_SHARED', level: 3, verifyOnly: true }),
};

const department = (more: Partial<Extract<Caller, { kind: 'department' }>> = {}): Caller => ({
  kind: 'department',
  sub: 'a',
  uscc: CONSUMER,
  role: 'developer',
  region: null,
  ...more,
});
const callers = {
  public: PUBLIC,
  citizen: { kind: 'citizen', sub: 'a', person: 'key' },
  agent: { kind: 'agent', sub: 'a', uscc: '92629901MAWF0G467T' },
  department: department(),
  owner: department({ uscc: OWNER }),
  "owner's steward": department({ uscc: OWNER, role: 'steward' }),
  auditor: { kind: 'auditor', sub: 'a' },
} as const satisfies Record<string, Caller>;

const grant = (more: Partial<Grant> = {}): Grant => ({
  id: '1',
  library: 'population',
  consumer: CONSUMER,
  resource: '101001/1',
  items: [{ code: 'P032', access: 'READ' }],
  purposes: [PURPOSE],
  basis: '《政务数据共享条例》',
  division: '620000',
  level: 3,
  from: '2026-01-01T00:00:00Z',
  until: '2026-12-31T00:00:00Z',
  callsPerDay: 1000,
  rowsPerDay: 100_000,
  ...more,
});

function rowsOf(condition: RowCondition): string {
  switch (condition.rows) {
    case 'ALL':
      return 'all';
    case 'NONE':
      return '–';
    case 'WHEN':
      return 'where';
    case 'SUBJECT':
      return 'own';
    case 'OWN':
      return `told ${condition.keys}`;
    case 'DIVISION':
      return `${condition.within}${condition.minors ? ' with minors' : ''}`;
    case 'ANY':
      return condition.of.map(rowsOf).join(' or ');
  }
}

function tell({ visible, masked, refusal }: Decision): string {
  if (refusal) return refusal.code;
  return masked.rows === 'NONE' ? rowsOf(visible) : `${rowsOf(visible)}, masked ${rowsOf(masked)}`;
}
const tellVerifying = ({ verifiable, verifyRefusal }: Decision): string => verifyRefusal?.code ?? rowsOf(verifiable);

type Row = readonly [
  caller: keyof typeof callers,
  open: string,
  unconditional: string,
  conditional: string,
  notShared: string,
  some: string,
];

test.each<Row>([
  //                    open                unconditional        conditional          not shared           open for some rows
  ['public', 'all', 'UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNAUTHENTICATED', 'where'],
  ['citizen', 'all', 'own', 'own', 'ITEM_NOT_SHARED', 'own or where'],
  ['agent', 'all', 'own', 'own', 'ITEM_NOT_SHARED', 'own or where'],
  ['department', 'all', 'all', 'ITEM_NOT_GRANTED', 'ITEM_NOT_SHARED', 'where'],
  ['owner', 'all', 'all', 'all', 'all', 'all'],
  ["owner's steward", 'ITEM_NOT_SHARED', 'ITEM_NOT_SHARED', 'ITEM_NOT_SHARED', 'ITEM_NOT_SHARED', 'ITEM_NOT_SHARED'],
  ['auditor', 'ITEM_NOT_SHARED', 'ITEM_NOT_SHARED', 'ITEM_NOT_SHARED', 'ITEM_NOT_SHARED', 'ITEM_NOT_SHARED'],
])('without a grant, %s sees: open %s, unconditional %s, conditional %s, not shared %s, open for some rows %s', (name, ...expected) => {
  const standing = { caller: callers[name], purpose: null, grants: [grant({ consumer: 'another' })], now: NOW };
  const seen = (['open', 'unconditional', 'conditional', 'not shared', 'open for some rows'] as const).map((each) =>
    tell(decide(items[each], standing)),
  );
  expect(seen).toEqual(expected);
});

type Granted = readonly [
  story: string,
  grants: readonly Grant[],
  purpose: string | null,
  region: string | null,
  seen: string,
  verified: string,
];

test.each<Granted>([
  ['a grant in force and its purpose', [grant()], PURPOSE, null, '620000', '620000'],
  ['no purpose', [grant()], null, null, 'PURPOSE_REQUIRED', 'PURPOSE_REQUIRED'],
  ['another purpose', [grant()], 'another', null, 'PURPOSE_NOT_GRANTED', 'PURPOSE_NOT_GRANTED'],
  ['a term that is over', [grant({ until: '2026-11-23T00:00:00Z' })], PURPOSE, null, 'ITEM_NOT_GRANTED', 'ITEM_NOT_GRANTED'],
  ['a term that has not begun', [grant({ from: '2026-11-25T00:00:00Z' })], PURPOSE, null, 'ITEM_NOT_GRANTED', 'ITEM_NOT_GRANTED'],
  [
    'a grant of another item',
    [grant({ items: [{ code: 'P033', access: 'READ' }] })],
    PURPOSE,
    null,
    'ITEM_NOT_GRANTED',
    'ITEM_NOT_GRANTED',
  ],
  ['a grant that does not reach so sensitive an item', [grant({ level: 2 })], PURPOSE, null, 'ITEM_NOT_GRANTED', 'ITEM_NOT_GRANTED'],
  ['a grant that reaches level 4', [grant({ level: 4 })], PURPOSE, null, '620000 with minors', '620000 with minors'],
  [
    'a grant of a part of the value',
    [grant({ items: [{ code: 'P032', access: 'MASKED' }] })],
    PURPOSE,
    null,
    '–, masked 620000',
    'ITEM_NOT_GRANTED',
  ],
  ['a grant to verify', [grant({ items: [{ code: 'P032', access: 'VERIFY' }] })], PURPOSE, null, 'ITEM_NOT_GRANTED', '620000'],
  ['a region inside the grant', [grant()], PURPOSE, '620100', '620100', '620100'],
  ['a region around the grant', [grant({ division: '620102' })], PURPOSE, '620100', '620102', '620102'],
  ['a region beside the grant', [grant({ division: '620200' })], PURPOSE, '620100', 'ITEM_NOT_GRANTED', 'ITEM_NOT_GRANTED'],
  ['two grants', [grant({ division: '620100' }), grant({ division: '620200' })], PURPOSE, null, '620100 or 620200', '620100 or 620200'],
])('of a conditional item a department with %s sees', (_story, grants, purpose, region, seen, verified) => {
  const decision = decide(items.conditional, { caller: department({ region }), purpose, grants, now: NOW });
  expect([tell(decision), tellVerifying(decision)]).toEqual([seen, verified]);
});

test('what is not shared is not opened by a grant, and an item for verifying alone is verified but never seen', () => {
  const standing = { caller: department(), purpose: PURPOSE, grants: [grant({ level: 4 })], now: NOW };
  expect(tell(decide(items['not shared'], standing))).toBe('ITEM_NOT_SHARED');
  const verified = decide(items['for verifying alone'], standing);
  expect([tell(verified), tellVerifying(verified)]).toEqual(['ITEM_NOT_SHARED', '620000 with minors']);
});

test('a grant adds its rows to those that are open anyway, and a mask is shown only where the field has one', () => {
  const standing = { caller: department(), purpose: PURPOSE, grants: [grant({ division: '620100' })], now: NOW };
  expect(tell(decide(items['open for some rows'], standing))).toBe('where or 620100');
  const masked = { ...standing, grants: [grant({ items: [{ code: 'P032', access: 'MASKED' }] })] };
  expect(tell(decide(item({ mask: null }), masked))).toBe('ITEM_NOT_GRANTED');
});

type OfRegion = readonly [story: string, region: string | null, expected: readonly string[]];

test.each<OfRegion>([
  ['without a region', null, ['all', 'all', 'all', 'all', 'all', 'all']],
  [
    'for a county',
    '620102',
    ['all', 'all', '620102 with minors', '620102 with minors', 'where or 620102 with minors', '620102 with minors'],
  ],
  ...['629900', '620199000000', '620199000', '000000', '990000'].map(
    (region): OfRegion => [
      `for ${region}, which the province does not have`,
      region,
      ['all', 'all', 'ITEM_NOT_GRANTED', 'ITEM_NOT_GRANTED', 'where', 'ITEM_NOT_GRANTED'],
    ],
  ),
])('the owner’s developer who works %s sees of its own items', (_story, region, expected) => {
  const standing = { caller: department({ uscc: OWNER, region }), purpose: null, grants: [], now: NOW };
  expect(Object.values(items).map((each) => tell(decide(each, standing)))).toEqual(expected);
});

test('an owner’s region that bounds to nothing is what is missing; so it is for rows that lie nowhere', () => {
  const standing = (region: string) => ({ caller: department({ uscc: OWNER, region }), purpose: null, grants: [], now: NOW });
  const missing = { code: 'ITEM_NOT_GRANTED', missing: 'REGION' };
  expect(decide(items.conditional, standing('620199'))).toMatchObject({ refusal: missing, verifyRefusal: missing });
  const nowhere = { ...items.conditional, hasDivision: false };
  expect(decide(nowhere, standing('620102'))).toMatchObject({ refusal: missing, verifyRefusal: missing });
  expect(tell(decide({ ...items.unconditional, hasDivision: false }, standing('620102')))).toBe('all');
});

test('a region that the province does not have takes every grant', () => {
  const standing = { caller: department({ region: '620199' }), purpose: PURPOSE, grants: [grant({ division: '620102' })], now: NOW };
  expect(decide(items.conditional, standing).refusal).toEqual({ code: 'ITEM_NOT_GRANTED', missing: 'REGION' });
});

test('where no column says whose a row is, nobody has rows of their own', () => {
  const standing = { caller: callers.citizen, purpose: null, grants: [], now: NOW };
  expect(tell(decide({ ...items.conditional, hasSubject: false }, standing))).toBe('ITEM_NOT_SHARED');
});

test('rows that others tell: a citizen has those that were told, an agent none; where nobody can tell now, that is said', () => {
  const address = { ...items.unconditional, hasSubject: false, toldOf: 'StandardAddress' };
  const standing = { caller: callers.citizen, purpose: null, grants: [], now: NOW };
  const told = (keys: readonly string[] | null) => ({
    ...standing,
    told: { of: (type: string) => (type === 'StandardAddress' ? keys : null) },
  });
  expect(tell(decide(address, told(['a', 'b'])))).toBe('told a,b');
  expect(tell(decide(address, told([])))).toBe('told ');
  expect(decide(address, told(null)).refusal).toEqual({ code: 'LIBRARY_UNAVAILABLE', missing: 'OWN_ROWS' });
  // The first door knows no rows.
  expect(decide(address, standing)).toMatchObject({ visible: { rows: 'OWN', keys: [] }, refusal: null });
  expect(tell(decide(address, { ...told(['a']), caller: callers.agent }))).toBe('ITEM_NOT_SHARED');
  expect(tell(decide({ ...items['not shared'], toldOf: 'StandardAddress', hasSubject: false }, told(['a'])))).toBe('ITEM_NOT_SHARED');
  // What is a department's is not changed by it.
  expect(tell(decide(address, { ...told(['a']), caller: callers.department }))).toBe(
    tell(decide(items.unconditional, { ...standing, caller: callers.department })),
  );
});
