import type { Quotas } from '@longyuan/inner/quotas.ts';
import type { Admission } from '@longyuan/operation/admit-operation.ts';
import { answerPruned } from '@longyuan/operation/answer-pruned.ts';
import { claimsIn } from '@longyuan/operation/decide-claims.ts';
import type { KeptOperations, Prune } from '@longyuan/operation/keep-operations.ts';
import type { PrunedOperation } from '@longyuan/operation/prune-operation.ts';
import type { Operation } from '@longyuan/operation/read-operation.ts';
import type { Variables } from '@longyuan/operation/selection.ts';
import type { KeptDocuments } from '@longyuan/schema/src/kept/keep-documents.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import { GraphQLError, type GraphQLSchema } from 'graphql';
import { namedRows, planRows } from './access/plan-rows.ts';
import { beginSpending, type Spent } from './access/spend-grants.ts';
import type { RefusalsOf } from './access/word-refusals.ts';
import { costOfReading } from './fairness/limit-cost.ts';
import { hashIn, type PersistedOperations } from './http/persisted-operations.ts';
import { CHALLENGE } from './identify/identify.ts';
import type { Ask } from './plan/open-gateway.ts';
import { type PlainOf, type PlainOperation, underCallersNames } from './plan/plain-operations.ts';
import { shownPath } from './public/shown-path.ts';
import type { GatewayContext } from './request/gateway-context.ts';
import { contextOf, type ExecutorRequest, type Result } from './request/gateway-context.ts';
import { placeOf } from './request/place-of-caller.ts';
import { hasLeft } from './request/request-budget.ts';
import { type ToldOfSchema, tellOfSchema } from './tell-of-schema.ts';
import type { KeptUses } from './usage/keep-uses.ts';

/** A request on its way through the door: what Apollo Server made of it, and what the steps before found out. */
type Passing = Readonly<{
  request: ExecutorRequest;
  context: GatewayContext;
  /** `read`: the operation that is meant, its variables as sent, and with their defaults. */
  operation: Operation;
  sent: Variables;
  given: Variables;
  /** `tell`: what was told of the schema, and the operation without it. */
  told: ToldOfSchema | null;
  data: Operation;
  /** `decide`: what the caller may have of it. */
  pruned: PrunedOperation;
  /** `spend`: what was spent of the caller's grants; null where none is needed. */
  spent: Spent | null;
  /** `plan`: what is left, as the planner is given it; null where nothing is. */
  plain: PlainOperation | null;
  /** `ask`: what the libraries answer to that. */
  answer: Promise<Result>;
}>;

/** A request that is refused, or answered without going on. */
type Ended = Readonly<{ ended: Result }>;

/** What a step needs of a request, and what it adds: the request goes on with that, or has ended. */
type Step<Needs extends keyof Passing, Adds extends keyof Passing> = (
  passing: Pick<Passing, 'request' | 'context' | Needs>,
) => Promise<Pick<Passing, Adds> | Ended> | Pick<Passing, Adds> | Ended;

/** What one door is made of. */
export type Door = Readonly<{
  /** The schema that callers are told of. */
  schema: GraphQLSchema;
  admission: Admission;
  operations: KeptOperations;
  documents: KeptDocuments;
  persisted: PersistedOperations;
  mayIntrospect: (context: GatewayContext) => boolean;
  prune: Prune;
  refusalsOf: RefusalsOf;
  quotas: Pick<Quotas, 'spend' | 'giveBack'>;
  plainOf: PlainOf;
  ask: Ask;
  /** Whether its callers may not know of keys that a plan fetches beside what was asked. */
  hidesKeys: boolean;
  /** Counts what was asked for, and how it ended, as whose it is counted: a kind or a department, never a person; null: nobody does. */
  uses: Readonly<{ count: KeptUses['count']; callerOf: (context: GatewayContext) => string }> | null;
}>;

/**
 * The steps of an operation at the gateway, in their order. Before them stand, at the edge, who asks (`identify`: start-gateway.ts) and Apollo
 * Server's reading of HTTP and of the text (`parse`); after them what is written (`write`: make-apollo-server.ts).
 */
