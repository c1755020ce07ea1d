import type { ApplicationFilter, ApplicationRow, GrantStore } from '@longyuan/prisma/grants/grant-store.ts';
import type { Caller } from '@longyuan/schema/src/access/caller.ts';
import { isErrorCode, refuse } from '@longyuan/schema/src/error-codes.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { TokenReader } from '@longyuan/trust/read-token.ts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import { answerTrouble, type Doubt } from '../answer-trouble.ts';
import type { WarrantOf } from '../guard-routes.ts';
import type { GrantOffice } from './grant-office.ts';
import type { OwnGrants } from './keep-grants.ts';
import { type DepartmentCaller, verifyDepartment } from './verified-caller.ts';

type Told = Readonly<Record<string, unknown>>;
type GrantRoutes = Readonly<{
  library: Readonly<{ name: string; uscc: string }>;
  warrantOf: WarrantOf;
  isReady: () => boolean;
  grants: Pick<OwnGrants, 'changesAfter'>;
  store: Pick<GrantStore, 'applications' | 'countApplications'>;
  office: GrantOffice;
  readToken: TokenReader['read'];
  doubt: Doubt;
  log: Pick<Logger, 'error'>;
}>;

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
        if (!items.has(field)) throw refuse('ITEM_NOT_SHARED', `The warrant of this call does not hold ${field}.`);
        if (!routes.isReady()) throw refuse('LIBRARY_UNAVAILABLE', `The library ${routes.library.name} is not ready yet.`);
        return await answer(caller, readObject(request.body), request);
      } catch (error) {
        return sendRefusal(reply, error);
      }
    });
  };
  const write = (path: string, field: string, act: (caller: DepartmentCaller, told: Told) => Promise<ApplicationRow>): void =>
    route(path, field, async (warranted, told, { headers }) => ({
      application: await act(await verifyDepartment(headers.authorization, warranted, readToken), told),
    }));

  route('list', 'Query.myGrants', async (_caller, { epoch, version }) =>
    grants.changesAfter({
      epoch: typeof epoch === 'string' ? epoch : '',
      version: typeof version === 'number' && Number.isSafeInteger(version) ? version : 0,
    }),
  );
  route('applications', 'Query.applications', async (caller, told) => {
    const filter = filterFor(caller, routes.library.uscc, told);
    const limit =
      typeof told['limit'] === 'number' && Number.isInteger(told['limit']) ? Math.min(Math.max(told['limit'], 0), MOST_ROWS) : MOST_ROWS;
    return {
      applications: limit === 0 ? [] : await store.applications(filter, limit),
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
    routes.log.error({ err: error }, 'a question about grants could not be answered');
    return reply.code(500).send({ errors: [refuse('INTERNAL', `The library ${routes.library.name} met a fault of its own.`).toJSON()] });
  }
}

const statuses: Readonly<Record<string, number>> = { UNAUTHENTICATED: 403, ITEM_NOT_SHARED: 403, LIBRARY_UNAVAILABLE: 503 };

/** The owner's steward and the auditor see every application, a department those that it made. */
function filterFor(caller: Caller, owner: string, { state, after }: Told): ApplicationFilter {
  const place = readObject(after);
  const { at, no } = place;
  const filter = {
    state: state === 'OPEN' || state === 'GRANTED' || state === 'REFUSED' ? state : null,
    after: typeof at === 'string' && !Number.isNaN(Date.parse(at)) && typeof no === 'string' ? { at, no } : null,
  } as const;
  if (caller.kind === 'auditor') return { ...filter, consumer: null };
  if (caller.kind === 'department') return { ...filter, consumer: caller.role === 'steward' && caller.uscc === owner ? null : caller.uscc };
  throw refuse(caller.kind === 'public' ? 'UNAUTHENTICATED' : 'ITEM_NOT_SHARED', 'Only departments and auditors see applications.');
}

function readObject(value: unknown): Told {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
