import type { Refusing } from './refusing.ts';

/** Whole sentences that a library says to callers, each with its code. */
export const refusalsOfLibraries = {
  VARIABLE_TYPE: {
    code: 'BAD_USER_INPUT',
    en: 'Variable "{variable}" has a value of the wrong type.',
    zh: '变量“{variable}”的值类型不正确。',
  },
  MISMATCHES_OF_SUBJECT: {
    code: 'RATE_LIMITED',
    en: 'Verification ended in {number} mismatches about one subject, and is refused until a day after the first of them ({limit}).',
    zh: '对同一对象的核验已出现 {number} 次不一致，自首次不一致起满 24 小时后方可再次核验（{limit}）。',
  },
  MISMATCHES_OF_CALLER: {
    code: 'RATE_LIMITED',
    en: 'Verification ended in {number} mismatches in all, and is refused until a day after the first of them ({limit}).',
    zh: '核验累计已出现 {number} 次不一致，自首次不一致起满 24 小时后方可再次核验（{limit}）。',
  },
  TOO_MANY_VALUES: {
    code: 'OPERATION_TOO_COSTLY',
    en: 'The operation brings together more than {number} values ({limit}). Ask for less at once.',
    zh: '本次请求汇集的数据超过 {number} 个值（{limit}），请减少一次请求的内容。',
  },
  LIST_TOO_LONG: {
    code: 'OPERATION_TOO_COSTLY',
    en: 'The operation brings together more than {number} values ({limit}); {coordinate} passed it. Ask for less at once.',
    zh: '本次请求汇集的数据超过 {number} 个值（{limit}），在 {coordinate} 处超出，请减少一次请求的内容。',
  },
  LIST_TOO_LONG_BY: {
    code: 'OPERATION_TOO_COSTLY',
    en: 'The operation brings together more than {number} values ({limit}); {coordinate} passed it. Ask for less at once or give {arguments}.',
    zh: '本次请求汇集的数据超过 {number} 个值（{limit}），在 {coordinate} 处超出，请减少一次请求的内容，或者填写参数 {arguments}。',
  },
  NOT_READY: { code: 'LIBRARY_UNAVAILABLE', en: 'The library {library} is not ready now.', zh: '基础库 {library} 目前未就绪。' },
  READY_NO_MORE: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The library {library} is not ready any more.',
    zh: '基础库 {library} 已转为未就绪状态。',
  },
  NO_ROOM: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The library {library} keeps {number} grants and has no room for another.',
    zh: '基础库 {library} 已有 {number} 项授权，达到上限，不能再授权。',
  },
  NO_ROOM_LISTED: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The library {library} keeps {number} grants, ended ones too, and has no room for another.',
    zh: '基础库 {library} 已登记 {number} 项授权（含已失效的），达到上限，不能再授权。',
  },
  LIST_IN_DOUBT: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The library {library} cannot rely on its list of grants now; its own log says why.',
    zh: '基础库 {library} 的授权清单目前不可信，原因见该库日志。',
  },
  STORE_BUSY: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The library {library} is too busy: too many questions wait for its database.',
    zh: '基础库 {library} 繁忙：等待其数据库的请求过多。',
  },
  STORE_TROUBLE: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The library {library} cannot use its database now.',
    zh: '基础库 {library} 的数据库目前不可用。',
  },
  STORE_SLOW: {
    code: 'LIBRARY_TIMEOUT',
    en: 'The database of the library {library} did not answer in time.',
    zh: '基础库 {library} 的数据库未在规定时间内应答。',
  },
  CALL_OVER: {
    code: 'LIBRARY_TIMEOUT',
    en: 'The library {library} did not answer before the call was over.',
    zh: '基础库 {library} 未在本次调用结束前应答。',
  },
  NO_ISSUER: {
    code: 'LIBRARY_UNAVAILABLE',
    en: 'The identity provider does not answer, so the owner cannot check the token now.',
    zh: '统一身份认证系统无应答，数源部门目前无法核验令牌。',
  },
  DEVELOPERS_APPLY: {
    code: 'ITEM_NOT_SHARED',
    en: 'A developer of the department applies, not its steward.',
    zh: '申请由使用部门的开发人员提出，数据管理员不能申请。',
  },
  STEWARDS_ANSWER: {
    code: 'ITEM_NOT_SHARED',
    en: 'Only a steward of {department}, the owner, answers this application.',
    zh: '此申请只能由数源部门{department}的数据管理员答复。',
  },
  STEWARDS_REVOKE: {
    code: 'ITEM_NOT_SHARED',
    en: 'Only a steward of {department}, the owner, revokes its grants.',
    zh: '数源部门{department}的授权只能由其数据管理员撤销。',
  },
  DEPARTMENTS_ONLY: {
    code: 'ITEM_NOT_SHARED',
    en: 'Only a department applies for grants, answers and revokes them.',
    zh: '授权的申请、答复和撤销只面向部门。',
  },
  DEPARTMENTS_SEE: {
    code: 'ITEM_NOT_SHARED',
    en: 'Only departments and auditors see applications.',
    zh: '授权申请只对部门和审计人员可见。',
  },
  DEPARTMENTS_SEE_PUBLIC: {
    code: 'UNAUTHENTICATED',
    en: 'Only departments and auditors see applications, and the call carries no token.',
    zh: '授权申请只对部门和审计人员可见，本次调用未携带令牌。',
  },
  TOKEN_NEEDED: {
    code: 'UNAUTHENTICATED',
    en: 'What is written down of grants needs a token of a department (Authorization: Bearer).',
    zh: '办理授权须携带部门的令牌（Authorization: Bearer）。',
  },
  TOKEN_INVALID: {
    code: 'UNAUTHENTICATED',
    en: 'The token is not valid for the owner of the resource.',
    zh: '令牌未通过数源部门的核验。',
  },
  TOKEN_OF_ANOTHER: {
    code: 'UNAUTHENTICATED',
    en: 'The token is not that of the account that calls.',
    zh: '令牌与本次调用的账号不一致。',
  },
} as const satisfies Readonly<Record<string, Refusing>>;

