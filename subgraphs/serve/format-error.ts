import { unwrapResolverError } from '@apollo/server/errors';
import { callNow } from '@longyuan/prisma/store/connect/call.ts';
import { type ErrorCode, isErrorCode } from '@longyuan/schema/src/error-codes.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import { logFault } from '@longyuan/settings/fault.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { GraphQLFormattedError } from 'graphql';
import { answerTrouble, type Doubt } from './door/answer-trouble.ts';

/** Apollo's own codes for requests it does not execute. */
const MALFORMED = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'PERSISTED_QUERY_NOT_FOUND',
]);

/**
 * Turns an error into what may leave the library. Codes of the hub pass; a database that cannot be asked is
 * LIBRARY_UNAVAILABLE; all else is INTERNAL, and logged by type, code and stack alone.
 */
export function errorFormatter(options: { library: string; log: Pick<Logger, 'error'>; doubt: Doubt }) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const code = formatted.extensions?.['code'];
    if (code === 'BAD_USER_INPUT') return { ...formatted, message: withoutValue(formatted.message) };
    if (isErrorCode(code)) return formatted;
    if (typeof code === 'string' && MALFORMED.has(code)) return recoded(formatted, 'BAD_USER_INPUT', formatted.message);
    const thrown = unwrapResolverError(error);
    const trouble = answerTrouble(thrown, options);
    if (trouble) return recoded(formatted, trouble.extensions['code'] as ErrorCode, trouble.message);
    const about = callNow()?.about;
    const requestId = about?.requestId ?? null;
    logFault(options.log, thrown, {
      what: 'a field could not be answered',
      of: { ...(requestId !== null && { requestId }) },
      ...(about && { within: about }),
    });
    return recoded(formatted, 'INTERNAL', refuse('LIBRARY_FAULT', { library: options.library }).message);
  };
}

function recoded({ path, locations }: GraphQLFormattedError, code: ErrorCode, message: string): GraphQLFormattedError {
  return { message, ...(locations && { locations }), ...(path && { path }), extensions: { code } };
}

/** graphql-js quotes the value of a variable that has the wrong type. */
function withoutValue(message: string): string {
  const found = /^Variable "(\$\w+)" got invalid value/.exec(message);
  return found ? refuse('VARIABLE_TYPE', { variable: found[1] ?? '' }).message : message;
}
