import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { arrivalLimits } from '@longyuan/settings/arrival-limits.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { isOwnHostHeader } from '@longyuan/settings/loopback.ts';
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { RequestWatch } from '../observe/watch-requests.ts';
import { wordRefusals } from '../request/answer-language.ts';
import { httpRefusal, refusalBody, refusalFor, refuseAddress, sendRefusal } from '../request/http-refusals.ts';
import { cancelCalls, openBudget, REQUEST_ID_HEADER, type RequestBudget, readRequestId, settleBudget } from '../request/request-budget.ts';
import { isOpenToAll } from './allow-origins.ts';
import { logFault } from './answer-errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Opened as the request comes in. */
    budget: RequestBudget;
  }
}

/** Bytes of answers that wait for clients to take them: some of the largest there are. */
const MOST_UNTAKEN_BYTES = 64_000_000;

/** An HTTP server without routes: limits, a request id and a budget for every request, and refusals in the shape of GraphQL answers. */
export function makeHttpServer(settings: Settings, log: Logger, watch: RequestWatch): FastifyInstance {
  const begin = (request: FastifyRequest, reply: FastifyReply): void => {
    const span = watch.arrive(request);
    const budget = openBudget(readRequestId(request.headers[REQUEST_ID_HEADER]), settings.requestTimeoutMs, { span });
    request.budget = budget;
    reply.raw.once('close', () => {
      cancelCalls(budget);
      settleBudget(budget);
      watch.leave(request, reply);
    });
    void reply.header(REQUEST_ID_HEADER, budget.requestId);
  };
  const app = fastify({
    logger: false,
    bodyLimit: settings.maxBodyBytes,
    // A client that sends its request slower than a request may take is not waited for.
    requestTimeout: settings.requestTimeoutMs,
    http: arrivalLimits(settings.requestTimeoutMs),
    keepAliveTimeout: 65_000,
    routerOptions: { ignoreTrailingSlash: true },
    frameworkErrors: (error, request, reply) => {
      begin(request, reply);
      if (isOpenToAll(request.url)) void reply.header('access-control-allow-origin', '*');
      sendRefusal(reply, refusalFor(error));
    },
    clientErrorHandler: refuseConnection,
  });
  // Fastify also reads text/plain on its own; here only JSON is a body.
  app.removeContentTypeParser('text/plain');
  // Fastify wants a decoration's first value; the hook below sets each request's own before anyone reads it.
  app.decorateRequest('budget', null as unknown as RequestBudget);
  app.addHook('onRequest', async (request, reply) => {
    begin(request, reply);
    if (!isOwnHostHeader(request.headers.host, settings.publicUrl)) {
      return sendRefusal(reply, httpRefusal(421, 'FOREIGN_NAME'));
    }
    return undefined;
  });
  wordRefusals(app);
  const noteUntaken = boundUntaken(MOST_UNTAKEN_BYTES);
  app.addHook('onSend', async ({ budget, headers }, reply, payload) => {
    // What was asked with a token is its caller's alone, whatever its address says of it to others.
    if (headers.authorization !== undefined) void reply.header('cache-control', 'no-store');
    // Files come as streams, which wait for their clients a page at a time.
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return;
    noteUntaken(reply.raw, Buffer.byteLength(payload));
    // The work is done; how long its client takes to read it is nobody else's business.
    settleBudget(budget);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = refusalFor(error);
    if (refusal.code === 'INTERNAL') logFault(log, request.budget, error);
    return sendRefusal(reply, refusal);
  });
  app.setNotFoundHandler(refuseAddress);
  return app;
}

/** Answers what is not HTTP at all, in the same shape as everything else. */
function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, id] = clientFaults[error.code ?? ''] ?? (['400 Bad Request', 'NOT_HTTP'] as const);
  const { code, message } = httpRefusal(400, id);
  const body = refusalBody(code, message);
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nX-Request-Id: ${randomUUID()}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

const clientFaults: Readonly<Record<string, readonly [status: string, id: 'HEADERS_TOO_LONG' | 'ARRIVED_LATE']>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'HEADERS_TOO_LONG'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'ARRIVED_LATE'],
};

/** Answers smaller than this find room in the buffers of a connection: they wait for nobody. */
const SMALL_BYTES = 16_384;

/**
 * Bounds what answers take that clients do not take off the hub: past `mostBytes` together, those that wait longest are broken off, with
 * their connections. Whoever reads at all is done long before. Told of each answer as it is sent.
 */
export function boundUntaken(mostBytes: number): (response: ServerResponse, bytes: number) => void {
  // In the order in which they were sent.
  const waiting = new Map<ServerResponse, number>();
  let total = 0;
  const forget = (response: ServerResponse): void => {
    total -= waiting.get(response) ?? 0;
    waiting.delete(response);
  };
  return (response, bytes) => {
    if (bytes < SMALL_BYTES || waiting.has(response)) return;
    waiting.set(response, bytes);
    total += bytes;
    response.once('close', () => forget(response));
    for (const oldest of waiting.keys()) {
      if (total <= mostBytes || oldest === response) return;
      forget(oldest);
      oldest.destroy();
    }
  };
}
