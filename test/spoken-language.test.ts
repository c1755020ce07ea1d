import type { Account } from '@longyuan/identity/account.ts';
import { askToken } from '@longyuan/identity/ask-token.ts';
import { readWorld } from '@longyuan/prisma/country/world.ts';
import { readEnvironment } from '@longyuan/settings/environment.ts';
import { beforeAll, expect, inject, test } from 'vitest';
import { type Answer, directoryAnswers } from './ask.ts';

const hub = inject('embedded');
const world = readWorld();
const settings = readEnvironment(hub.environment);
const uscc = (name: string) => world.departments.find((department) => department.name === name)?.uscc ?? '';
const department = (name: string) => ({ kind: 'department', uscc: uscc(name), role: 'developer', region: null }) as const;
const [person] = world.people;
const PHONE = `{ person(idNumber: "${person?.idNumber}") { phone } }`;
const OTHER_PURPOSE = `${uscc('甘肃省教育厅')}0000000000000`;

beforeAll(() => directoryAnswers(hub));

type Asked = Readonly<{ account?: Account | null; path?: string; query?: string; purpose?: string; headers?: Record<string, string> }>;
type Told = { message: string; extensions: Record<string, unknown> };

async function askIn(language: string | null, { account = null, path = '/graphql', query, purpose, headers }: Asked): Promise<Response> {
  return fetch(`${hub.url}${path}`, {
    ...(query !== undefined && { method: 'POST', body: JSON.stringify({ query }) }),
    headers: {
      ...(query !== undefined && { 'content-type': 'application/json' }),
      ...(account && { authorization: `Bearer ${await askToken(settings, account)}` }),
      ...(purpose !== undefined && { 'x-purpose': purpose }),
      ...(language !== null && { 'accept-language': language }),
      ...headers,
    },
  });
}

/** What is refused in both languages: the same but for its words. */
async function refusedInBoth(asked: Asked): Promise<Readonly<{ status: number; en: string; zh: string; code: unknown }>> {
  const [english, chinese] = [await askIn(null, asked), await askIn('zh-CN,zh;q=0.9', asked)];
  const { errors: en } = (await english.json()) as { errors: Told[] };
  const { errors: zh } = (await chinese.json()) as { errors: Told[] };
  expect(chinese.status).toBe(english.status);
  expect([english.headers.get('content-language'), chinese.headers.get('content-language')]).toEqual(['en', 'zh']);
  for (const { headers } of [english, chinese]) expect(headers.get('vary')).toMatch(/accept-language/i);
  expect(zh.map(({ message: _, ...rest }) => rest)).toEqual(en.map(({ message: _, ...rest }) => rest));
  return { status: english.status, en: en[0]?.message ?? '', zh: zh[0]?.message ?? '', code: en[0]?.extensions['code'] };
}

const OF_NUMBER = '未予提供 Person.idNumber（公民身份号码，甘肃省公安厅）';

