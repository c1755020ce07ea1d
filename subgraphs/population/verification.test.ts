import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AccessSet } from '@longyuan/access/access-set.ts';
import { openOwnerKey, openReceiptKey } from '@longyuan/trust/keys.ts';
import { openOwnerKeys } from '@longyuan/trust/owner-keys.ts';
import { hashClaimed } from '@longyuan/trust/receipt.ts';
import { expect, test } from 'vitest';
import { askInProcess } from '../../test/ask-in-process.ts';
import { readReceipt } from '../../test/read-receipt.ts';
import { consumer, grantOf, PURPOSE, slowOracle } from '../../test/slow-oracle.ts';
import { openVerifications } from '../serve/verification/open-verifications.ts';
import { keepHeadCounts } from './keep-head-counts.ts';
import { makePopulationLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';
import type { FoundPerson, PopulationStore } from './store.ts';

const wang: FoundPerson = {
  id: '00000000-0000-4000-8000-000000000001',
  idNumber: '620102198503051234',
  name: '王建国',
  sex: '1',
  birthDate: new Date('1985-03-05'),
  minorUntil: new Date('1999-03-05'),
  lifeStatus: 'ALIVE',
  deathCause: null,
  registeredDivision: '620102001001',
  photo: 'ab12',
  phone: '13800001234',
};
const zhao: FoundPerson = {
  ...wang,
  id: '00000000-0000-4000-8000-000000000002',
  idNumber: '62010219870101002X',
  name: '赵七',
  registeredDivision: '620502001001',
};
const UNKNOWN = '620102190001010010';

const nothing = async () => [];
const store: PopulationStore = {
  peopleById: nothing,
  peopleByIdNumber: async (numbers) => [wang, zhao].filter(({ idNumber }) => numbers.includes(idNumber)),
  peopleByHousehold: nothing,
  searchPeople: nothing,
  countPeople: async () => 0,
  households: nothing,
  marriages: nothing,
  kinships: nothing,
  moves: nothing,
  insurances: nothing,
  disabilities: nothing,
  assistances: nothing,
  countHeads: nothing,
  close: async () => {},
};
const dataDir = mkdtempSync(join(tmpdir(), 'longyuan-verification-'));
await openOwnerKey(dataDir, 'population');
const keys = openOwnerKeys(dataDir, 'population');
const MOST = { ofSubject: 5, ofCaller: 20 };
const verificationsFor = () =>
  openVerifications({
    name: 'population',
    mostMismatches: MOST,
    keys: { current: keys.current, receiptSecret: () => openReceiptKey(dataDir, 'population') },
  });
/** A library that nobody has asked anything yet. */
const openLibrary = (part: Partial<PopulationStore> = {}) =>
  askInProcess({
    name: 'population',
    resolvers,
    store: keepHeadCounts({ ...store, ...part }),
    makeLoaders: makePopulationLoaders,
    verificationsFor: verificationsFor(),
  });
const oracle = slowOracle('population');
const granted = (...grants: ReturnType<typeof grantOf>[]) => oracle.accessFor({ caller: consumer(), purpose: PURPOSE, grants });
const toVerify = (items: readonly string[], division = '620000') => granted(grantOf(items, { access: 'VERIFY', division, level: 4 }));
const owner = oracle.accessFor({ caller: { kind: 'department', sub: 'o', uscc: '11629901000000019M', role: 'developer', region: null } });
const another = oracle.accessFor({
  caller: { kind: 'department', sub: 'x', uscc: '11629901000000027G', role: 'developer', region: null },
  purpose: PURPOSE,
  grants: [grantOf(['P001', 'P002', 'P030'], { consumer: '11629901000000027G', access: 'VERIFY', level: 4 })],
});

const VERIFY = 'query ($person: String!, $items: [ItemClaim!]!) { verifyItems(person: $person, items: $items) { result } }';
type Claims = Readonly<Record<string, string>>;
async function verify(access: AccessSet, claims: Claims, person = wang.idNumber, ask = openLibrary()) {
  const items = Object.entries(claims).map(([item, value]) => ({ item, value }));
  const { answer } = await ask(VERIFY, { person, items }, access);
  return answer;
}
const resultOf = async (...asked: Parameters<typeof verify>) => (await verify(...asked)).data?.['verifyItems'];

test.each<[string, Claims, string, string?]>([
  ['the photo', { P030: 'AB12' }, 'MATCH'],
  ['another photo', { P030: 'ff00' }, 'MISMATCH'],
  ['a day, a code, an enum value', { P005: '1985-03-05', P003: '1', P006: 'ALIVE' }, 'MATCH'],
  ['one wrong value among right ones', { P030: 'ab12', P005: '1985-03-05', P032: '13800001235' }, 'MISMATCH'],
  ['a name with blanks around it', { P002: ' 王建国 ' }, 'MATCH'],
  ['a telephone number in groups', { P032: '138 0000-1234' }, 'MATCH'],
  ['a telephone number with its country', { P032: '+86 13800001234' }, 'MATCH'],
  ['another number in groups', { P032: '138 0000 1235' }, 'MISMATCH'],
  ['the beginning of a name', { P002: '王' }, 'MISMATCH'],
  ['what is not recorded', { P008: 'null' }, 'MISMATCH'],
  ['a number that belongs to nobody', { P002: '王建国' }, 'MISMATCH', UNKNOWN],
])('%s: %#', async (_what, claims, result, person) => {
  expect(await resultOf(owner, claims, person)).toEqual({ result });
});

test.each<[string, Claims]>([
  ['a day with strokes', { P005: '1985/03/05' }],
  ['a day of digits alone', { P005: '19850305' }],
  ['no day of the calendar', { P005: '1985-02-30' }],
  ['the word of a code', { P003: '男' }],
  ['the word of an enum value', { P006: '生存' }],
])('%s is refused as malformed, and is no mismatch', async (_what, claims) => {
  const ask = openLibrary();
  for (const person of [wang.idNumber, UNKNOWN]) {
    for (let at = 0; at <= MOST.ofSubject; at += 1) {
      const { data, errors } = await verify(owner, claims, person, ask);
      expect(data).toEqual({ verifyItems: null });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'Query.verifyItems(items:)' } }]);
    }
  }
});

