import { refuse } from '@longyuan/schema/src/error-codes.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { AdmittedCall, SecondDoor } from './second-door.ts';
import type { AcceptedWarrant } from './verify-call.ts';

/** Routes that are answered without a warrant: the one says the library's state, the other checks what it is sent by itself. */
const OPEN_ROUTES: ReadonlySet<string | undefined> = new Set(['/health', '/seal']);
const NO_BODY = new Uint8Array();

/** Gives the warrant that a call came with. */
export type WarrantOf = (request: FastifyRequest) => AcceptedWarrant;

/**
 * Puts the second door before every route but the open ones, whatever its path or method, and reads bodies as JSON alone. Without a valid
 * warrant and seal a call is 401 before its body is read; with another body than was sealed, before that is parsed.
 * @returns what gives the warrant that a call came with.
 */
export function guardRoutes(app: FastifyInstance, parts: Readonly<{ library: string; door: SecondDoor }>): WarrantOf {
  const { library, door } = parts;
  const admitted = new WeakMap<FastifyRequest, AdmittedCall & { isBodyChecked: boolean }>();

  app.addHook('onRequest', async (request, reply) => {
    if (OPEN_ROUTES.has(request.routeOptions.url)) return;
    const call = await door.admit({ method: request.method, target: request.url, headers: request.headers });
    if (typeof call === 'string') await refuseCall(reply, library, call === 'SEAL_UNKNOWN' ? call : undefined);
    else admitted.set(request, { ...call, isBodyChecked: false });
  });

  const isBodySealed = (request: FastifyRequest, body: Uint8Array): boolean => {
    const call = admitted.get(request);
    if (!call || call.isBodyChecked) return true;
    call.isBodyChecked = true;
    return call.isSealedBody(body);
  };
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (isBodySealed(request, body)) parse(request, body.toString(), done);
    else done(new UnsealedBody());
  });
  // A call without a body meets no parser.
  app.addHook('preValidation', async (request) => {
    if (!isBodySealed(request, NO_BODY)) throw new UnsealedBody();
  });

  app.post('/seal', { bodyLimit: 10_000 }, async ({ body }, reply) => {
    const offer = typeof body === 'object' && body !== null && 'offer' in body && typeof body.offer === 'string' ? body.offer : '';
    const answer = await door.agree(offer);
    return answer === null ? refuseCall(reply, library) : { answer };
  });
  return (request) => {
    const call = admitted.get(request);
    if (!call) throw refuse('UNAUTHENTICATED', 'This call carries no warrant.');
    return call.warrant;
  };
}

/** The body is not the one that was sealed, or came before. */
class UnsealedBody extends Error {
  readonly statusCode = 401;
}

/** The one answer to every call that is not admitted. */
export function refuseCall(reply: FastifyReply, library: string, reason?: 'SEAL_UNKNOWN'): FastifyReply {
  const message = `The library ${library} answers the gateway alone: this call carries no valid warrant for it.`;
  return reply.code(401).send({ errors: [refuse('UNAUTHENTICATED', message, reason && { reason }).toJSON()] });
}
