import { isErrorCode } from '@longyuan/schema/src/error-codes.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import { logFault as logStack } from '@longyuan/settings/fault.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { RequestBudget } from '../request/request-budget.ts';

/** What may stand in `extensions` of an error that leaves the hub. */
const EXTENSIONS = [
  'code',
  'library',
  'argument',
  'limit',
  'value',
  'item',
  'itemCode',
  'resource',
  'owner',
  'apply',
  'purposes',
  'retryAfterSeconds',
  'requestId',
  'term',
  'left',
  'resetsAt',
];

/** Codes of Apollo Server and of graphql's parser that say: the request is malformed. */
const MALFORMED = new Set([
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);

/** What Apollo Server says of hashes of operations without a code, in the hub's words. */
const WRONG_HASHES: Readonly<Record<string, 'HASH_OF_ANOTHER' | 'HASH_MALFORMED'>> = {
  'provided sha does not match query': 'HASH_OF_ANOTHER',
  'Unsupported persisted query version': 'HASH_MALFORMED',
};

const MAX_MESSAGE_LENGTH = 600;

/**
 * The error as it leaves the hub: a code of `error-codes.ts`, and only what belongs to it. Whatever has no such code becomes INTERNAL
 * and keeps its message to itself.
 */
export function presentError(error: GraphQLFormattedError): GraphQLFormattedError {
  const { message, locations, path, extensions = {} } = error;
  const given = extensions['code'];
  if (given === 'GRAPHQL_PARSE_FAILED' && !message.startsWith('Syntax Error')) {
    // Only the parser's own recursion ends without a syntax error.
    return refuse('TOO_DEEP_TO_READ', {}, { limit: 'HUB_MAX_DEPTH' }).toJSON();
  }
  const tokens = given === 'GRAPHQL_PARSE_FAILED' ? /more that (\d+) tokens/.exec(message)?.[1] : undefined;
  if (tokens !== undefined) {
    return refuse('TOO_MANY_TOKENS', { number: tokens }, { limit: 'HUB_MAX_TOKENS', value: Number(tokens) }).toJSON();
  }
  const wrongHash = given === 'INTERNAL_SERVER_ERROR' || given === undefined ? WRONG_HASHES[message] : undefined;
  if (wrongHash !== undefined) return refuse(wrongHash).toJSON();
  const code = MALFORMED.has(String(given)) ? 'BAD_USER_INPUT' : given;
  const where = path ? { path: path.filter(isPartOfResponse) } : {};
  if (!isErrorCode(code) || code === 'INTERNAL') {
    const kept = pick(extensions, ['library', 'requestId']);
    return { message: refuse('HUB_FAULT').message, ...where, extensions: { ...kept, code: 'INTERNAL' } };
  }
  return {
    message: message.length > MAX_MESSAGE_LENGTH ? `${message.slice(0, MAX_MESSAGE_LENGTH)}…` : message,
    ...(locations && { locations }),
    ...where,
    extensions: { ...pick(extensions, EXTENSIONS), code },
  };
}

/** The plan's `@` stands for every place of a list: an error that is about all of them names the field, without an index. */
function isPartOfResponse(part: string | number): boolean {
  return part !== '@';
}

function pick(from: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name]]));
}

/**
 * Logs an error that its caller reads as INTERNAL, once in a request, with its whole stack and nothing that it says; every other is the
 * caller's own to know. What a library says of a fault of its own stands in that library's log.
 */
export function logFault(log: Logger, budget: Pick<RequestBudget, 'requestId'>, error: Error | GraphQLError): void {
  const extensions = 'extensions' in error ? error.extensions : {};
  if (presentError({ message: error.message, extensions }).extensions?.['code'] !== 'INTERNAL') return;
  const { requestId } = budget;
  if (typeof extensions['library'] === 'string') {
    log.debug({ requestId, library: extensions['library'] }, 'a library met a fault of its own');
    return;
  }
  const cause = 'originalError' in error && error.originalError ? error.originalError : error;
  logStack(log, cause, { what: 'fault of the hub', within: budget, of: { requestId } });
}
