import type { ApolloGateway } from '@apollo/gateway';
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import { refuse } from '@longyuan/schema/src/error-codes.ts';
import { GraphQLError } from 'graphql';
import { fetchesOf } from './fairness/count-fetches.ts';
import { FETCH_COST } from './fairness/limit-cost.ts';
import type { GatewayContext } from './library-source.ts';
import type { PlainOperation } from './plain-operations.ts';
import { type RequestBudget, remainingMs } from './request-budget.ts';

type GatewayInterface = ApolloServerOptionsWithGateway<GatewayContext>['gateway'];
/** What Apollo Server hands an operation to. */
export type Executor = NonNullable<Awaited<ReturnType<GatewayInterface['load']>>['executor']>;
export type ExecutorRequest = Parameters<Executor>[0];
export type Result = Awaited<ReturnType<Executor>>;

/** Plans a plain operation, fetches and merges. @throws GraphQLError where it may not be planned, or not run. */
export type Ask = (request: ExecutorRequest, plain: PlainOperation) => Promise<Result>;

/** Beyond the budget: every call to a library ends with it, and merging what came takes a moment. */
const GRACE_MS = 250;
const MAX_BROKEN_PROMISES = 20;
/** Errors of the query planner's own limits, by their texts (query-planner 2.14: they carry no code). */
const PLANNER_LIMIT = /Too many options generated|non-local selections exceeds|maximum recursive selections/;

/**
 * Apollo's gateway with four ends tied: an answer leaves when the request's time is over whatever happens, a plan of more than `maxFetches` is refused, before it is made where the operation shows that much, the planner's limits read as OPERATION_TOO_COSTLY, and what a
 * library promised and did not keep is an error instead of an extension. `gateway` was made with `spendPlan` for the same limit.
 */
export async function boundGateway(gateway: ApolloGateway, maxFetches: number): Promise<Ask> {
  // What it would report to Apollo with is nothing.
  const { executor } = await gateway.load({ apollo: {} });
  const plan = async (request: ExecutorRequest, least: number): Promise<Result> => {
    if (least > maxFetches) throw tooManyFetches('AT_LEAST_FETCHES', least, maxFetches);
    const { budget } = contextOf(request);
    budget.planning = budget.span.begin('plan');
    try {
      return await executor(request);
    } finally {
      // One that was planned has ended; then this does nothing.
      endPlanning(budget, 'NOT_PLANNED');
    }
  };
  return (request, { document, name, leastFetches }) =>
    inTime(() => plan({ ...request, document, queryHash: name }, leastFetches), contextOf(request).budget);
}

/** The context is made in start-gateway.ts; Apollo types it as any record. */
export function contextOf({ context }: ExecutorRequest): GatewayContext {
  return context as GatewayContext;
}

/** Counts the calls of a plan that is about to run for a request. @throws GraphQLError where they are more than one request may make. */
export function spendPlan(plan: Parameters<typeof fetchesOf>[0], budget: RequestBudget, maxFetches: number): void {
  endPlanning(budget);
  const fetches = fetchesOf(plan);
  budget.fetches += fetches;
  if (budget.fetches > maxFetches) throw tooManyFetches('TOO_MANY_FETCHES', budget.fetches, maxFetches);
  budget.account?.spend(fetches * FETCH_COST);
}

function endPlanning(budget: RequestBudget, failure?: string): void {
  budget.planning?.end(failure);
  budget.planning = null;
}

function tooManyFetches(id: 'AT_LEAST_FETCHES' | 'TOO_MANY_FETCHES', size: number, maxFetches: number): GraphQLError {
  return refuse(id, { size, number: maxFetches }, { limit: 'HUB_MAX_FETCHES', value: maxFetches, http: { status: 400 } });
}

async function inTime(execute: () => Promise<Result>, budget: RequestBudget): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Result>((resolve) => {
    timer = setTimeout(() => {
      resolve({ data: null, errors: [refuse('TOO_LATE')] });
    }, remainingMs(budget) + GRACE_MS);
  });
  try {
    return await Promise.race([executeWhole(execute), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

async function executeWhole(execute: () => Promise<Result>): Promise<Result> {
  try {
    const { data, errors = [], extensions } = await execute();
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
