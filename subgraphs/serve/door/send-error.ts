import { isErrorCode } from '@longyuan/schema/src/error-codes.ts';
import type { FastifyReply } from 'fastify';
import type { GraphQLError } from 'graphql';

/** Answers a call with one error, whose code is told of the call. */
export function sendError(reply: FastifyReply, status: number, error: GraphQLError): FastifyReply {
  const { code } = error.extensions;
  if (isErrorCode(code)) reply.request.about.codes.add(code);
  return reply.code(status).send({ errors: [error.toJSON()] });
}