export function stepsOf(door: Door) {
  const { admission, operations } = door;

  const limit: Step<never, never> = ({ request, context: { budget } }) => {
    const { document, source } = request;
    // Those that are kept were read once, and paid for once.
    if (!operations.has(document)) budget.account?.spend(costOfReading(source ?? ''));
    const beyond = admission.limit(document);
    return beyond ? refuseAll(beyond.errors) : {};
  };

  const read: Step<never, 'operation' | 'sent' | 'given'> = ({ request: { document, request } }) => {
    const operation = admission.read({ document, operationName: request.operationName });
    if ('errors' in operation) return refuseAll(operation.errors);
    const sent = request.variables ?? {};
    return { operation, sent, given: operation.given(sent) };
  };

  const admit: Step<'operation' | 'sent', never> = async ({ request, context, operation, sent }) => {
    const { budget, publicAddress } = context;
    const admitted = admission.admit(operation, { variables: sent, mayIntrospect: door.mayIntrospect(context), publicAddress });
    if ('errors' in admitted) return refuseAll(admitted.errors);
    const waitSeconds = await budget.account?.take(admitted.cost);
    if (waitSeconds) return refuseForNow(waitSeconds);
    door.documents.keep(request.document);
    const hash = hashIn(request.request.extensions);
    if (hash !== null && request.source !== undefined) door.persisted.keep(placeOf(context.caller, '').room, hash, request.source);
    return {};
  };

  const tell: Step<'operation' | 'sent', 'told' | 'data'> = async ({ operation, sent }) => {
    const told = await tellOfSchema(door.schema, operation, sent);
    if (told && !told.left) return { ended: told.beside({}) };
    return { told, data: told?.left ?? operation };
  };

  const decide: Step<'data' | 'given', 'pruned'> = ({ context: { access, budget }, data, given }) => {
    const span = budget.span.begin('decide');
    const pruned = door.prune(data, given, access);
    span.set({ 'longyuan.refused_items': pruned.refused.length });
    span.end();
    return { pruned };
  };

  const spend: Step<'pruned' | 'given', 'spent'> = async ({ context: { access, budget }, pruned, given }) => {
    const plan = planRows(pruned, access, pruned.left ? claimsIn(pruned.left, given) : []);
    if (!plan) return { spent: null };
    const begun = await beginSpending({ plan, named: namedRows(plan, given), quotas: door.quotas, hasLeft: () => hasLeft(budget) });
    return 'settle' in begun ? { spent: begun } : { ended: begun };
  };

  const plan: Step<'data' | 'told' | 'pruned', 'plain'> = ({ request, data, told, pruned }) => {
    // Callers who are left the same share the same plan.
    const name = pruned.name ?? `${request.queryHash}${told ? ' data' : ''} ${data.node.name?.value ?? ''}`;
    return { plain: pruned.left && door.plainOf(data, pruned.left, name) };
  };

  const ask: Step<'plain', 'answer'> = ({ request, plain }) => ({
    answer: plain ? door.ask(request, plain) : Promise.resolve({ data: {} }),
  });

  const merge: Step<'operation' | 'told' | 'pruned' | 'spent' | 'plain' | 'answer', 'answer'> = (passing) => {
    const { context, operation, told, pruned, spent, plain, answer } = passing;
    const named = plain?.hasOwnNames ? answer.then(underCallersNames) : answer;
    const missing = pruned.refused.flatMap((each) => each.missing);
    const whole =
      pruned.refused.length === 0 ? named : answerPruned(pruned, () => named, door.refusalsOf(context.access.standing, missing));
    const settled: Promise<Result> = spent ? spent.settle(whole) : whole;
    const besides = told ? settled.then(told.beside) : settled;
    return { answer: door.hidesKeys ? besides.then((each) => hideKeys(operation, each)) : besides };
  };

  const record: Step<'operation' | 'sent' | 'answer', 'answer'> = ({ context, operation, sent, answer }) => ({
    answer: answer.then((each) => {
      const { data, errors } = each;
      // Without data nothing was executed.
      if (data !== undefined && !context.isOfHub)
        door.uses?.count({ operation, variables: sent, errors, caller: door.uses.callerOf(context) });
      return each;
    }),
  });

  return { limit, read, admit, tell, decide, spend, plan, ask, merge, record };
}