test('a grant to verify is enough, in the rows that it reaches, each item by its own', async () => {
  const here = toVerify(['P001', 'P002', 'P030'], '620102');
  expect(await resultOf(here, { P030: 'ab12', P002: '王建国' })).toEqual({ result: 'MATCH' });
  expect(await resultOf(here, { P002: '赵七' }, zhao.idNumber)).toEqual({ result: 'MISMATCH' });
  const apart = granted(
    grantOf(['P001', 'P002'], { access: 'VERIFY' }),
    grantOf(['P030'], { access: 'VERIFY', division: '620102', level: 4 }),
  );
  expect(await resultOf(apart, { P002: '赵七' }, zhao.idNumber)).toEqual({ result: 'MATCH' });
  expect(await resultOf(apart, { P002: '赵七', P030: 'ab12' }, zhao.idNumber)).toEqual({ result: 'MISMATCH' });
});

test('outside the scope and not existing are the same answer and the same questions', async () => {
  const here = toVerify(['P001', 'P002'], '620102');
  const ask = openLibrary();
  const asked = async (person: string) => ask(VERIFY, { person, items: [{ item: 'P002', value: '赵七' }] }, here);
  const [outside, missing] = [await asked(zhao.idNumber), await asked(UNKNOWN)];
  expect(outside.answer).toEqual(missing.answer);
  expect(outside.questions.map(({ name, asked: [, rows] }) => [name, rows])).toEqual(
    missing.questions.map(({ name, asked: [, rows] }) => [name, rows]),
  );
});

