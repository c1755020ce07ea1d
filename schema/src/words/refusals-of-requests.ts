import type { Refusing } from './refusing.ts';

/** What is said of a request before any library is asked: how it came, who sent it, how large it is. */
export const refusalsOfRequests = {
  // How it came.
  BODY_TOO_LARGE: {
    code: 'BAD_USER_INPUT',
    en: 'The body is larger than is read here (HUB_MAX_BODY_BYTES).',
    zh: '请求体超过读取上限（HUB_MAX_BODY_BYTES）。',
  },
  SEND_JSON: {
    code: 'BAD_USER_INPUT',
    en: 'Send the body as Content-Type: application/json.',
    zh: '请以 Content-Type: application/json 发送请求体。',
  },
  BODY_EMPTY: {
    code: 'BAD_USER_INPUT',
    en: 'The body is empty; send a JSON object with "query".',
    zh: '请求体为空，请发送含有 "query" 的 JSON 对象。',
  },
  BODY_MALFORMED: { code: 'BAD_USER_INPUT', en: 'The body is not well-formed JSON.', zh: '请求体不是格式正确的 JSON。' },
  BODY_OTHER_LENGTH: {
    code: 'BAD_USER_INPUT',
    en: 'The body is not as long as Content-Length says.',
    zh: '请求体长度与 Content-Length 不符。',
  },
  ADDRESS_MALFORMED: { code: 'BAD_USER_INPUT', en: 'The address is not well formed.', zh: '请求地址格式不正确。' },
  REQUEST_MALFORMED: { code: 'BAD_USER_INPUT', en: 'The request is not well formed.', zh: '请求格式不正确。' },
  NOT_HTTP: { code: 'BAD_USER_INPUT', en: 'The request is not well-formed HTTP.', zh: '请求不是格式正确的 HTTP。' },
  HEADERS_TOO_LONG: {
    code: 'BAD_USER_INPUT',
    en: 'The headers, or the address with its query, are too long; send operations with POST.',
    zh: '请求头或者含查询参数的地址过长，请用 POST 发送操作。',
  },
  ARRIVED_LATE: { code: 'BAD_USER_INPUT', en: 'The request did not arrive in time.', zh: '请求未在规定时间内送达。' },
  SEND_WITH_POST: {
    code: 'BAD_USER_INPUT',
    en: 'Send operations with POST, or queries with GET.',
    zh: '请用 POST 发送操作，查询也可以用 GET。',
  },
  NOTHING_HERE: { code: 'BAD_USER_INPUT', en: 'There is nothing at this address.', zh: '此地址没有内容。' },
  FOREIGN_NAME: {
    code: 'BAD_USER_INPUT',
    en: 'The hub answers under its own names alone: localhost and other names of loopback, and that of HUB_PUBLIC_URL.',
    zh: '共享平台只以自身名称提供服务：localhost 等本机名称，以及 HUB_PUBLIC_URL 载明的名称。',
  },
  CLIENT_LEFT: { code: 'BAD_USER_INPUT', en: 'The client has left.', zh: '客户端已断开。' },
  HUB_FAULT: {
    code: 'INTERNAL',
    en: 'A fault of the hub itself. The request id finds it in the log.',
    zh: '共享平台自身发生故障，可凭请求编号在日志中查找。',
  },
  WAIT: {
    code: 'RATE_LIMITED',
    en: 'Too much is asked for in too short a time; try again in {number} s.',
    zh: '短时间内请求过多，请在 {number} 秒后重试。',
  },
  TOO_LATE: {
    code: 'LIBRARY_TIMEOUT',
    en: 'The request took longer than a request may (HUB_REQUEST_TIMEOUT_MS).',
    zh: '请求处理时间超过上限（HUB_REQUEST_TIMEOUT_MS）。',
  },
  // Who sent it.
  TOKEN_NOT_VALID: { code: 'UNAUTHENTICATED', en: 'The token is not valid: {reason}.', zh: '令牌无效：{reason}。' },
  TOKEN_UNCHECKED: {
    code: 'UNAUTHENTICATED',
    en: 'The identity provider does not answer, so the token cannot be checked now.',
    zh: '统一身份认证系统无应答，目前无法核验令牌。',
  },
  PERSON_UNKNOWN_NOW: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The library that knows persons does not answer, so it cannot be said now who asks.',
    zh: '掌握人员信息的基础库无应答，目前无法确认调用人身份。',
  },
  PURPOSE_MALFORMED: {
    code: 'BAD_USER_INPUT',
    en: 'X-Purpose must be the code of a service item (GB/T 39554.1): 31 characters, a credit code and 13 digits.',
    zh: 'X-Purpose 须为政务服务事项的实施编码（GB/T 39554.1）：31 位，由统一社会信用代码加 13 位数字组成。',
  },
  NO_INTROSPECTION: {
    code: 'UNAUTHENTICATED',
    en: 'Asking for the schema (__schema, __type) needs a token here; the public schema is at {address}/public/graphql, without one.',
    zh: '在此查询接口模式（__schema、__type）须携带令牌；公开的接口模式可在 {address}/public/graphql 查询，无需令牌。',
  },
  HASH_OF_ANOTHER: {
    code: 'BAD_USER_INPUT',
    en: 'extensions.persistedQuery.sha256Hash is not the SHA-256 of the query that came with it.',
    zh: 'extensions.persistedQuery.sha256Hash 与一并发送的 query 的 SHA-256 不符。',
  },
  HASH_MALFORMED: {
    code: 'BAD_USER_INPUT',
    en: 'extensions.persistedQuery must have version 1 and a sha256Hash: the SHA-256 of the query in small hexadecimal digits.',
    zh: 'extensions.persistedQuery 的 version 须为 1，sha256Hash 须为 query 的 SHA-256（小写十六进制）。',
  },
  // What it asks.
  NO_OPERATIONS_OF_KIND: { code: 'BAD_USER_INPUT', en: 'The hub answers no {operation}s here.', zh: '此处不受理 {operation} 类操作。' },
  NO_SUCH_OPERATION: {
    code: 'BAD_USER_INPUT',
    en: 'operationName names no operation of the document.',
    zh: 'operationName 与文档中的操作均不符。',
  },
  NO_OPERATION: { code: 'BAD_USER_INPUT', en: 'The document holds no operation.', zh: '文档中没有操作。' },
  SEVERAL_OPERATIONS: {
    code: 'BAD_USER_INPUT',
    en: 'The document holds several operations; say which in operationName.',
    zh: '文档中有多个操作，请在 operationName 中指明。',
  },
  RESERVED_ALIAS: {
    code: 'BAD_USER_INPUT',
    en: 'No field may be called {name}: the hub keeps that name for itself.',
    zh: '字段不得命名为 {name}：该名称为共享平台保留。',
  },
  NULL_OUT_OF_PLACE: {
    code: 'BAD_USER_INPUT',
    en: 'Variable "{variable}" is null, and stands where a value must.',
    zh: '变量“{variable}”为 null，而此处须有值。',
  },
  // How large it is.
  TOO_MANY_TOKENS: {
    code: 'OPERATION_TOO_COSTLY',
    en: 'The operation has more than the {number} tokens that are allowed (HUB_MAX_TOKENS).',
    zh: '操作的词法单元超过上限 {number} 个（HUB_MAX_TOKENS）。',
  },
  TOO_DEEP_TO_READ: {
    code: 'OPERATION_TOO_COSTLY',
    en: 'The operation nests too deeply to be read (HUB_MAX_DEPTH).',
    zh: '操作嵌套过深，无法读取（HUB_MAX_DEPTH）。',
  },
  NESTED_BRACKETS: {
    code: 'OPERATION_TOO_COSTLY',
    en: 'The operation nests brackets or fragments too deep to be read; at most {number} are allowed (HUB_MAX_DEPTH).',
    zh: '操作的括号或者片段嵌套过深，无法读取；最多 {number} 层（HUB_MAX_DEPTH）。',
  },
  TOO_DEEP: {
    code: 'OPERATION_TOO_COSTLY',
    en: 'The operation nests {size} fields deep; at most {number} are allowed (HUB_MAX_DEPTH).',
    zh: '操作的字段嵌套 {size} 层，最多 {number} 层（HUB_MAX_DEPTH）。',
  },
  TOO_MANY_SELECTIONS: {
    code: 'OPERATION_TOO_COSTLY',
    en: 'The operation selects {size} fields with its fragments written out; at most {number} are allowed (HUB_MAX_SELECTIONS).',
    zh: '操作展开片段后选取 {size} 个字段，最多 {number} 个（HUB_MAX_SELECTIONS）。',
  },
  TOO_MANY_ALIASES: {
    code: 'OPERATION_TOO_COSTLY',
    en: 'The operation gives {size} fields another name; at most {number} are allowed (HUB_MAX_ALIASES).',
    zh: '操作为 {size} 个字段另取了名称，最多 {number} 个（HUB_MAX_ALIASES）。',
  },
  TOO_MANY_ROOT_FIELDS: {
    code: 'OPERATION_TOO_COSTLY',
    en: 'The operation asks for {size} root fields; at most {number} are allowed (HUB_MAX_ROOT_FIELDS).',
    zh: '操作请求 {size} 个根字段，最多 {number} 个（HUB_MAX_ROOT_FIELDS）。',
  },
  TOO_MANY_CHANGES: {
    code: 'OPERATION_TOO_COSTLY',
    en: 'The operation makes {size} changes; at most {number} are allowed (HUB_MAX_CHANGES).',
    zh: '操作作出 {size} 项变更，最多 {number} 项（HUB_MAX_CHANGES）。',
  },
  TOO_MANY_DIRECTIVES: {
    code: 'OPERATION_TOO_COSTLY',
    en: 'The operation carries {size} directives; at most {number} are allowed (HUB_MAX_DIRECTIVES).',
    zh: '操作带有 {size} 个指令，最多 {number} 个（HUB_MAX_DIRECTIVES）。',
  },
  TOO_MUCH_AT_ONCE: {
    code: 'OPERATION_TOO_COSTLY',
    en: 'The operation may bring together {size} values, each explainAccess counted as {each}; at most {number} are allowed (HUB_MAX_COST).',
    zh: '操作可能汇集 {size} 个值（每个 explainAccess 按 {each} 个计），最多 {number} 个（HUB_MAX_COST）。',
  },
  TOO_MANY_PAIRS: {
    code: 'OPERATION_TOO_COSTLY',
    en: 'The operation selects the same fields too often to be checked for conflicts; at most {number} pairs are compared.',
    zh: '操作重复选取相同字段过多，无法检查其冲突；最多比对 {number} 对。',
  },
  TOO_MANY_FETCHES: {
    code: 'OPERATION_TOO_COSTLY',
    en: 'The operation needs {size} calls to libraries; at most {number} are made for one (HUB_MAX_FETCHES). Ask for a list at once instead of its entries one by one.',
    zh: '操作需要调用基础库 {size} 次，一次操作最多 {number} 次（HUB_MAX_FETCHES）。请一次查询列表，不要逐条查询。',
  },
  AT_LEAST_FETCHES: {
    code: 'OPERATION_TOO_COSTLY',
    en: 'The operation needs at least {size} calls to libraries; at most {number} are made for one (HUB_MAX_FETCHES). Ask for a list at once instead of its entries one by one.',
    zh: '操作至少需要调用基础库 {size} 次，一次操作最多 {number} 次（HUB_MAX_FETCHES）。请一次查询列表，不要逐条查询。',
  },
  TOO_MANY_PLANS: {
    code: 'OPERATION_TOO_COSTLY',
    en: 'The operation can be planned in too many ways; ask for less at once.',
    zh: '操作可选的执行方案过多，请减少一次请求的内容。',
  },
  TOO_MANY_BYTES: {
    code: 'OPERATION_TOO_COSTLY',
    en: 'The operation brings together more than {number} bytes (HUB_MAX_ANSWER_BYTES). Ask for less at once.',
    zh: '本次请求汇集的数据超过 {number} 字节（HUB_MAX_ANSWER_BYTES），请减少一次请求的内容。',
  },
} as const satisfies Readonly<Record<string, Refusing>>;
