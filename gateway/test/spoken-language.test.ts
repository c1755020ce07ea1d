import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLittleHub } from './little-hub.ts';

let hub: Awaited<ReturnType<typeof startLittleHub>>;
beforeAll(async () => {
  hub = await startLittleHub({ maxBodyBytes: 100_000, maxTokens: 2_000 });
  await hub.until('registry', 'READY');
  await hub.until('rating', 'READY');
});
afterAll(() => hub.close());

const JSON_TYPE = { 'content-type': 'application/json' };

/** One request in both languages: status, headers and the errors of both answers. */
async function askInBoth(path: string, { headers = {}, ...init }: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> }) {
  const asked = async (language: string) => {
    const response = await fetch(`${hub.url}${path}`, { ...init, headers: { ...headers, 'accept-language': language } });
    const { errors } = (await response.json()) as { errors: { message: string; extensions: Record<string, unknown> }[] };
    expect(response.headers.get('content-language'), path).toBe(language.slice(0, 2));
    expect(response.headers.get('vary') ?? '', path).toMatch(/accept-language/i);
    return { status: response.status, errors };
  };
  return { en: await asked('en-GB'), zh: await asked('zh-CN,zh;q=0.9,en;q=0.5') };
}

const send = (operation: unknown, headers: Record<string, string> = JSON_TYPE) => ({
  method: 'POST',
  headers,
  body: JSON.stringify(operation),
});
const ask = (query: string, variables?: unknown) => send({ query, variables });
const DEEP = `{ persons ${'{ friends '.repeat(20)}{ name }${' }'.repeat(20)} }`;

test.each<[path: string, init: Parameters<typeof askInBoth>[1], code: string, zh: string]>([
  ['/graphql', { ...ask('{ worst }'), body: '{' }, 'BAD_USER_INPUT', '请求体不是格式正确的 JSON。'],
  [
    '/graphql',
    { ...ask('{ worst }'), headers: { 'content-type': 'text/plain' } },
    'BAD_USER_INPUT',
    '请以 Content-Type: application/json 发送请求体。',
  ],
  ['/graphql', ask(`{ worst } # ${'x'.repeat(200_000)}`), 'BAD_USER_INPUT', '请求体超过读取上限（HUB_MAX_BODY_BYTES）。'],
  ['/graphql', send({}), 'BAD_USER_INPUT', '缺少请求体、Content-Type 不正确，或者 JSON 对象为空。'],
  ['/graphql', send({ query: '' }), 'BAD_USER_INPUT', '请求须含有非空的 `query`，或者 `persistedQuery` 扩展。'],
  ['/graphql', send([{ query: '{ worst }' }]), 'BAD_USER_INPUT', '不受理成批的操作。'],
  ['/graphql', ask('{ worst'), 'BAD_USER_INPUT', '语法错误：此处应为 Name，而不是 <EOF>。'],
  ['/graphql', ask('{ wurst }'), 'BAD_USER_INPUT', '类型“Query”没有字段“wurst”。'],
  ['/graphql', ask('query($n: String!) { person(idNumber: $n) { name } }'), 'BAD_USER_INPUT', '变量“$n”（类型“String!”）为必填，未填写。'],
  [
    '/graphql',
    ask('query($n: String!) { person(idNumber: $n) { name } }', { n: { a: 1 } }),
    'BAD_USER_INPUT',
    '变量“$n”的值无效：String 类型须为文字，不能为 { a: 1 }。',
  ],
  ['/graphql', ask('query A { worst } query B { worst }'), 'BAD_USER_INPUT', '文档中有多个操作，请在 operationName 中指明。'],
  [
    '/graphql',
    ask('{ person(idNumber: "110105194912310021") { name } }'),
    'BAD_USER_INPUT',
    'Query.person(idNumber:) 须为公民身份号码（GB 11643）：18 位，出生日期真实，校验码正确',
  ],
  [
    '/graphql',
    ask('{ __schema { description } }'),
    'UNAUTHENTICATED',
    '在此查询接口模式（__schema、__type）须携带令牌；公开的接口模式可在 {address}/public/graphql 查询，无需令牌。',
  ],
  [
    '/graphql',
    send({ query: '{ worst }' }, { ...JSON_TYPE, authorization: 'Basic x' }),
    'UNAUTHENTICATED',
    '令牌无效：Authorization 须为“Bearer”加令牌。',
  ],
  [
    '/graphql',
    send({ query: '{ worst }' }, { ...JSON_TYPE, authorization: 'Bearer a.b.c' }),
    'UNAUTHENTICATED',
    '令牌无效：不是格式正确的已签名 JWT。',
  ],
  [
    '/graphql',
    send({ query: '{ worst }' }, { ...JSON_TYPE, 'x-purpose': '1' }),
    'BAD_USER_INPUT',
    'X-Purpose 须为政务服务事项的实施编码（GB/T 39554.1）：31 位，由统一社会信用代码加 13 位数字组成。',
  ],
  ['/graphql', ask(DEEP), 'OPERATION_TOO_COSTLY', '操作的字段嵌套 22 层，最多 16 层（HUB_MAX_DEPTH）。'],
  ['/graphql', ask(`{ ${'worst '.repeat(3_000)} }`), 'OPERATION_TOO_COSTLY', '操作的词法单元超过上限 2000 个（HUB_MAX_TOKENS）。'],
  ['/graphql', { method: 'DELETE' }, 'BAD_USER_INPUT', '请用 POST 发送操作，查询也可以用 GET。'],
  ['/nowhere', {}, 'BAD_USER_INPUT', '此地址没有内容。'],
  ['/%', {}, 'BAD_USER_INPUT', '请求地址格式不正确。'],
  [
    '/graphql?query={worst}&variables={',
    { headers: { 'apollo-require-preflight': '1' } },
    'BAD_USER_INPUT',
    '查询参数 variables 不是格式正确的 JSON。',
  ],
])('%s %o is refused in the language of who asks, and alike but for the words', async (path, init, code, zh) => {
  const told = await askInBoth(path, init);
  expect(told.zh.status).toBe(told.en.status);
  expect(told.zh.errors.map(({ message }) => message)).toEqual([zh.replace('{address}', `http://localhost:${new URL(hub.url).port}`)]);
  expect(told.en.errors[0]?.message).not.toMatch(/\p{Script=Han}(?![^()]*\))/u);
  expect(told.en.errors.map(({ message: _, ...rest }) => rest)).toEqual(told.zh.errors.map(({ message: _, ...rest }) => rest));
  expect(told.en.errors[0]?.extensions['code']).toBe(code);
});