test('an item that may not be verified is refused as a pruned one is, whatever its value, and nothing is looked up', async () => {
  const ask = openLibrary();
  const items = [
    { item: 'P002', value: '王建国' },
    { item: 'P032', value: '13800001234' },
  ];
  const { answer, questions } = await ask(VERIFY, { person: wang.idNumber, items }, toVerify(['P001', 'P002', 'P030']));
  expect(questions).toEqual([]);
  expect(answer.data).toEqual({ verifyItems: null });
  expect(answer.errors).toMatchObject([
    {
      path: ['verifyItems'],
      message: expect.stringContaining('your department holds no grant for it'),
      extensions: {
        ...{ code: 'ITEM_NOT_GRANTED', item: 'Person.phone', itemCode: 'P032', resource: '101001/1', owner: '甘肃省公安厅' },
      },
    },
  ]);
  const never = await verify(toVerify(['P001', 'P008']), { P008: 'I21' });
  expect(never.errors).toMatchObject([{ extensions: { code: 'ITEM_NOT_SHARED', item: 'Person.deathCause' } }]);
});

test.each<[string, readonly Readonly<{ item: string; value: string }>[], string]>([
  ['nothing', [], 'one item or more'],
  ['an item that there is not', [{ item: 'P999', value: '1' }], 'one plain value'],
  ['an item of another library', [{ item: 'L002', value: '1' }], 'one plain value'],
  ['an item that is no plain value', [{ item: 'P010', value: '1' }], 'one plain value'],
  ['the number it is found by', [{ item: 'P001', value: wang.idNumber }], 'not what it is found by'],
  [
    'one item twice',
    [
      { item: 'P002', value: '王' },
      { item: 'P002', value: '李' },
    ],
    'each item once',
  ],
])('%s is not compared', async (_what, items, rule) => {
  const { answer, questions } = await openLibrary()(VERIFY, { person: wang.idNumber, items }, owner);
  expect(questions).toEqual([]);
  expect(answer.errors).toMatchObject([{ message: expect.stringContaining(rule), extensions: { code: 'BAD_USER_INPUT' } }]);
});

const aliases = (count: number, field: (at: number) => string) =>
  `{ ${Array.from({ length: count }, (_, at) => `a${at}: ${field(at)} { result }`).join(' ')} }`;
const wrongly = (at: number) =>
  at % 2 === 0
    ? `verifyItems(person: "${wang.idNumber}", items: [{ item: "P030", value: "${at}" }])`
    : `verifyIdentity(input: { idNumber: "${wang.idNumber}", name: "王${at}" })`;
const answeredIn = (data: unknown) => Object.values(data ?? {}).filter((each) => each !== null).length;

test('aliases and requests at once are no way around the bound, and the right guess is refused like any other then', async () => {
  const access = toVerify(['P001', 'P002', 'P030']);
  const ask = openLibrary();
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, call) =>
      ask(
        aliases(60, (at) => wrongly(at + 60 * call)),
        {},
        access,
      ),
    ),
  );
  expect(answers.reduce((sum, { answer }) => sum + answeredIn(answer.data), 0)).toBe(MOST.ofSubject);
  const codes = new Set(answers.flatMap(({ answer }) => answer.errors?.map(({ extensions }) => extensions?.['code'])));
  expect(codes).toEqual(new Set(['RATE_LIMITED']));
  const right = await verify(access, { P030: 'ab12' }, wang.idNumber, ask);
  const wrong = await verify(access, { P030: 'cd34' }, wang.idNumber, ask);
  expect(right.data).toEqual({ verifyItems: null });
  expect(right).toEqual(wrong);
  expect(right.errors).toMatchObject([{ extensions: { code: 'RATE_LIMITED', limit: 'HUB_MISMATCHES_OF_SUBJECT', value: 5 } }]);
  // Nobody else is held to it, and neither are other people.
  expect(await resultOf(another, { P030: 'ab12' }, wang.idNumber, ask)).toEqual({ result: 'MATCH' });
  expect(await resultOf(access, { P002: '赵七' }, zhao.idNumber, ask)).toEqual({ result: 'MATCH' });
});

