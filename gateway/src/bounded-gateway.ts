import type { ApolloGateway } from '@apollo/gateway';
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { refuse } from '@longyuan/schema/src/error-codes.ts';
import type { Span } from '@longyuan/telemetry/span.ts';
import { GraphQLError } from 'graphql';
import { fetchesOf } from './fairness/count-fetches.ts';
import { FETCH_COST } from './fairness/limit-cost.ts';
import type { GatewayContext } from './library-source.ts';
import { type PlainOperation, underCallersNames } from './plain-operations.ts';
import { type RequestBudget, remainingMs } from './request-budget.ts';

export type GatewayInterface = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];
type LoadResult = Awaited<ReturnType<GatewayInterface['load']>>;
/** What plans an operation, fetches and merges. */
export type Executor = NonNullable<LoadResult['executor']>;
type Result = Awaited<ReturnType<Executor>>;

/** The same gateway, whose operations go through `answer` on their way to its own executor. */
export function answerThrough(
  gateway: GatewayInterface,
  answer: (executor: Executor, request: Parameters<Executor>[0]) => ReturnType<Executor>,
): GatewayInterface {
  return {
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    load: async (options) => {
      const { executor } = await gateway.load(options);
      if (!executor) throw new Error('The gateway answers nothing.');
      return { executor: (request) => answer(executor, request) };
    },
    stop: () => gateway.stop(),
  };
}

/** Beyond the budget: every call to a library ends with it, and merging what came takes a moment. */
const GRACE_MS = 250;
const MAX_BROKEN_PROMISES = 20;
/** Errors of the query planner's own limits, by their texts (query-planner 2.14: they carry no code). */
const PLANNER_LIMIT = /Too many options generated|non-local selections exceeds|maximum recursive selections/;

/**
 * Apollo's gateway with five ends tied: it is given plain operations (`plain-operations.ts`), an answer leaves when the request's time is over whatever happens, a plan of more than `maxFetches`
 * is refused, before it is made where the operation shows that much, the planner's limits read as OPERATION_TOO_COSTLY, and what a
 * library promised and did not keep is an error instead of an extension. `gateway` was made with `spendPlan` for the same limit.
 */
export function boundGateway(
  gateway: ApolloGateway,
  { plainOf, maxFetches }: Readonly<{ plainOf: (request: Parameters<Executor>[0]) => PlainOperation; maxFetches: number }>,
): GatewayInterface {
  const plan =
    (executor: Executor, least: number): Executor =>
    async (request) => {
      if (least > maxFetches) throw tooManyFetches('AT_LEAST_FETCHES', least, maxFetches);
      // The context is made in start-gateway.ts; Apollo types it as any record.
      const { budget } = request.context as GatewayContext;
      const span = budget.span.begin('plan');
      planning.set(budget, span);
      try {
        return await executor(request);
      } finally {
        // One that was planned has ended; then this does nothing.
        endPlanning(budget, 'NOT_PLANNED');
      }
    };
  const answer = async (executor: Executor, request: Parameters<Executor>[0]): Promise<Result> => {
    const { document, leastFetches, hasOwnNames } = plainOf(request);
    // Plans are kept by this hash.
    const result = await inTime(plan(executor, leastFetches), { ...request, document, queryHash: `${request.queryHash} plain` });
    return hasOwnNames ? underCallersNames(result) : result;
  };
  let loading: ReturnType<GatewayInterface['load']> | undefined;
  return {
    onSchemaLoadOrUpdate: (callback) => gateway.onSchemaLoadOrUpdate(callback),
    // Apollo's gateway loads once; the public door goes through the same one.
    load: (options) => {
      loading ??= gateway.load(options).then(({ executor }) => ({ executor: (request) => answer(executor, request) }));
      return loading;
    },
    stop: () => gateway.stop(),
  };
}

/** Counts the calls of a plan that is about to run for a request. @throws GraphQLError where they are more than one request may make. */
export function spendPlan(plan: Parameters<typeof fetchesOf>[0], budget: RequestBudget, maxFetches: number): void {
  endPlanning(budget);
  const fetches = fetchesOf(plan);
  budget.fetches += fetches;
  if (budget.fetches > maxFetches) throw tooManyFetches('TOO_MANY_FETCHES', budget.fetches, maxFetches);
  budget.account?.spend(fetches * FETCH_COST);
}

/** The planning of requests that is under way. */
const planning = new WeakMap<RequestBudget, Span>();

function endPlanning(budget: RequestBudget, failure?: string): void {
  planning.get(budget)?.end(failure);
  planning.delete(budget);
}

function tooManyFetches(id: 'AT_LEAST_FETCHES' | 'TOO_MANY_FETCHES', size: number, maxFetches: number): GraphQLError {
  return refuse(id, { size, number: maxFetches }, { limit: 'HUB_MAX_FETCHES', value: maxFetches, http: { status: 400 } });
}

async function inTime(executor: Executor, request: Parameters<Executor>[0]): Promise<Result> {
  // The context is made in start-gateway.ts; Apollo types it as any record.
  const { budget } = request.context as GatewayContext;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Result>((resolve) => {
    timer = setTimeout(() => {
      resolve({ data: null, errors: [refuse('TOO_LATE')] });
    }, remainingMs(budget) + GRACE_MS);
  });
  try {
    return await Promise.race([execute(executor, request), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

async function execute(executor: Executor, request: Parameters<Executor>[0]): Promise<Result> {
  try {
    const { data, errors = [], extensions } = await executor(request);
    // A bound that a library met refuses the request as a whole, as the gateway's own bounds do.
    const passed = errors.find((error) => error.extensions?.['code'] === 'OPERATION_TOO_COSTLY');
    if (passed) return { data: null, errors: [passed] };
    const told = new Set(errors.map(({ path }) => String(path)));
    const broken = readBrokenPromises(extensions).filter(({ path }) => !told.has(String(path)));
    if (errors.length + broken.length === 0) return { data: data ?? null };
    return { ...(data !== undefined && { data }), errors: [...errors, ...broken] };
  } catch (error) {
    if (!(error instanceof Error) || !PLANNER_LIMIT.test(error.message)) throw error;
    throw refuse('TOO_MANY_PLANS', {}, { limit: 'planner', http: { status: 400 } });
  }
}

/** Where a field that is never null was null, or a value had the wrong shape: Apollo reports it beside the answer, with the value in the text. */
function readBrokenPromises(extensions: Result['extensions']): readonly GraphQLError[] {
  const reported: unknown = extensions?.['valueCompletion'];
  if (!Array.isArray(reported)) return [];
  return reported.slice(0, MAX_BROKEN_PROMISES).map((error: unknown) => {
    const path = error instanceof GraphQLError ? error.path : undefined;
    const { message, extensions: said } = refuse('NOT_AS_PROMISED');
    return new GraphQLError(message, { ...(path && { path }), extensions: said });
  });
}
