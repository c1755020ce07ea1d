import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import { makeAccessSet } from '@longyuan/access/access-set.ts';
import { type Caller, PUBLIC } from '@longyuan/access/caller.ts';
import type { Grant } from '@longyuan/access/grant.ts';
import { makePruner } from '@longyuan/operation/keep-operations.ts';
import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { buildSchema } from 'graphql';
import { expect, test, vi } from 'vitest';
import { explainOnce, makeExplain, purposeAskedAbout } from './explain-access.ts';

const libraries = readLibraries();
const sharing = readSharingFacts(libraries);
const facts = readAccessFacts(sharing);
const schema = buildSchema(composeSupergraph(libraries).apiSdl);
const settings = readEnvironment({});
/** What was spent today of each limit. */
const spent = new Map<string, number>();
const quotas = { used: async (names: readonly string[]) => names.map((name) => spent.get(name) ?? 0) };
const explain = makeExplain({ schema, prune: makePruner(facts), sharing, facts, settings, subgraphs: libraries, quotas });

const USCC = '116299010000001667';
const PURPOSE = `${USCC}2050620000001`;
const department: Caller = { kind: 'department', sub: 'd', uscc: USCC, role: 'developer', region: null };
const verifier: Grant = {
  ...{ id: 'g', library: 'population', consumer: USCC, resource: '101001/1', purposes: [PURPOSE], basis: 'test', division: '620000' },
  ...{ level: 4, from: '2026-01-01T00:00:00Z', until: '2026-12-31T00:00:00Z', callsPerDay: 2, rowsPerDay: 200 },
  items: ['P001', 'P002', 'P030'].map((code) => ({ code, access: 'VERIFY' as const })),
};

/** What is said of an operation: whether all is answered, and each refused item with where, its code and what is missing. */
async function tell(caller: Caller, query: string, variables: Record<string, unknown> = {}) {
  const access = makeAccessSet(facts, { caller, purpose: PURPOSE, grants: [verifier], now: new Date('2026-11-24T08:00:00Z') });
  const { isWhole, items } = await explain({
    ...{
      query,
      access,
      variables: JSON.stringify(variables),
      mayIntrospect: caller.kind !== 'public',
      language: 'en',
      publicAddress: 'https://data.example',
    },
  });
  const refused = items.filter(({ code }) => code !== null);
  return { isWhole, refused: refused.map(({ path, coordinate, code, missing }) => [path, coordinate, code, missing].join(' ')) };
}

test('asking for the schema is refused to whoever brings no token, whatever is asked beside it, and to nobody else', async () => {
  const query = '{ s: __schema { queryType { name } } ...T } fragment T on Query { __type(name: "Person") { name } divisions { name } }';
  expect(await tell(PUBLIC, query)).toEqual({
    isWhole: false,
    refused: ['s Query.__schema UNAUTHENTICATED LOGIN', '__type Query.__type UNAUTHENTICATED LOGIN'],
  });
  expect(await tell(department, query)).toEqual({ isWhole: true, refused: [] });
});

test('a purpose is asked about as X-Purpose would name it, and refused as the header would be', () => {
  expect(purposeAskedAbout(null, PURPOSE)).toBe(PURPOSE);
  expect(purposeAskedAbout(undefined, null)).toBeNull();
  expect(purposeAskedAbout(PURPOSE, null)).toBe(PURPOSE);
  expect(() => purposeAskedAbout('zzz', PURPOSE)).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(/^query would be refused as a whole: X-Purpose must be the code of a service item/),
      extensions: { code: 'BAD_USER_INPUT', argument: 'purpose' },
    }),
  );
});

const nested = (levels: number) => `{ persons(idNumbers: ${'['.repeat(levels)}"1"${']'.repeat(levels)}) { name } }`;
test.each([
  ['nesting that the parser cannot follow', nested(4_900), 'OPERATION_TOO_COSTLY', 'HUB_MAX_DEPTH', 'nests too deeply to be read'],
  ['11,000 tokens', `{ ${'divisions '.repeat(11_000)} }`, 'OPERATION_TOO_COSTLY', 'HUB_MAX_TOKENS', 'more than the 10000 tokens'],
  [
    '200 root fields',
    `{ ${'divisions { name } '.repeat(200)} }`,
    'OPERATION_TOO_COSTLY',
    'HUB_MAX_ROOT_FIELDS',
    'asks for 200 root fields',
  ],
  ['what is no GraphQL', '{ divisions', 'BAD_USER_INPUT', undefined, 'Syntax Error'],
  ['a field that there is not', '{ wurst }', 'BAD_USER_INPUT', undefined, 'Cannot query field'],
])('%s is refused as the operation itself would be', async (_what, query, code, limit, message) => {
  const refusal = expect.objectContaining({
    message: expect.stringMatching(`^query would be refused as a whole: .*${message}`),
    extensions: expect.objectContaining({ code, argument: 'query', ...(limit && { limit }) }),
  });
  await expect(tell(department, query)).rejects.toThrow(refusal);
});