test('small and capital letters of a number are one subject', async () => {
  const access = toVerify(['P001', 'P002', 'P030']);
  const ask = openLibrary();
  const of = (number: string) =>
    ask(
      aliases(10, (at) => `verifyItems(person: "${number}", items: [{ item: "P030", value: "${at}" }])`),
      {},
      access,
    );
  expect(answeredIn((await of(zhao.idNumber)).answer.data)).toBe(MOST.ofSubject);
  expect(answeredIn((await of(zhao.idNumber.toLowerCase())).answer.data)).toBe(0);
});

test('whom the same is asked of is bounded in all', async () => {
  const access = toVerify(['P001', 'P002']);
  const guess = (at: number) => `verifyIdentity(input: { idNumber: "6201021985030512${String(at).padStart(2, '0')}", name: "王二" })`;
  const { answer } = await openLibrary()(aliases(60, guess), {}, access);
  expect(answeredIn(answer.data)).toBe(MOST.ofCaller);
});

test('a form that is verified right field by field, all at once, is answered whole', async () => {
  const access = toVerify(['P001', 'P002', 'P030']);
  const { answer } = await openLibrary()(
    aliases(60, () => `verifyItems(person: "${wang.idNumber}", items: [{ item: "P030", value: "ab12" }])`),
    {},
    access,
  );
  expect(answer.errors).toBeUndefined();
  expect(answeredIn(answer.data)).toBe(60);
});

test('right guesses cost nothing, and neither does a comparison that failed', async () => {
  const access = toVerify(['P001', 'P002', 'P030']);
  let isGone = true;
  const ask = openLibrary({
    peopleByIdNumber: async (...asked) => (isGone ? Promise.reject(new Error('gone')) : store.peopleByIdNumber(...asked)),
  });
  for (let call = 0; call < 10; call += 1)
    expect((await verify(access, { P030: 'ff' }, wang.idNumber, ask)).data).toEqual({ verifyItems: null });
  isGone = false;
  for (let call = 0; call < 30; call += 1) {
    expect(await resultOf(access, { P030: 'ab12' }, wang.idNumber, ask)).toEqual({ result: 'MATCH' });
  }
});

test('the receipt is the owner’s, names no person and holds no value; the owner can confirm what was compared', async () => {
  const access = toVerify(['P001', 'P002', 'P030']);
  const source = `{ verifyIdentity(input: { idNumber: "${wang.idNumber}", name: "王建国", photoDigest: "AB12" }) {
    result checkedAt receiptNo receipt again: receipt } }`;
  const { answer } = await openLibrary()(source, {}, access);
  // What was asked for above.
  const told = answer.data?.['verifyIdentity'] as Record<'result' | 'checkedAt' | 'receiptNo' | 'receipt' | 'again', string>;
  const receipt = await readReceipt(told.receipt, keys);
  expect(told.again).toBe(told.receipt);
  expect(receipt).toEqual({
    ...{ receiptNo: told.receiptNo, library: 'population', checkedAt: expect.stringMatching(/^20\d\d-.*Z$/) },
    ...{ caller: '116299010000000999', purpose: PURPOSE, items: ['P001', 'P002', 'P030'], result: 'MATCH' },
    compared: expect.stringMatching(/^[\w-]{43}$/),
  });
  const values = { P001: wang.idNumber, P002: '王建国', P030: 'AB12' };
  const claimed = { subject: wang.idNumber, values };
  expect(receipt?.compared).toBe(hashClaimed(claimed, told.receiptNo, await openReceiptKey(dataDir, 'population')));
  const text = JSON.stringify(receipt);
  for (const value of Object.values(values)) expect(text).not.toContain(value);
});

test('a receipt that is not asked for is not signed', async () => {
  const ask = askInProcess({ name: 'population', resolvers, store: keepHeadCounts(store), makeLoaders: makePopulationLoaders });
  const { answer } = await ask(`{ verifyIdentity(input: { idNumber: "${wang.idNumber}", name: "王建国" }) { result receiptNo } }`);
  expect(answer).toEqual({ data: { verifyIdentity: { result: 'MATCH', receiptNo: expect.stringMatching(/^[\da-f-]{36}$/) } } });
});