/** What a library says to gateways alone: a gateway words it anew for its caller, or gives it to nobody. */
export const refusalsToGateways = {
  NO_WARRANT: { code: 'UNAUTHENTICATED', en: 'This call carries no warrant.', zh: '本次调用未携带委托凭证。' },
  NO_VALID_WARRANT: {
    code: 'UNAUTHENTICATED',
    en: 'The library {library} answers the gateway alone: this call carries no valid warrant for it.',
    zh: '基础库 {library} 只应答网关：本次调用未携带对该库有效的委托凭证。',
  },
  NO_CALLER: {
    code: 'UNAUTHENTICATED',
    en: 'This library answers calls that carry a caller, and this one carries none.',
    zh: '本库只应答载明调用方的调用，本次调用未载明。',
  },
  ROOT_OF_NOBODY: {
    code: 'ITEM_NOT_SHARED',
    en: 'Who may ask {coordinate} is said nowhere, so nobody may.',
    zh: '未规定何人可以调用 {coordinate}，不予应答。',
  },
  BEYOND_WARRANT: {
    code: 'ITEM_NOT_SHARED',
    en: 'The warrant of this call does not hold {coordinate}; nothing was executed.',
    zh: '本次调用的委托凭证不含 {coordinate}，未予执行。',
  },
  NOT_FOR_MEASURING: { code: 'UNAUTHENTICATED', en: 'This warrant is not for measuring.', zh: '此委托凭证不用于数据质量检查。' },
  NOT_FOR_OWN_ROWS: {
    code: 'UNAUTHENTICATED',
    en: "This warrant is not for what is the caller's own.",
    zh: '此委托凭证不用于确认调用人本人的记录。',
  },
  NOT_FOR_HOLDINGS: {
    code: 'UNAUTHENTICATED',
    en: 'This warrant is not for what the library holds.',
    zh: '此委托凭证不用于库存量统计。',
  },
  FOREIGN_HOST: {
    code: 'BAD_USER_INPUT',
    en: 'A library is called by its own name only: as localhost, or as its certificate says.',
    zh: '基础库只能以其自身名称调用：localhost，或者其证书载明的名称。',
  },
  FOREIGN_ORIGIN: {
    code: 'BAD_USER_INPUT',
    en: 'A library answers programs, and no page of a browser.',
    zh: '基础库只应答程序，不应答浏览器页面。',
  },
  NO_SUCH_PATH: { code: 'BAD_USER_INPUT', en: 'There is no such path here.', zh: '此处没有该路径。' },
  NO_QUALITY_QUESTION: { code: 'BAD_USER_INPUT', en: 'The body is no question about quality.', zh: '请求体不是数据质量检查的请求。' },
  NO_GRAPHQL_REQUEST: {
    code: 'BAD_USER_INPUT',
    en: 'The body is not the JSON of a GraphQL request.',
    zh: '请求体不是 GraphQL 请求的 JSON。',
  },
  BODY_BEYOND_LIBRARY: { code: 'BAD_USER_INPUT', en: 'The body is larger than this library reads.', zh: '请求体超过本库读取的上限。' },
  BODY_NOT_JSON: { code: 'BAD_USER_INPUT', en: 'The body must be application/json.', zh: '请求体须为 application/json。' },
  LIBRARY_FAULT: { code: 'INTERNAL', en: 'The library {library} met a fault of its own.', zh: '基础库 {library} 自身发生故障。' },
  LATE_LIBRARY: {
    code: 'LIBRARY_TIMEOUT',
    en: 'The library {library} did not answer within {number} ms.',
    zh: '基础库 {library} 未在 {number} 毫秒内应答。',
  },
} as const satisfies Readonly<Record<string, Refusing>>;
