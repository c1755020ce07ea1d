import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { AccessOf } from '@longyuan/access/access-set.ts';
import { roomOf } from '@longyuan/access/caller.ts';
import { type Call, duringCall, openCall } from '@longyuan/prisma/store/connect/call.ts';
import type { StoreState } from '@longyuan/prisma/store/connect/watch-store.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import { arrivalLimits } from '@longyuan/settings/arrival-limits.ts';
import { logFault } from '@longyuan/settings/fault.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { withinTime } from '@longyuan/settings/within-time.ts';
import type { MetricsDoor } from '@longyuan/telemetry/metrics-door.ts';
import type { Tracing } from '@longyuan/telemetry/span.ts';
import { holdingsRoute } from '@longyuan/trust/routes/holdings.ts';
import { ownRowsRoute } from '@longyuan/trust/routes/own-rows.ts';
import { qualityRoute } from '@longyuan/trust/routes/quality.ts';
import type { AnswerOf } from '@longyuan/trust/routes/route.ts';
import { subjectKeyRoute } from '@longyuan/trust/routes/subject-key.ts';
import type { SealedCursors } from '@longyuan/trust/sealed-cursor.ts';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { QualityDesk } from './desks/quality/answer-quality.ts';
import type { Citizen, OwnRowsOf } from './door/find-own-rows.ts';
import { guardRoutes, refuseCall } from './door/guard-routes.ts';
import type { ServerTls } from './door/read-tls.ts';
import type { SecondDoor } from './door/second-door.ts';
import { makeServe, type Serve, sendError } from './door/serve-route.ts';
import type { LibraryFigures } from './observe/library-figures.ts';
import { watchCalls } from './observe/watch-calls.ts';
import type { WarrantedCall } from './pipeline.ts';
import type { VerificationsFor } from './verification/open-verifications.ts';

/** Representations of entities make a call longer than the client's own request was. */
const LEAST_BODY_BYTES = 4_000_000;
/** Longer than the gateway keeps its end of a connection open, so that it never writes into one being closed. */
const KEEP_ALIVE_MS = 75_000;

type Answering = Readonly<{
  library: string;
  apollo: ApolloServer<WarrantedCall>;
  state: () => StoreState;
  door: SecondDoor;
  /** The owner's own decision over a caller and a purpose. */
  accessOf: AccessOf;
  makeLoaders: () => unknown;
  verificationsFor: VerificationsFor;
  cursors: SealedCursors;
  /** More questions behind the same door. */
  routes?: (serve: Serve) => void;
  /** Null: this library does not know persons by their numbers. */
  personKey: ((idNumber: string) => Promise<string | null>) | null;
  /** Signs for another library (`to`) which of its rows are the citizen's own; null: no row of this library leads to any. */
  tellOwnRows: ((caller: Citizen, to: string) => Promise<string>) | null;
  /** The rows of this library that are a call's caller's own, where they do not say so themselves. */
  ownRowsOf: OwnRowsOf;
  /** Answers `POST /quality`: how good the library's data are, in counts and keys that say nothing. */
  quality: QualityDesk;
  /** Tells what the library holds, as it was counted last. */
  holdings: () => AnswerOf<typeof holdingsRoute>;
  /** Looks on while it answers. */
  observe: Readonly<{ log: Logger; tracing: Tracing; figures: LibraryFigures; mayMeasure: MetricsDoor }>;
  /** Told when a call was not answered within `timeoutMs`. */
  onTimeout: () => void;
  timeoutMs: number;
  maxBodyBytes: number;
  /** Null: plain HTTP. */
  tls: ServerTls | null;
  /** Whether a host's name is the library's own; left out: this machine's names. */
  isOwnHost?: (host: string) => boolean;
}>;

/**
 * The library's HTTP: `GET /health` for everyone, `POST /seal` for a gateway that begins, and, with a valid warrant for this very library under
 * a valid seal, `POST /graphql` and the hub's own questions (`trust/routes/`): whose number it is, where the library knows persons; what is a
 * person's own elsewhere, where its rows lead there; quality, holdings, and what `routes` adds. Anything else, whatever its path, is 401.
 */