/** The order in which they are taken. */
export const ORDER = [
  'limit',
  'read',
  'admit',
  'tell',
  'decide',
  'spend',
  'plan',
  'ask',
  'merge',
  'record',
] as const satisfies readonly StepName[];
/** Up to here a request that ends was not let in, and nothing of it is recorded. */
const LAST_BEFORE_IN: StepName = 'admit';

type StepName = keyof ReturnType<typeof stepsOf>;

/** Takes every operation that comes to a door through its steps, until one ends it or all are taken. */
export function openPipeline(door: Door): (request: ExecutorRequest) => Promise<Result> {
  const steps: Readonly<Record<StepName, Step<keyof Passing, never>>> = stepsOf(door);
  return async (request) => {
    const context = contextOf(request);
    const span = context.budget.span.begin('validate');
    // Of what a step needs the steps before it have added all; `pipeline.test.ts` holds the order.
    let passing = { request, context } as Passing;
    let isIn = false;
    for (const name of ORDER) {
      let added: Partial<Passing> | Ended;
      try {
        const taken = steps[name](passing);
        added = taken instanceof Promise ? await taken : taken;
      } catch (error) {
        if (!isIn) span.end('INTERNAL');
        throw error;
      }
      if (isEnded(added)) {
        if (!isIn) span.end('BAD_USER_INPUT');
        const answer = Promise.resolve(added.ended);
        return isIn ? recorded({ ...passing, answer }) : answer;
      }
      passing = { ...passing, ...added };
      if (name !== LAST_BEFORE_IN) continue;
      isIn = true;
      span.end();
    }
    return passing.answer;
  };

  /** What ends after it was let in counts for what it asked. */
  async function recorded(passing: Passing): Promise<Result> {
    const taken: Partial<Passing> | Ended = await steps.record(passing);
    return isEnded(taken) ? taken.ended : (taken.answer ?? passing.answer);
  }
}

function isEnded(added: Partial<Passing> | Ended): added is Ended {
  return 'ended' in added;
}

/** Refuses an operation as a whole: 400, or 401 where a token would admit it. */
function refuseAll(errors: readonly GraphQLError[]): Ended {
  const needsToken = errors.some(({ extensions }) => extensions['code'] === 'UNAUTHENTICATED');
  const http = needsToken ? { status: 401, headers: new Map([['www-authenticate', CHALLENGE]]) } : { status: 400 };
  return { ended: { errors: errors.map((error) => withHttp(error, http)) } };
}

/** Refuses an operation that may be tried again. */
function refuseForNow(waitSeconds: number): Ended {
  const http = { status: 429, headers: new Map([['retry-after', String(waitSeconds)]]) };
  return { ended: { errors: [withHttp(refuse('WAIT', { number: waitSeconds }, { retryAfterSeconds: waitSeconds }), http)] } };
}

/** Apollo Server reads there how its response begins, and leaves it out of the error. */
function withHttp(error: GraphQLError, http: Readonly<Record<string, unknown>>): GraphQLError {
  const { message, nodes, extensions } = error;
  return new GraphQLError(message, { ...(nodes && { nodes }), extensions: { ...extensions, http } });
}

/** A fetch that failed names what it fetched, also keys that the caller neither asked for nor may know of. */
function hideKeys(operation: Operation, answer: Result): Result {
  const { errors } = answer;
  if (!errors) return answer;
  const shown = errors.map(
    ({ message, path, extensions }) => new GraphQLError(message, { ...(path && { path: shownPath(operation, path) }), extensions }),
  );
  return { ...answer, errors: shown };
}