const VERIFY =
  '{ verifyItems(person: "11010519491231002X", items: [{ item: "P032", value: "x" }, { item: "P030", value: "y" }]) { result } }';
const VERIFY_WITH = `query ($claims: [ItemClaim!]!, $isAsked: Boolean = true) {
  v: verifyItems(person: "11010519491231002X", items: $claims) @include(if: $isAsked) { result } }`;
test('items that a verification names are told as their library decides them, named by a literal or a variable', async () => {
  expect(await tell(department, VERIFY)).toEqual({ isWhole: false, refused: ['verifyItems Person.phone ITEM_NOT_GRANTED GRANT'] });
  const claims = ['P002', 'P008', 'P032'].map((item) => ({ item, value: 'x' }));
  expect(await tell(department, VERIFY_WITH, { claims })).toEqual({
    isWhole: false,
    refused: ['v Person.deathCause ITEM_NOT_SHARED NOTHING_HELPS', 'v Person.phone ITEM_NOT_GRANTED GRANT'],
  });
  expect(await tell(department, VERIFY_WITH, { claims, isAsked: false })).toEqual({ isWhole: true, refused: [] });
  expect(await tell(department, VERIFY_WITH, { claims: claims.slice(0, 1) })).toEqual({ isWhole: true, refused: [] });
  expect(await tell(PUBLIC, VERIFY)).toEqual({ isWhole: false, refused: ['verifyItems Person.idNumber UNAUTHENTICATED LOGIN'] });
  await expect(tell(department, VERIFY_WITH, { claims: [{ item: 'P001', value: 'x' }] })).rejects.toThrow('not what it is found by');
});

test('what no calls or rows are left for today is refused, with until when; nothing is spent by asking, and what no grant opens is not', async () => {
  const reader: Grant = { ...verifier, items: ['P001', 'P002'].map((code) => ({ code, access: 'READ' as const })) };
  const access = makeAccessSet(facts, { caller: department, purpose: PURPOSE, grants: [reader], now: new Date('2026-11-24T08:00:00Z') });
  const asked = { access, variables: null, mayIntrospect: true, publicAddress: 'https://data.example' };
  const ONE = '{ person(idNumber: "11010519491231002X") { name } }';
  const told = async (query: string, language: 'en' | 'zh' = 'en') => {
    const { isWhole, items } = await explain({ ...asked, query, language });
    return { isWhole, items: items.map(({ access: kind, code, rule, missing }) => ({ kind, code, rule, missing })) };
  };
  const visible = { isWhole: true, items: [{ kind: 'VISIBLE', code: null, rule: null, missing: null }] };
  expect(await told(ONE)).toEqual(visible);
  for (const [limit, used, en, zh] of [
    [
      'calls g',
      2,
      /^The grant g gives 2 calls a day, of which 0 are left until \d{4}-.*T16:00:00Z /,
      /^授权 g 每日可调用 2 次，至 .*（本省零时）前尚余 0 次/,
    ],
    ['rows g', 200, /^The grant g gives 200 rows a day, of which 0 are left/, /^授权 g 每日可获取 200 条记录/],
  ] as const) {
    spent.set(limit, used);
    const refused = { kind: 'REFUSED', code: 'QUOTA_EXCEEDED', missing: 'QUOTA' };
    expect(await told(ONE)).toEqual({ isWhole: false, items: [{ ...refused, rule: expect.stringMatching(en) }] });
    expect((await told(ONE, 'zh')).items).toEqual([{ ...refused, rule: expect.stringMatching(zh) }]);
    expect((await told('{ division(code: "620000") { name } }')).isWhole).toBe(true);
    spent.clear();
  }
  spent.set('rows g', 199);
  expect(await told(ONE)).toEqual(visible);
  spent.clear();
});

test('one question is worked out once in a request, however often it is asked; another purpose is another question', () => {
  const explained = vi.fn(async () => ({ isWhole: true, items: [] }));
  const ask = explainOnce(explained);
  const answers = Array.from({ length: 4 }, () => ask({ query: '{ a }', variables: null }));
  expect(new Set(answers).size).toBe(1);
  expect(explained).toHaveBeenCalledTimes(1);
  ask({ query: '{ a }', purpose: PURPOSE });
  ask({ query: '{ a }', variables: '{}' });
  expect(explained).toHaveBeenCalledTimes(3);
});
