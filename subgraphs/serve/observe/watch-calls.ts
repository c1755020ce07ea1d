import type { Caller } from '@longyuan/access/caller.ts';
import type { CallAbout } from '@longyuan/prisma/store/connect/call.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { NO_SPAN, type Tracing } from '@longyuan/telemetry/span.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { LibraryFigures } from './library-figures.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What is told of the call, in the log, in figures and in its trace, and when it began. */
    about: CallAbout & Readonly<{ begunAtMs: number }>;
  }
}

/** Asked again and again whatever callers do: told at debug alone, and never traced. */
const OVER_AND_OVER: ReadonlySet<string | undefined> = new Set(['/health', '/metrics', '/grants/list']);
/** Said instead of a status where the gateway left before it had its answer. */
const LEFT = 499;
const WELL_FORMED = /^[A-Za-z0-9._-]{8,64}$/;

/**
 * Looks on from a call's first moment to its last: figures, a line in the log (info), and the span of what is let in.
 * To be set before the second door, whose time is part of it.
 */
export function watchCalls(
  app: FastifyInstance,
  parts: { log: Logger; tracing: Tracing; figures: Pick<LibraryFigures, 'answered'> },
): void {
  const { log, tracing, figures } = parts;
  // Fastify wants a decoration's first value; the hook below sets each call's own before anyone reads it.
  app.decorateRequest('about', null as unknown as FastifyRequest['about']);
  app.addHook('onRequest', (request, reply, done) => {
    request.about = { requestId: requestIdOf(request), span: NO_SPAN, codes: new Set(), begunAtMs: performance.now() };
    reply.raw.once('close', () => leave(request, reply));
    done();
  });

  function leave(request: FastifyRequest, reply: FastifyReply): void {
    const { span, codes, begunAtMs } = request.about;
    // What whoever was not let in sent along may be anything.
    const requestId = request.admitted ? request.about.requestId : null;
    const status = reply.raw.writableFinished ? reply.statusCode : LEFT;
    const seconds = (performance.now() - begunAtMs) / 1_000;
    const path = request.routeOptions.url;
    figures.answered({ path, status, codes, seconds });
    const caller = request.admitted?.call.warrant.caller;
    if (span.traceId !== null) {
      span.set({
        ...{ 'http.request.method': request.method, 'http.response.status_code': status },
        ...(path !== undefined && { 'http.route': path }),
        ...(requestId !== null && { 'longyuan.request_id': requestId }),
        ...(caller && { 'longyuan.caller': caller.kind }),
        ...(codes.size > 0 && { 'longyuan.codes': [...codes].join(' ') }),
      });
      span.end(status >= 500 ? ([...codes][0] ?? 'INTERNAL') : undefined);
    }
    const level = OVER_AND_OVER.has(path) ? 'debug' : 'info';
    if (!log.isLevelEnabled(level)) return;
    log[level](
      {
        ...{ requestId, method: request.method, path: path ?? null, status, ms: Math.round(seconds * 10_000) / 10 },
        bytes: Number(reply.getHeader('content-length') ?? 0),
        ...(caller && callerIn(caller)),
        ...(codes.size > 0 && { codes: [...codes] }),
        ...(span.traceId !== null && { traceId: span.traceId }),
      },
      'call',
    );
  }

  app.addHook('preParsing', (request, _reply, _payload, done) => {
    // Nobody's trace is taken on before the second door has let them in.
    if (request.admitted && !OVER_AND_OVER.has(request.routeOptions.url)) {
      const { begunAtMs } = request.about;
      const span = tracing.take(`${request.method} ${request.routeOptions.url ?? ''}`, request.headers, begunAtMs);
      span.begin('verify', {}, begunAtMs).end();
      request.about = { ...request.about, span };
    }
    done();
  });
}

function requestIdOf({ headers }: FastifyRequest): string | null {
  const id = headers['x-request-id'];
  return typeof id === 'string' && WELL_FORMED.test(id) ? id : null;
}

function callerIn(caller: Caller): Readonly<{ caller: string; department?: string }> {
  return caller.kind === 'department' ? { caller: caller.kind, department: caller.uscc } : { caller: caller.kind };
}
