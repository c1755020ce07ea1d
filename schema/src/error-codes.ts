import { GraphQLError, type GraphQLErrorExtensions } from 'graphql';

/** Every code that a caller can meet in `extensions.code`, with a sentence on when it happens. The documents list them from here. */
export const errorCodes = {
  UNAUTHENTICATED: 'The item is not open to the public and the call carried no valid token.',
  ITEM_NOT_SHARED: 'The item is never shared with this kind of caller.',
  ITEM_NOT_GRANTED: 'The item is shared on conditions and the caller holds no grant in force for it.',
  PURPOSE_REQUIRED: 'The grant is bound to a purpose and the call named none in X-Purpose.',
  PURPOSE_NOT_GRANTED: 'The grant does not cover the purpose that X-Purpose named.',
  QUOTA_EXCEEDED: "The grant's calls or rows of the day are used up, or the answer holds more rows than are left.",
  RATE_LIMITED: 'Too many calls in too short a time; wait and try again.',
  OPERATION_TOO_COSTLY: 'The operation passes a limit, which the message names; nothing was executed.',
  LIBRARY_UNAVAILABLE: 'The library does not answer, or its grants are not known now; its items are null and the rest stands.',
  LIBRARY_TIMEOUT: 'The library did not answer in time; its items are null and the rest of the answer stands.',
  BAD_USER_INPUT: 'The request or a value in it is malformed; the message names what, where and the rule.',
  RECORD_UNAVAILABLE: 'The record of who asked for what cannot be written, so nothing is answered.',
  INTERNAL: "A fault of the hub's own; the request id finds it in the log.",
} as const satisfies Record<string, string>;

export type ErrorCode = keyof typeof errorCodes;

/** Whether a code may leave the hub. */
export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorCodes, code);
}

/** An error that a caller may read. The message never holds personal data, SQL or an address. */
export function refuse(code: ErrorCode, message: string, extensions: GraphQLErrorExtensions = {}): GraphQLError {
  return new GraphQLError(message, { extensions: { ...extensions, code } });
}

/** A value that breaks a rule: `argument` says where it stands (`Query.person(idNumber:)`), `rule` what it must be. */
export function badUserInput(argument: string, rule: string): GraphQLError {
  return refuse('BAD_USER_INPUT', `${argument} ${rule}`, { argument });
}
