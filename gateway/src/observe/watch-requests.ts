import type { ApolloServerPlugin } from '@apollo/server';
import type { Caller } from '@longyuan/access/caller.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { plainName } from '@longyuan/telemetry/plain-name.ts';
import type { Span, Tracing } from '@longyuan/telemetry/span.ts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GatewayContext } from '../request/gateway-context.ts';
import { CLIENT_LEFT, codesOf, noteCode } from '../request/request-budget.ts';
import { doorOf, type GatewayFigures } from './gateway-figures.ts';

/** Looks on from a request's first moment to its last: figures, a line in the log, the span of its trace. */
export type RequestWatch = Readonly<{
  /** As it comes in; its span. */
  arrive(request: FastifyRequest): Span;
  /** Once it is answered, or its client has left. */
  leave(request: FastifyRequest, reply: FastifyReply): void;
}>;

declare module 'fastify' {
  interface FastifyRequest {
    /** When it came in, and how many bytes its connection had carried out until then. */
    begun: Readonly<{ atMs: number; written: number }>;
  }
}

/** Makes the watch of a gateway. `addressOf` null: the log does not say where requests come from. */
export function watchRequests(parts: {
  log: Logger;
  tracing: Tracing;
  figures: Pick<GatewayFigures, 'arrived' | 'answered'>;
  addressOf: ((request: FastifyRequest) => string) | null;
}): RequestWatch {
  const { log, tracing, figures, addressOf } = parts;
  return {
    arrive: (request) => {
      request.begun = { atMs: performance.now(), written: request.raw.socket.bytesWritten };
      figures.arrived();
      return tracing.take(`${request.method} ${request.routeOptions.url ?? ''}`.trimEnd(), request.headers);
    },
    leave: (request, reply) => {
      const { atMs, written } = request.begun;
      const { notes, span, requestId } = request.budget;
      const status = reply.raw.writableFinished ? reply.statusCode : CLIENT_LEFT;
      const seconds = (performance.now() - atMs) / 1_000;
      const codes = codesOf(notes, status);
      // As it is registered: what stands in the address instead of its parameters may be anything.
      const path = request.routeOptions.url;
      const door = doorOf(path);
      figures.answered(door, { status, codes, seconds });
      const who = callerIn(notes.caller);
      if (span.traceId !== null) {
        span.set({
          ...{ 'http.request.method': request.method, 'http.response.status_code': status, 'longyuan.request_id': requestId },
          ...(path !== undefined && { 'http.route': path }),
          ...(notes.kind !== null && { 'graphql.operation.type': notes.kind }),
          ...(notes.operation !== null && { 'graphql.operation.name': notes.operation }),
          ...(who.caller !== undefined && { 'longyuan.caller': who.caller }),
          ...(who.department !== undefined && { 'longyuan.department': who.department }),
          ...(codes.size > 0 && { 'longyuan.codes': [...codes.keys()].join(' ') }),
        });
        span.end(status >= 500 ? (codes.keys().next().value ?? 'INTERNAL') : undefined);
      }
      const level = door === 'health' ? 'debug' : 'info';
      if (!log.isLevelEnabled(level)) return;
      log[level](
        {
          ...{ requestId, method: request.method, path: path ?? null, status, ms: Math.round(seconds * 10_000) / 10 },
          bytes: bytesOf(reply) ?? Math.max(0, request.raw.socket.bytesWritten - written),
          ...who,
          ...(notes.kind !== null && { operation: notes.operation ?? undefined, kind: notes.kind }),
          ...(codes.size > 0 && { codes: [...codes.keys()] }),
          ...(span.traceId !== null && { traceId: span.traceId }),
          ...(addressOf && { address: addressOf(request) }),
        },
        'request',
      );
    },
  };
}

/** The kind of a caller, and which department it is: never a person or a firm. */
function callerIn(caller: Caller | null): Readonly<{ caller?: string; department?: string }> {
  if (!caller) return {};
  return caller.kind === 'department' ? { caller: caller.kind, department: caller.uscc } : { caller: caller.kind };
}

/** Bytes of the body where they were known before it was sent; else what went over the connection counts, head and all. */
function bytesOf(reply: FastifyReply): number | null {
  const length = reply.getHeader('content-length');
  return length === undefined ? null : Number(length);
}

/** Notes of each operation what it is and how it ended, and how long it took to read it. */
export const watchOperations: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async ({ contextValue: { budget, notes } }) => ({
    parsingDidStart: async () => {
      const span = budget.span.begin('parse');
      return async (error) => span.end(error && 'BAD_USER_INPUT');
    },
    didResolveOperation: async ({ operation, operationName }) => {
      notes.kind = operation?.operation ?? null;
      notes.operation = plainName(operationName);
    },
    willSendResponse: async ({ response: { body } }) => {
      if (body.kind !== 'single') return;
      for (const error of body.singleResult.errors ?? []) noteCode(notes, error.extensions?.['code']);
    },
  }),
};
