import type { Words } from './words/sentence.ts';

/** Every code that a caller can meet in `extensions.code`, with a sentence on when it happens. The documents list them from here. */
export const errorCodes = {
  UNAUTHENTICATED: {
    en: 'What is asked for is not open to the public, and the call carried no token that is valid.',
    zh: '请求的内容不向社会开放，本次调用未携带有效的令牌。',
  },
  ITEM_NOT_SHARED: { en: 'The item is never shared with this kind of caller.', zh: '该信息项不向此类调用方共享。' },
  ITEM_NOT_GRANTED: {
    en: 'The item is shared on conditions and no grant that the caller holds reaches it now.',
    zh: '该信息项属于有条件共享，调用方目前没有涵盖该信息项的有效授权。',
  },
  PURPOSE_REQUIRED: {
    en: 'The grant is bound to a purpose and the call named none in X-Purpose.',
    zh: '授权限定了用途，本次调用未在 X-Purpose 中填写用途。',
  },
  PURPOSE_NOT_GRANTED: {
    en: 'The grant does not cover the purpose that X-Purpose named.',
    zh: 'X-Purpose 填写的用途不在授权的用途之内。',
  },
  QUOTA_EXCEEDED: {
    en: "The grant's calls or rows of the day are used up, or the answer holds more rows than are left.",
    zh: '授权的当日调用次数或者记录条数已经用完，或者结果的记录条数超过余量。',
  },
  RATE_LIMITED: {
    en: 'Too many calls, mismatches or objections in too short a time; wait and try again.',
    zh: '短时间内的调用、核验不一致或者异议过多，请稍后重试。',
  },
  OPERATION_TOO_COSTLY: {
    en: 'The operation passes a limit, which the message names; nothing of it is answered.',
    zh: '操作超过上限，未予应答。',
  },
  LIBRARY_UNAVAILABLE: {
    en: 'The library does not answer, or its grants are not known now; its items are null and the rest of the answer stands.',
    zh: '基础库无应答，或者目前无法确认其授权，其信息项为空，其余结果有效。',
  },
  LIBRARY_TIMEOUT: {
    en: 'The library did not answer in time; its items are null and the rest of the answer stands.',
    zh: '基础库未在规定时间内应答，其信息项为空，其余结果有效。',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    en: 'The hash names no operation that the hub has kept; send the operation with it once, as clients do by themselves.',
    zh: '平台未留存该摘要对应的操作，请连同操作文本一并发送一次（客户端会自行完成）。',
  },
  BAD_USER_INPUT: {
    en: 'The request or a value in it is malformed; the message names what, where and the rule.',
    zh: '请求或者其中的值不符合要求；有 locations、path 或 argument 的，即为其位置。',
  },
  RECORD_UNAVAILABLE: {
    en: 'The record of who asked for what cannot be written, so nothing is answered.',
    zh: '无法留存调用记录，未予应答。',
  },
  INTERNAL: {
    en: "A fault of the hub's own; the request id finds it in the log.",
    zh: '共享平台自身发生故障，可凭请求编号在日志中查找。',
  },
} as const satisfies Readonly<Record<string, Words>>;

export type ErrorCode = keyof typeof errorCodes;

/** Whether a code may leave the hub. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorCodes, code);
}