test.each<[code: string, asked: Asked, zh: string, en: string]>([
  ['UNAUTHENTICATED', { query: PHONE }, `${OF_NUMBER}：不向社会开放，本次调用未携带令牌。`, 'is not open to the public'],
  ['ITEM_NOT_SHARED', { query: PHONE, account: { kind: 'auditor' } }, `${OF_NUMBER}：不向此类调用方共享。`, 'never shared with this kind'],
  [
    'ITEM_NOT_GRANTED',
    { query: PHONE, account: department('甘肃省教育厅') },
    `${OF_NUMBER}：该信息项属于有条件共享，贵单位未持有其授权。`,
    'your department holds no grant for it',
  ],
  [
    'PURPOSE_REQUIRED',
    { query: PHONE, account: department('甘肃省民政厅') },
    `${OF_NUMBER}：授权限定了用途，请在 X-Purpose 中填写授权所列的政务服务事项。`,
    'name one of them in X-Purpose',
  ],
  [
    'PURPOSE_NOT_GRANTED',
    { query: PHONE, account: department('甘肃省民政厅'), purpose: OTHER_PURPOSE },
    `${OF_NUMBER}：X-Purpose 填写的用途不在贵单位授权的用途之内。`,
    'covers the purpose that X-Purpose names',
  ],
  [
    'BAD_USER_INPUT',
    { path: '/public/graphql', query: '{ division(code: "62") { name } }' },
    'Query.division(code:) 须为行政区划代码：6 位、9 位或 12 位数字',
    'must be a division code',
  ],
  ['BAD_USER_INPUT', { path: '/public/graphql', query: '{ person }' }, '类型“Query”没有字段“person”。', 'Cannot query field'],
  [
    'OPERATION_TOO_COSTLY',
    { path: '/public/graphql', query: `{ division(code: "620000") ${'{ children '.repeat(20)}{ name }${' }'.repeat(20)} }` },
    '操作的字段嵌套 22 层，最多 16 层（HUB_MAX_DEPTH）。',
    'nests 22 fields deep',
  ],
  [
    'UNAUTHENTICATED',
    { query: '{ coverage { score } }' },
    '覆盖情况只向各部门数据管理员（限其所辖区划）和审计人员提供，本次调用未携带令牌。',
    'Coverage is told to stewards',
  ],
  [
    'UNAUTHENTICATED',
    { query: 'mutation { revokeGrant(id: "g", reason: "x") { id } }' },
    '授权由部门申请、答复和撤销，本次调用未携带令牌。',
    'Departments apply for grants, answer and revoke them, and the call carries no token.',
  ],
  ['UNAUTHENTICATED', { query: '{ myGrants { id } }' }, '授权信息只向部门和审计人员提供，本次调用未携带令牌。', 'Grants are told to'],
  [
    'BAD_USER_INPUT',
    { path: '/public/datasets/103001~9.csv' },
    `没有此文件。现有文件见 http://localhost:${new URL(hub.url).port}/public/catalog.jsonld。`,
    'There is no such file.',
  ],
  ['BAD_USER_INPUT', { path: '/public/datasets/103001~1.csv?limit=0' }, 'limit 须为 1 至 10000 的整数。', 'limit must be a whole number'],
  [
    'UNAUTHENTICATED',
    { path: '/directory/coverage.csv' },
    '覆盖情况只向各部门数据管理员（限其所辖区划）和审计人员提供，本次调用未携带令牌。',
    'Coverage is told',
  ],
  [
    'BAD_USER_INPUT',
    { path: '/directory/coverage.csv?list=persons', account: { kind: 'auditor' } },
    'list 须为 providers、resources 或 items。',
    'list must be providers',
  ],
  ['BAD_USER_INPUT', { path: '/nowhere' }, '此地址没有内容。', 'There is nothing at this address.'],
])('%s is said in Chinese and in English: %o', async (code, asked, zh, en) => {
  const told = await refusedInBoth(asked);
  expect(told.code).toBe(code);
  // What this caller can do about it stands behind.
  expect(told.zh.slice(0, zh.length)).toBe(zh);
  expect(told.en).toContain(en);
});

test('what an owner refuses is said in the language of who asks', async () => {
  const apply = `mutation { apply(input: { resource: "101001/1", items: [{ code: "P001", access: MASKED }], purposes: ["${OTHER_PURPOSE}"]
    basis: "国办发", scenario: "试", division: "620000", until: "2027-12-31T00:00:00Z", callsPerDay: 1 }) { no } }`;
  const told = await refusedInBoth({ query: apply, account: department('甘肃省教育厅') });
  expect(told.code).toBe('BAD_USER_INPUT');
  expect(told.zh).toMatch(/^Mutation\.apply\(input:\)\.(items|purposes) \p{Script=Han}/u);
  expect(told.en).toMatch(/^Mutation\.apply\(input:\)\.(items|purposes) [a-zA-Z]/);
});

test('fields of the graph that say sentences follow the language too', async () => {
  const explain = `{ explainAccess(query: ${JSON.stringify(PHONE)}) { items { coordinate rule rows } } coverageMethod { checks { name rule } } }`;
  const told = async (language: string | null) => {
    const response = await askIn(language, { query: explain, account: department('甘肃省教育厅') });
    const { data } = (await response.json()) as Answer;
    const [item] = data.explainAccess.items;
    const checks = data.coverageMethod.flatMap((part: { checks: { name: string; rule: string }[] }) => part.checks);
    return [item.rule, checks.find(({ name }: { name: string }) => name === 'CONNECTED').rule];
  };
  expect(await told('zh')).toEqual(['CONDITIONAL: 该信息项属于有条件共享，贵单位未持有其授权', '已接入共享平台，可以查询。']);
  expect(await told(null)).toEqual([
    'CONDITIONAL: it is shared on conditions, and your department holds no grant for it',
    'It can be asked of the hub.',
  ]);
});

test('an explanation of what would be refused as a whole is refused in the language of who asks', async () => {
  const told = await refusedInBoth({ query: '{ explainAccess(query: "{ nobody }") { isWhole } }', account: department('甘肃省教育厅') });
  expect(told.zh).toBe('query 将被整体拒绝：类型“Query”没有字段“nobody”。');
});
