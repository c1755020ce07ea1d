import { ApolloGateway, type GatewayConfig } from '@apollo/gateway';
import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import { forbidTelemetry } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { quietLogger } from '@longyuan/settings/quiet-logger.ts';
import { withinTime } from '@longyuan/settings/within-time.ts';
import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { FETCH_COST } from '../fairness/limit-cost.ts';
import type { LibrarySource } from '../libraries/library-source.ts';
import { contextOf, type ExecutorRequest, type GatewayContext, type Result } from '../request/gateway-context.ts';
import { remainingMs } from '../request/request-budget.ts';
import { fetchesOf, type PlainOperation } from './plain-operations.ts';

/** Plans a plain operation, fetches and merges. @throws GraphQLError where it may not be planned, or not run. */
export type Ask = (request: ExecutorRequest, plain: PlainOperation) => Promise<Result>;

/** Beyond the budget: every call to a library ends with it, and merging what came takes a moment. */
const GRACE_MS = 250;
const MAX_BROKEN_PROMISES = 20;
/** Errors of the query planner's own limits, by their texts (query-planner 2.14: they carry no code). */
const PLANNER_LIMIT = /Too many options generated|non-local selections exceeds|maximum recursive selections/;

/** Enough for the plans that differ in worth; past it the planner takes the best it has seen. */
const MAX_EVALUATED_PLANS = 200;
const MAX_PATHS = 200;

/** Apollo's gateway over the sources, bounded: how to ask it, and how to end it. */
export async function openGateway(parts: {
  log: Logger;
  supergraphSdl: string;
  sources: ReadonlyMap<string, LibrarySource>;
  maxFetches: number;
}): Promise<Readonly<{ ask: Ask; stop(): Promise<void> }>> {
  const { log, supergraphSdl, sources, maxFetches } = parts;
  forbidTelemetry();
  const gateway = new ApolloGateway({
    supergraphSdl,
    validateSupergraph: false,
    logger: quietLogger(log),
    // Else any caller could ask for the query plan outside production.
    __exposeQueryPlanExperimental: false,
    // Called with each plan before it runs, and ends the request where it throws.
    experimental_didResolveQueryPlan: ({ queryPlan, requestContext }) =>
      spendPlan(queryPlan, contextOf(requestContext as ExecutorRequest), maxFetches),
    queryPlannerConfig: { cache: keepPlans(), debug: { maxEvaluatedPlans: MAX_EVALUATED_PLANS, pathsLimit: MAX_PATHS } },
    buildService: ({ name }) => {
      const source = sources.get(name);
      if (!source) throw new Error(`The supergraph names a library that there is no SDL of: ${name}`);
      return source;
    },
  });
  return { ask: await boundGateway(gateway, maxFetches), stop: () => gateway.stop() };
}

/**
 * Apollo's gateway with four ends tied: an answer leaves when the request's time is over whatever happens, a plan of more than `maxFetches` is refused, before it is made where the operation shows that much, the planner's limits read as OPERATION_TOO_COSTLY, and what a
 * library promised and did not keep is an error instead of an extension. `gateway` was made with `spendPlan` for the same limit.
 */
async function boundGateway(gateway: ApolloGateway, maxFetches: number): Promise<Ask> {
  // What it would report to Apollo with is nothing.
  const { executor } = await gateway.load({ apollo: {} });
  const plan = async (request: ExecutorRequest, least: number): Promise<Result> => {
    if (least > maxFetches) throw tooManyFetches('AT_LEAST_FETCHES', least, maxFetches);
    const context = contextOf(request);
    context.planning = context.budget.span.begin('plan');
    try {
      return await executor(request);
    } finally {
      // One that was planned has ended; then this does nothing.
      endPlanning(context, 'NOT_PLANNED');
    }
  };
  return (request, { document, name, leastFetches }) =>
    withinTime<Result, Result>(
      executeWhole(() => plan({ ...request, document, queryHash: name }, leastFetches)),
      remainingMs(contextOf(request).budget) + GRACE_MS,
      () => ({ data: null, errors: [refuse('TOO_LATE')] }),
    );
}

/** Counts the calls of a plan that is about to run for a request. @throws GraphQLError where they are more than one request may make. */
function spendPlan(plan: Parameters<typeof fetchesOf>[0], context: GatewayContext, maxFetches: number): void {
  endPlanning(context);
  const { budget } = context;
  const fetches = fetchesOf(plan);
  budget.fetches += fetches;
  if (budget.fetches > maxFetches) throw tooManyFetches('TOO_MANY_FETCHES', budget.fetches, maxFetches);
  budget.account?.spend(fetches * FETCH_COST);
}

function endPlanning(context: GatewayContext, failure?: string): void {
  context.planning?.end(failure);
  context.planning = null;
}

function tooManyFetches(id: 'AT_LEAST_FETCHES' | 'TOO_MANY_FETCHES', size: number, maxFetches: number): GraphQLError {
  return refuse(id, { size, number: maxFetches }, { limit: 'HUB_MAX_FETCHES', value: maxFetches, http: { status: 400 } });
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

type PlanStore = NonNullable<NonNullable<GatewayConfig['queryPlannerConfig']>['cache']>;
type Plan = Exclude<Awaited<ReturnType<PlanStore['get']>>, undefined>;

/** Plans kept at most, and bytes of heap that they may take. */
const KEPT = { max: 1_000, maxSize: 32_000_000 };
/** Heap that a plan takes for each character of its JSON, and whatever it plans: measured with query-planner 2.14. Apollo's own store counts the JSON alone. */
const BYTES_A_CHARACTER = 16;
const LEAST_BYTES = 2_048;

/** Keeps query plans by what they cost in heap and by number; those not asked for longest go first. */
export function keepPlans(): PlanStore {
  const kept = countKept(
    'plans',
    new LRUCache<string, Plan>({
      ...KEPT,
      sizeCalculation: (plan, key) => LEAST_BYTES + 2 * key.length + BYTES_A_CHARACTER * JSON.stringify(plan).length,
    }),
  );
  return {
    get: async (key) => kept.get(key),
    set: async (key, plan) => {
      kept.set(key, plan);
    },
    delete: async (key) => kept.delete(key),
    clear: () => kept.clear(),
  };
}
