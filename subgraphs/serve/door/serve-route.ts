import { isErrorCode } from '@longyuan/schema/src/error-codes.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import type { AnswerOf, QuestionOf, Route } from '@longyuan/trust/routes/route.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLError } from 'graphql';
import type { WarrantOf } from './guard-routes.ts';
import type { AcceptedWarrant } from './second-door.ts';

/** The call that a question came with. */
export type ServedCall = Readonly<{ warrant: AcceptedWarrant; request: FastifyRequest; reply: FastifyReply }>;

/** Serves a kind of question. `answer` may send a refusal itself, and gives back the reply then. */
export type Serve = <Asked extends Route>(
  route: Asked,
  answer: (question: QuestionOf<Asked>, call: ServedCall) => Promise<AnswerOf<Asked> | FastifyReply>,
) => void;

/**
 * Makes what serves the gateway's questions behind the second door. None comes to its `answer` whose warrant does not name the route's item
 * (401, or 403 where the route says nothing of it), while the library is not ready (503), or that is not of the route's form (400).
 */
export function makeServe(app: FastifyInstance, door: Readonly<{ library: string; warrantOf: WarrantOf; isReady: () => boolean }>): Serve {
  return (route, answer) => {
    const { path, items, notFor, noQuestion }: Route = route;
    app.post(path, async (request, reply) => {
      const warrant = door.warrantOf(request);
      const beyond = items.find((item) => !warrant.items.has(item));
      if (beyond !== undefined)
        return notFor ? sendError(reply, 401, refuse(notFor)) : sendError(reply, 403, refuse('BEYOND_WARRANT', { coordinate: beyond }));
      if (!door.isReady()) return sendError(reply, 503, refuse('NOT_READY', { library: door.library }));
      const read = route.question.safeParse(request.body);
      if (!read.success) return sendError(reply, 400, refuse(noQuestion ?? 'NO_GRAPHQL_REQUEST'));
      // It is what the route's own form has read.
      return answer(read.data as QuestionOf<typeof route>, { warrant, request, reply });
    });
  };
}

/** Answers a call with one error, whose code is told of the call. */
export function sendError(reply: FastifyReply, status: number, error: GraphQLError): FastifyReply {
  const { code } = error.extensions;
  if (isErrorCode(code)) reply.request.about.codes.add(code);
  return reply.code(status).send({ errors: [error.toJSON()] });
}
