import type { ErrorCode } from '@longyuan/schema/src/error-codes.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import { type RefusalId, refusals } from '@longyuan/schema/src/words/catalogue.ts';
import type { Filling } from '@longyuan/schema/src/words/sentence.ts';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { inLanguageOf } from './answer-language.ts';
import { noteCode } from './request-budget.ts';

/** What a request that never became GraphQL is told: always JSON in the shape of a GraphQL answer. */
export type Refusal = Readonly<{ status: number; code: ErrorCode; message: string; retryAfterSeconds?: number }>;

const byCode: Readonly<Record<string, Refusal>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: httpRefusal(413, 'BODY_TOO_LARGE'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: httpRefusal(415, 'SEND_JSON'),
  FST_ERR_CTP_EMPTY_JSON_BODY: httpRefusal(400, 'BODY_EMPTY'),
  FST_ERR_CTP_INVALID_JSON_BODY: httpRefusal(400, 'BODY_MALFORMED'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: httpRefusal(400, 'BODY_OTHER_LENGTH'),
  FST_ERR_BAD_URL: httpRefusal(400, 'ADDRESS_MALFORMED'),
};

/** A refusal with a status and a sentence of the catalogue. */
export function httpRefusal<Id extends RefusalId>(status: number, id: Id, ...holes: Filling<(typeof refusals)[Id]['en']>): Refusal {
  return { status, code: refusals[id].code, message: refuse(id, ...holes).message };
}

/** A refusal for a fault that Fastify found, and INTERNAL for every other. */
export function refusalFor(error: Pick<FastifyError, 'code' | 'statusCode'>): Refusal {
  const known = byCode[error.code];
  if (known) return known;
  const { statusCode = 500 } = error;
  return statusCode >= 400 && statusCode < 500 ? httpRefusal(statusCode, 'REQUEST_MALFORMED') : httpRefusal(500, 'HUB_FAULT');
}

/** What is answered where nothing is served. */
export function refuseAddress(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (/^(\/public)?\/graphql$/.test(request.url.split('?', 1)[0] ?? '')) {
    void reply.header('allow', 'GET, POST');
    return sendRefusal(reply, httpRefusal(405, 'SEND_WITH_POST'));
  }
  return sendRefusal(reply, httpRefusal(404, 'NOTHING_HERE'));
}

/** Sends it in the shape of a GraphQL answer, in the language of the request. */
export function sendRefusal(reply: FastifyReply, { status, code, message, retryAfterSeconds }: Refusal): FastifyReply {
  noteCode(reply.request.budget.notes, code);
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  // Of this moment, and some with an address in it.
  void reply.header('cache-control', 'no-store');
  return reply
    .code(status)
    .type('application/json; charset=utf-8')
    .send(inLanguageOf(reply, refusalBody(code, message, retryAfterSeconds)));
}

/** The body of a refusal. */
export function refusalBody(code: ErrorCode, message: string, retryAfterSeconds?: number): string {
  return JSON.stringify({ errors: [{ message, extensions: { code, retryAfterSeconds } }] });
}
