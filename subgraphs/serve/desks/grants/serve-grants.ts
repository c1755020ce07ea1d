import type { Caller } from '@longyuan/access/caller.ts';
import { ANY, mayDo } from '@longyuan/access/offices.ts';
import { divisionsOver } from '@longyuan/access/region.ts';
import type { ApplicationFilter, GrantStore } from '@longyuan/prisma/store/grants/grant-store.ts';
import { isKnownDivision } from '@longyuan/schema/src/division-table.ts';
import { isErrorCode } from '@longyuan/schema/src/error-codes.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import { logFault } from '@longyuan/settings/fault.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { CheckingKeys } from '@longyuan/trust/follow-keys.ts';
import type { TokenReader } from '@longyuan/trust/read-token.ts';
import { grantRoutes } from '@longyuan/trust/routes/grants.ts';
import type { AnswerOf, QuestionOf } from '@longyuan/trust/routes/route.ts';
import type { FastifyReply } from 'fastify';
import { GraphQLError } from 'graphql';
import { answerTrouble, type Doubt } from '../../door/answer-trouble.ts';
import { type Serve, type ServedCall, sendError } from '../../door/serve-route.ts';
import { divisionRange } from '../../rows/division-range.ts';
import type { GrantOffice } from './grant-office.ts';
import type { OwnGrants } from './own-grants.ts';
import { tellApplication } from './tell-application.ts';
import { verifyDepartment } from './verified-caller.ts';

type GrantRoutes = Readonly<{
  library: Readonly<{ name: string; uscc: string }>;
  isReady: () => boolean;
  grants: Pick<OwnGrants, 'awaitChanges' | 'isListed' | 'isStale'>;
  store: Pick<GrantStore, 'applications' | 'countApplications'>;
  office: GrantOffice;
  keys: CheckingKeys;
  readToken: TokenReader['read'];
  doubt: Doubt;
  log: Pick<Logger, 'error'>;
}>;

/** Longest that a question is held open. */
const LONGEST_HOLD_MS = 60_000;
/** Most applications of one answer. */
const MOST_ROWS = 101;

type GrantRoute = (typeof grantRoutes)[keyof typeof grantRoutes];
type WrittenRoute = (typeof grantRoutes)['apply' | 'answer' | 'revoke'];

/**
 * Answers the questions about grants, for the gateway alone and behind the same door as every other. What is written down also needs the
 * caller's own token in `Authorization`.
 */
export function serveGrants(serve: Serve, routes: GrantRoutes): void {
  const { grants, store, office, readToken } = routes;

  const route = <Asked extends GrantRoute>(
    asked: Asked,
    answer: (question: QuestionOf<Asked>, call: ServedCall) => Promise<AnswerOf<Asked>>,
  ): void => serve(asked, (question, call) => answer(question, call).catch((error: unknown) => sendRefusal(call.reply, error)));
  const write = (asked: WrittenRoute, act: GrantOffice['apply' | 'answer' | 'revoke']): void =>
    route<WrittenRoute>(asked, async (question, { warrant, request }) => ({
      application: await act(await verifyDepartment(request.headers.authorization, warrant.caller, readToken), question),
    }));

  // The gateway's question is held until something has changed, so that it need not be asked again and again.
  route(grantRoutes.list, async ({ holdMs = 0, ...known }, { request }) => {
    const patience = new AbortController();
    const end = () => patience.abort();
    const waitMs = Math.min(Math.max(holdMs, 0), LONGEST_HOLD_MS);
    if (waitMs === 0) end();
    const timer = setTimeout(end, waitMs);
    request.raw.socket.once('close', end);
    try {
      const changes = await grants.awaitChanges(known, patience.signal);
      // A gateway that is told nothing of the library's trouble would learn of it from a caller's question.
      if (!routes.isReady()) throw refuse('READY_NO_MORE', { library: routes.library.name });
      // Of a list that cannot be relied on nothing follows, neither that a grant is there nor that it is not.
      return { ...changes, isStale: grants.isStale() };
    } finally {
      clearTimeout(timer);
      request.raw.socket.off('close', end);
    }
  });
  route(grantRoutes.applications, async (asked, { warrant }) => {
    const filter = filterFor(warrant.caller, routes.library.uscc, asked);
    const limit = Math.min(Math.max(asked.limit, 0), MOST_ROWS);
    return {
      applications:
        limit === 0 ? [] : await Promise.all((await store.applications(filter, limit)).map((row) => tellApplication(row, routes))),
      total: asked.count === true ? await store.countApplications({ ...filter, after: null }) : null,
    };
  });
  write(grantRoutes.apply, office.apply);
  write(grantRoutes.answer, office.answer);
  write(grantRoutes.revoke, office.revoke);

  function sendRefusal(reply: FastifyReply, error: unknown): FastifyReply {
    if (error instanceof GraphQLError && isErrorCode(error.extensions['code']))
      return sendError(reply, statuses[error.extensions['code']] ?? 400, error);
    const refusal = answerTrouble(error, { library: routes.library.name, doubt: routes.doubt });
    if (refusal) return sendError(reply, 503, refusal);
    const { requestId } = reply.request.about;
    logFault(routes.log, error, {
      what: 'a question about grants could not be answered',
      of: { ...(requestId !== null && { requestId }) },
    });
    return sendError(reply, 500, refuse('LIBRARY_FAULT', { library: routes.library.name }));
  }
}

const statuses: Readonly<Record<string, number>> = { UNAUTHENTICATED: 403, ITEM_NOT_SHARED: 403, LIBRARY_UNAVAILABLE: 503 };

/**
 * The owner's steward and the auditor see every application, a department those that it made. Who works for a region sees, as the owner's
 * steward, what is the region's to answer; of its own department's, what reaches the region.
 */
function filterFor(
  caller: Caller,
  owner: string,
  { state, after = null }: QuestionOf<(typeof grantRoutes)['applications']>,
): ApplicationFilter {
  const filter = { state, after };
  const listsAll = mayDo(caller, 'listApplications', { department: owner, division: ANY });
  if (listsAll && caller.kind !== 'department') return { ...filter, consumer: null, divisions: null };
  if (caller.kind === 'department' && (listsAll || mayDo(caller, 'listOwnApplications', { department: caller.uscc, division: ANY }))) {
    const over = caller.region === null || listsAll ? [] : divisionsOver(caller.region);
    const divisions = caller.region === null ? null : { ...rangeOf(caller.region), or: over };
    return { ...filter, consumer: listsAll ? null : caller.uscc, divisions };
  }
  throw refuse(caller.kind === 'public' ? 'DEPARTMENTS_SEE_PUBLIC' : 'DEPARTMENTS_SEE');
}

/** Of a region that the province does not have: nothing. */
function rangeOf(region: string): Readonly<{ gte: string; lt: string }> {
  return isKnownDivision(region) ? divisionRange(region) : { gte: region, lt: region };
}