const said = (message: string, code: string, more: object = {}) => ({
  status: 200,
  text: JSON.stringify({ data: { worst: null }, errors: [{ message, path: ['worst'], extensions: { code, ...more } }] }),
});
const MISMATCHES =
  'Verification ended in 1000 mismatches in all, and is refused until a day after the first of them (HUB_MISMATCHES_OF_CALLER).';

test.each<[answers: (typeof hub)['libraries']['rating']['answers'], code: string, zh: string]>([
  [{ status: 500, text: 'connect 10.0.0.5' }, 'LIBRARY_UNAVAILABLE', '信用（rating）的应答无法读取。'],
  ['never', 'LIBRARY_TIMEOUT', '信用（rating）未在规定时间内应答。'],
  [said('relation does not exist', 'INTERNAL'), 'INTERNAL', '共享平台自身发生故障，可凭请求编号在日志中查找。'],
  [
    said('call 13800000000', 'RATE_LIMITED'),
    'RATE_LIMITED',
    '信用（rating）不予应答：短时间内的调用、核验不一致或者异议过多，请稍后重试。',
  ],
  [
    said(MISMATCHES, 'RATE_LIMITED'),
    'RATE_LIMITED',
    '核验累计已出现 1000 次不一致，自首次不一致起满 24 小时后方可再次核验（HUB_MISMATCHES_OF_CALLER）。',
  ],
  [
    said('The library rating cannot use its database now.', 'LIBRARY_UNAVAILABLE'),
    'LIBRARY_UNAVAILABLE',
    '基础库 rating 的数据库目前不可用。',
  ],
])('what a library answers badly is said in the language of who asks, and the rest stands: %o', async (answers, code, zh) => {
  await hub.until('rating', 'READY');
  hub.libraries.rating.answers = answers;
  const asked = { ...ask('{ worst persons { name } }'), headers: { ...JSON_TYPE, 'accept-language': 'zh' } };
  const response = await fetch(`${hub.url}/graphql`, asked);
  hub.libraries.rating.answers = 'well';
  expect(response.headers.get('content-language')).toBe('zh');
  expect(await response.json()).toMatchObject({
    data: { worst: null, persons: [{ name: '马建国' }, { name: '祁月兰' }] },
    errors: [{ message: zh, path: ['worst'], extensions: { code } }],
  });
});

test('who is to wait is told so in their language', async () => {
  const busy = await startLittleHub({ ratePublicCostPerSecond: 1 });
  await busy.until('registry', 'READY');
  const asked = { ...ask('{ persons { name } }'), headers: { ...JSON_TYPE, 'accept-language': 'zh' } };
  await (await fetch(`${busy.url}/graphql`, asked)).text();
  const response = await fetch(`${busy.url}/graphql`, asked);
  await busy.close();
  expect(response.status).toBe(429);
  expect(await response.json()).toMatchObject({
    errors: [{ message: expect.stringMatching(/^短时间内请求过多，请在 \d+ 秒后重试。$/), extensions: { code: 'RATE_LIMITED' } }],
  });
});

test('an answer without sentences says that another language might have had some', async () => {
  await hub.until('rating', 'READY');
  const response = await fetch(`${hub.url}/graphql`, ask('{ persons { name } }'));
  expect([response.headers.get('vary'), response.headers.get('content-language')]).toEqual([
    expect.stringMatching(/\baccept-language\b/i),
    null,
  ]);
  expect(await response.json()).not.toHaveProperty('errors');
});