export function answerHttp(answering: Answering): FastifyInstance {
  const arrival = arrivalLimits(answering.timeoutMs);
  const app = fastify({
    bodyLimit: Math.max(answering.maxBodyBytes, LEAST_BODY_BYTES),
    keepAliveTimeout: KEEP_ALIVE_MS,
    // A caller that sends its call slower than a request may take is not waited for.
    requestTimeout: answering.timeoutMs,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    ...(answering.tls ? { https: { ...answering.tls, ...arrival } } : { http: arrival }),
  });

  const { log, figures, mayMeasure } = answering.observe;
  watchCalls(app, answering.observe);
  const warrantOf = guardRoutes(app, answering);
  app.setNotFoundHandler((_request, reply) => sendError(reply, 404, refuse('NO_SUCH_PATH')));
  app.setErrorHandler((error, request, reply) => {
    const status = statusOf(error);
    if (status === 401) return refuseCall(reply, answering.library);
    if (status < 500) return sendError(reply, status, refuse(malformed[status] ?? 'NO_GRAPHQL_REQUEST'));
    const { requestId } = request.about;
    logFault(log, error, { what: 'a call could not be answered', of: { ...(requestId !== null && { requestId }) } });
    return sendError(reply, 500, refuse('LIBRARY_FAULT', { library: answering.library }));
  });

  app.get('/health', async () => ({ state: answering.state() }));
  app.get('/metrics', async ({ headers, socket }, reply) => {
    if (!mayMeasure({ headers, address: socket.remoteAddress ?? '' })) return refuseCall(reply, answering.library);
    return reply.type(figures.contentType).send(await figures.print());
  });

  const answer = fastifyApolloHandler(answering.apollo, {
    context: async (request) => {
      const call = warrantOf(request);
      const { caller, purpose, items } = call;
      const access = answering.accessOf(caller, purpose, await answering.ownRowsOf(call));
      const { verificationsFor, cursors } = answering;
      return { items, context: { caller, purpose, access, loaders: answering.makeLoaders(), verificationsFor, cursors } };
    },
  });
  /** What is done for a call's own caller; it ends with the call, whether that was answered or given up. */
  const forCaller = <Answer>(request: FastifyRequest, reply: FastifyReply, ask: () => Promise<Answer>) => {
    const call = openCall(roomOf(warrantOf(request).caller), request.about);
    // The gateway gives a call up by closing its connection.
    reply.raw.once('close', call.end);
    return inTime(reply, () => duringCall(call, ask), call);
  };
  const inTime = <Answer>(reply: FastifyReply, ask: () => Promise<Answer>, call?: Call): Promise<Answer | FastifyReply> =>
    withinTime(ask(), answering.timeoutMs, () => {
      // One that was given up before says nothing of the library.
      if (!call?.isOver()) answering.onTimeout();
      call?.end();
      return sendError(reply, 504, refuse('LATE_LIBRARY', { library: answering.library, number: answering.timeoutMs }));
    });
  const isReady = () => answering.state() === 'READY';
  app.post('/graphql', async (request, reply) => {
    if (!isReady()) return sendError(reply, 503, refuse('NOT_READY', { library: answering.library }));
    return forCaller(request, reply, async () => answer.call(app, request, reply));
  });
  const serve = makeServe(app, { library: answering.library, warrantOf, isReady });
  answering.routes?.(serve);
  const { personKey, tellOwnRows } = answering;
  if (personKey) serve(subjectKeyRoute, ({ idNumber }, { reply }) => inTime(reply, async () => ({ key: await personKey(idNumber) })));
  if (tellOwnRows) {
    serve(ownRowsRoute, async ({ library }, { warrant: { caller }, request, reply }) => {
      // Of nobody but the caller of the warrant.
      if (caller.kind !== 'citizen') return sendError(reply, 401, refuse('NOT_FOR_OWN_ROWS'));
      return forCaller(request, reply, async () => ({ told: await tellOwnRows(caller, library) }));
    });
  }
  serve(qualityRoute, (question, { reply }) =>
    inTime(reply, async () => (await answering.quality(question)) ?? sendError(reply, 400, refuse('NO_QUALITY_QUESTION'))),
  );
  serve(holdingsRoute, async () => answering.holdings());
  return app;
}

const malformed: Readonly<Record<number, 'BODY_BEYOND_LIBRARY' | 'BODY_NOT_JSON'>> = { 413: 'BODY_BEYOND_LIBRARY', 415: 'BODY_NOT_JSON' };

function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : 500;
  return typeof status === 'number' && status >= 400 ? status : 500;
}
