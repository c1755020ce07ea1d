import type { ErrorCode } from '@longyuan/schema/src/error-codes.ts';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { INTERNAL_MESSAGE } from './answer-errors.ts';

/** What a request that never became GraphQL is told: always JSON in the shape of a GraphQL answer. */
export type Refusal = Readonly<{ status: number; code: ErrorCode; message: string; retryAfterSeconds?: number }>;

const byCode: Readonly<Record<string, Refusal>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    code: 'BAD_USER_INPUT',
    message: 'The body is larger than is read here (HUB_MAX_BODY_BYTES).',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: { status: 415, code: 'BAD_USER_INPUT', message: 'Send the body as Content-Type: application/json.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, code: 'BAD_USER_INPUT', message: 'The body is empty; send a JSON object with "query".' },
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, code: 'BAD_USER_INPUT', message: 'The body is not well-formed JSON.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { status: 400, code: 'BAD_USER_INPUT', message: 'The body is not as long as Content-Length says.' },
  FST_ERR_BAD_URL: { status: 400, code: 'BAD_USER_INPUT', message: 'The address is not well formed.' },
};

/** A refusal for a fault that Fastify found, and INTERNAL for every other. */
export function refusalFor(error: Pick<FastifyError, 'code' | 'statusCode'>): Refusal {
  const known = byCode[error.code];
  if (known) return known;
  const { statusCode = 500 } = error;
  if (statusCode >= 400 && statusCode < 500)
    return { status: statusCode, code: 'BAD_USER_INPUT', message: 'The request is not well formed.' };
  return { status: 500, code: 'INTERNAL', message: INTERNAL_MESSAGE };
}

/** What is answered where nothing is served. */
export function refuseAddress(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (/^(\/public)?\/graphql$/.test(request.url.split('?', 1)[0] ?? '')) {
    void reply.header('allow', 'GET, POST');
    return sendRefusal(reply, { status: 405, code: 'BAD_USER_INPUT', message: 'Send operations with POST.' });
  }
  return sendRefusal(reply, { status: 404, code: 'BAD_USER_INPUT', message: 'There is nothing at this address.' });
}

/** Sends it in the shape of a GraphQL answer. */
export function sendRefusal(reply: FastifyReply, { status, code, message, retryAfterSeconds }: Refusal): FastifyReply {
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  // Of this moment, and some with an address in it.
  void reply.header('cache-control', 'no-store');
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(refusalBody(code, message, retryAfterSeconds));
}

/** The body of a refusal. */
export function refusalBody(code: ErrorCode, message: string, retryAfterSeconds?: number): string {
  return JSON.stringify({ errors: [{ message, extensions: { code, retryAfterSeconds } }] });
}
