import { isErrorCode } from '@longyuan/schema/src/error-codes.ts';
import type { GraphQLFormattedError } from 'graphql';

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
const WRONG_HASHES: Readonly<Record<string, string>> = {
  'provided sha does not match query': 'extensions.persistedQuery.sha256Hash is not the SHA-256 of the query that came with it.',
  'Unsupported persisted query version':
    'extensions.persistedQuery must be { "version": 1, "sha256Hash": "…" }, with the SHA-256 of the query in small hexadecimal digits.',
};

const MAX_MESSAGE_LENGTH = 600;

/** The message of INTERNAL: all that a caller learns of the hub's own faults. */
export const INTERNAL_MESSAGE = 'A fault of the hub itself. The request id finds it in the log.';

/**
 * The error as it leaves the hub: a code of `error-codes.ts`, and only what belongs to it. Whatever has no such code becomes INTERNAL
 * and keeps its message to itself.
 */
export function presentError(error: GraphQLFormattedError): GraphQLFormattedError {
  const { message, locations, path, extensions = {} } = error;
  const given = extensions['code'];
  if (given === 'GRAPHQL_PARSE_FAILED' && !message.startsWith('Syntax Error')) {
    // Only the parser's own recursion ends without a syntax error.
    return {
      message: 'The operation nests too deeply to be read (HUB_MAX_DEPTH).',
      extensions: { code: 'OPERATION_TOO_COSTLY', limit: 'HUB_MAX_DEPTH' },
    };
  }
  const tokens = given === 'GRAPHQL_PARSE_FAILED' ? /more that (\d+) tokens/.exec(message)?.[1] : undefined;
  if (tokens !== undefined) {
    return {
      message: `The operation has more than the ${tokens} tokens that are allowed (HUB_MAX_TOKENS).`,
      extensions: { code: 'OPERATION_TOO_COSTLY', limit: 'HUB_MAX_TOKENS', value: Number(tokens) },
    };
  }
  const wrongHash = given === 'INTERNAL_SERVER_ERROR' || given === undefined ? WRONG_HASHES[message] : undefined;
  if (wrongHash !== undefined) return { message: wrongHash, extensions: { code: 'BAD_USER_INPUT' } };
  const code = MALFORMED.has(String(given)) ? 'BAD_USER_INPUT' : given;
  const where = path ? { path: path.filter(isPartOfResponse) } : {};
  if (!isErrorCode(code) || code === 'INTERNAL') {
    const kept = pick(extensions, ['library', 'requestId']);
    return { message: INTERNAL_MESSAGE, ...where, extensions: { ...kept, code: 'INTERNAL' } };
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
