import type { Caller } from '@longyuan/access/caller.ts';
import { ANY, mayDo } from '@longyuan/access/offices.ts';
import { divisionsOver } from '@longyuan/access/region.ts';
import type { ApplicationFilter, GrantStore } from '@longyuan/prisma/grants/grant-store.ts';
import { isCalendarDay } from '@longyuan/schema/src/check-digits.ts';
import { isKnownDivision } from '@longyuan/schema/src/division-table.ts';
import { badUserInput, isErrorCode, refuse } from '@longyuan/schema/src/error-codes.ts';
import { logFault } from '@longyuan/settings/fault.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { CheckingKeys } from '@longyuan/trust/follow-keys.ts';
import type { TokenReader } from '@longyuan/trust/read-token.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { answerTrouble, type Doubt } from '../answer-trouble.ts';
import { divisionRange } from '../division-range.ts';
import type { WarrantOf } from '../guard-routes.ts';
import type { GrantOffice } from './grant-office.ts';
import type { OwnGrants } from './keep-grants.ts';
import { type ToldApplication, tellApplication } from './tell-application.ts';
import { type DepartmentCaller, verifyDepartment } from './verified-caller.ts';

type Told = Readonly<Record<string, unknown>>;
type GrantRoutes = Readonly<{
  library: Readonly<{ name: string; uscc: string }>;
  warrantOf: WarrantOf;
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

/**
 * The routes under `/grants`, for the gateway alone and behind the same door as every other. A warrant opens the one of them whose field of the
 * directory it names; what is written down also needs the caller's own token in `Authorization`.
 */
export function serveGrants(app: FastifyInstance, routes: GrantRoutes): void {
  const { warrantOf, grants, store, office, readToken } = routes;

  const route = (
    path: string,
    field: string,
    answer: (warranted: Caller, told: Told, request: FastifyRequest) => Promise<unknown>,
  ): void => {
    app.post(`/grants/${path}`, async (request, reply) => {
      try {
        const { caller, items } = warrantOf(request);
        if (!items.has(field)) throw refuse('BEYOND_WARRANT', { coordinate: field });
        if (!routes.isReady()) throw refuse('NOT_READY', { library: routes.library.name });
        return await answer(caller, readObject(request.body), request);
      } catch (error) {
        return sendRefusal(reply, error);
      }
    });
  };
  const write = (path: string, field: string, act: (caller: DepartmentCaller, told: Told) => Promise<ToldApplication>): void =>
    route(path, field, async (warranted, told, { headers }) => ({
      application: await act(await verifyDepartment(headers.authorization, warranted, readToken), told),
    }));

  // The gateway's question is held until something has changed, so that it need not be asked again and again.
  route('list', 'Query.myGrants', async (_caller, { epoch, version, holdMs }, request) => {
    const known = {
      epoch: typeof epoch === 'string' ? epoch : '',
      version: typeof version === 'number' && Number.isSafeInteger(version) ? version : 0,
    };
    const patience = new AbortController();
    const end = () => patience.abort();
    const waitMs = typeof holdMs === 'number' && holdMs > 0 ? Math.min(holdMs, LONGEST_HOLD_MS) : 0;
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
  route('applications', 'Query.applications', async (caller, told) => {
    const filter = filterFor(caller, routes.library.uscc, told);
    const limit =
      typeof told['limit'] === 'number' && Number.isInteger(told['limit']) ? Math.min(Math.max(told['limit'], 0), MOST_ROWS) : MOST_ROWS;
    return {
      applications:
        limit === 0 ? [] : await Promise.all((await store.applications(filter, limit)).map((row) => tellApplication(row, routes))),
      total: told['count'] === true ? await store.countApplications({ ...filter, after: null }) : null,
    };
  });
  write('apply', 'Mutation.apply', office.apply);
  write('answer', 'Mutation.answer', office.answer);
  write('revoke', 'Mutation.revokeGrant', office.revoke);

  function sendRefusal(reply: FastifyReply, error: unknown): FastifyReply {
    if (error instanceof GraphQLError && isErrorCode(error.extensions['code'])) {
      return reply
        .code(statuses[error.extensions['code']] ?? 400)
        .send({ errors: [{ message: error.message, extensions: error.extensions }] });
    }
    const refusal = answerTrouble(error, { library: routes.library.name, doubt: routes.doubt });
    if (refusal) return reply.code(503).send({ errors: [refusal.toJSON()] });
    const { requestId } = reply.request.about;
    logFault(routes.log, error, {
      what: 'a question about grants could not be answered',
      of: { ...(requestId !== null && { requestId }) },
    });
    return reply.code(500).send({ errors: [refuse('LIBRARY_FAULT', { library: routes.library.name }).toJSON()] });
  }
}

const statuses: Readonly<Record<string, number>> = { UNAUTHENTICATED: 403, ITEM_NOT_SHARED: 403, LIBRARY_UNAVAILABLE: 503 };

/**
 * The owner's steward and the auditor see every application, a department those that it made. Who works for a region sees, as the owner's
 * steward, what is the region's to answer; of its own department's, what reaches the region.
 */
function filterFor(caller: Caller, owner: string, { state, after }: Told): ApplicationFilter {
  const place = readObject(after);
  const { at, no } = place;
  const filter = {
    state: state === 'OPEN' || state === 'GRANTED' || state === 'REFUSED' ? state : null,
    after: typeof at === 'string' && typeof no === 'string' ? readPlace(at, no) : null,
  } as const;
  const listsAll = mayDo(caller, 'listApplications', { department: owner, division: ANY });
  if (listsAll && caller.kind !== 'department') return { ...filter, consumer: null, divisions: null };
  if (caller.kind === 'department' && (listsAll || mayDo(caller, 'listOwnApplications', { department: caller.uscc, division: ANY }))) {
    const over = caller.region === null || listsAll ? [] : divisionsOver(caller.region);
    const divisions = caller.region === null ? null : { ...rangeOf(caller.region), or: over };
    return { ...filter, consumer: listsAll ? null : caller.uscc, divisions };
  }
  throw refuse(caller.kind === 'public' ? 'DEPARTMENTS_SEE_PUBLIC' : 'DEPARTMENTS_SEE');
}

/** Moments as the store tells them. No other text comes before the database. */
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

function readPlace(at: string, no: string): NonNullable<ApplicationFilter['after']> {
  if (!MOMENT.test(at) || !isCalendarDay(at.slice(0, 10)) || Number.isNaN(Date.parse(at))) throw badUserInput('after', 'CURSOR');
  return { at, no };
}

/** Of a region that the province does not have: nothing. */
function rangeOf(region: string): Readonly<{ gte: string; lt: string }> {
  return isKnownDivision(region) ? divisionRange(region) : { gte: region, lt: region };
}

function readObject(value: unknown): Told {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
