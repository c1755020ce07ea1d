import { refuse } from '@longyuan/schema/src/refuse.ts';
import { foreignHeader } from '@longyuan/settings/loopback.ts';
import type { AnswerOf } from '@longyuan/trust/routes/route.ts';
import { sealRoute } from '@longyuan/trust/routes/seal.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AcceptedWarrant, Admission, AdmittedCall, SecondDoor } from './second-door.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the second door found of the call; null before it, and on open routes. */
    admitted: { readonly call: AdmittedCall; isBodyChecked: boolean } | null;
  }
}

/** Routes that are answered without a warrant: one says the library's state, the others check themselves whom they answer. */
const OPEN_ROUTES: ReadonlySet<string | undefined> = new Set(['/health', sealRoute.path, '/metrics']);
const NO_BODY = new Uint8Array();

/** A library's second door, and whether a host's name (in small letters, without a port) is the library's own; left out: this machine's. */
type GuardedDoor = Readonly<{ library: string; door: SecondDoor; isOwnHost?: (host: string) => boolean }>;

const foreigners = { Host: 'FOREIGN_HOST', Origin: 'FOREIGN_ORIGIN' } as const;

/** Gives the warrant that a call came with. */
export type WarrantOf = (request: FastifyRequest) => AcceptedWarrant;

/**
 * Puts the second door before every route but the open ones, and lets nobody in under another host's name or from a page of a browser, whatever its path or method, and reads bodies as JSON alone. Without a valid
 * warrant and seal a call is 401 before its body is read; with another body than was sealed, before that is parsed.
 * @returns what gives the warrant that a call came with.
 */
export function guardRoutes(app: FastifyInstance, parts: GuardedDoor): WarrantOf {
  const { library, door, isOwnHost } = parts;
  app.decorateRequest('admitted', null);

  app.addHook('onRequest', (request, reply, done) => {
    const foreign = foreignHeader(request.headers, isOwnHost);
    if (foreign !== null) {
      void reply.code(foreign === 'Host' ? 421 : 403).send({ errors: [refuse(foreigners[foreign]).toJSON()] });
      return;
    }
    if (OPEN_ROUTES.has(request.routeOptions.url)) {
      done();
      return;
    }
    const proceed = (call: Admission): void => {
      if (typeof call === 'string') {
        void refuseCall(reply, library, call === 'SEAL_UNKNOWN' ? call : undefined);
        return;
      }
      request.admitted = { call, isBodyChecked: false };
      done();
    };
    const call = door.admit({ method: request.method, target: request.url, headers: request.headers });
    if (call instanceof Promise) call.then(proceed, done);
    else proceed(call);
  });

  const isBodySealed = ({ admitted }: FastifyRequest, body: Uint8Array): boolean => {
    if (!admitted || admitted.isBodyChecked) return true;
    admitted.isBodyChecked = true;
    return admitted.call.isSealedBody(body);
  };
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (isBodySealed(request, body)) parse(request, body.toString(), done);
    else done(new UnsealedBody());
  });
  // A call without a body meets no parser.
  app.addHook('preValidation', (request, _reply, done) => {
    if (isBodySealed(request, NO_BODY)) done();
    else done(new UnsealedBody());
  });

  app.post(sealRoute.path, { bodyLimit: 10_000 }, async ({ body }, reply) => {
    const read = sealRoute.question.safeParse(body);
    const answer = read.success ? await door.agree(read.data.offer) : null;
    return answer === null ? refuseCall(reply, library) : ({ answer } satisfies AnswerOf<typeof sealRoute>);
  });
  return ({ admitted }) => {
    if (!admitted) throw refuse('NO_WARRANT');
    return admitted.call.warrant;
  };
}

/** The body is not the one that was sealed, or came before. */
class UnsealedBody extends Error {
  readonly statusCode = 401;
}

/** The one answer to every call that is not admitted. */
export function refuseCall(reply: FastifyReply, library: string, reason?: 'SEAL_UNKNOWN'): FastifyReply {
  return reply.code(401).send({ errors: [refuse('NO_VALID_WARRANT', { library }, reason && { reason }).toJSON()] });
}
