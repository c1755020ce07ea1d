import type { AccessFacts } from '@longyuan/access/access-facts.ts';
import type { RefusalWriter } from '@longyuan/access/refusal-error.ts';
import { answerPruned } from '@longyuan/operation/answer-pruned.ts';
import { checkFormats } from '@longyuan/operation/check-formats.ts';
import { type KeptOperations, makePruner } from '@longyuan/operation/keep-operations.ts';
import type { PrunedOperation } from '@longyuan/operation/prune-operation.ts';
import { nameWith, type Operation } from '@longyuan/operation/read-operation.ts';
import type { Variables } from '@longyuan/operation/selection.ts';
import { callNow } from '@longyuan/prisma/store/connect/call.ts';
import type { FormatRules } from '@longyuan/schema/src/argument-formats.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type FormattedExecutionResult,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { Context } from './call/context.ts';
import { type Execution, openExecution, withheldErrors } from './call/execution.ts';
import type { AcceptedWarrant } from './door/second-door.ts';

/** Who calls under which warrant. Resolvers are given the context alone, with the execution. */
export type WarrantedCall = Readonly<{ context: Omit<Context<unknown>, 'execution'>; items: AcceptedWarrant['items'] }>;

/** An operation on its way through the library, and what the steps before found out. */
type Passing = Readonly<{
  operation: Operation;
  sent: Variables;
  /** Its variables with their defaults. */
  given: Variables;
  call: WarrantedCall;
  /** `decide`: what the owner's own decision leaves of it. */
  pruned: PrunedOperation;
  /** `answer`: what the resolvers make of that, and what they note. */
  execution: Execution;
  answer: Promise<Answer>;
}>;
type Answer = Pick<ExecutionResult, 'data' | 'errors'>;

/** An operation that is refused as a whole. */
type Refused = Readonly<{ status: number; errors: readonly GraphQLError[] }>;

type Step<Needs extends keyof Passing, Adds extends keyof Passing> = (
  passing: Pick<Passing, 'operation' | 'sent' | 'given' | 'call' | Needs>,
) => Pick<Passing, Adds> | Refused;

/** What a library's pipeline is made of. */
export type Parts = Readonly<{
  library: string;
  schema: GraphQLSchema;
  operations: KeptOperations;
  rules: FormatRules;
  facts: AccessFacts;
  write: RefusalWriter;
  formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
  log: Pick<Logger, 'warn'>;
}>;

/**
 * The steps of an operation at the owner's subgraph, in their order. Before them stand the second door (`door`: guard-routes.ts) and, at the
 * edge, Apollo Server's reading and validation (`parse`); which rows are meant is asked while resolvers answer (`rows`: asked-rows.ts).
 */
export function stepsOf({ library, schema, operations, rules, facts, write, log }: Parts) {
  const prune = makePruner(facts);

  /** The gateway never asks for what it did not order: someone else does, or it is broken. */
  const withinWarrant: Step<never, never> = ({ operation, call }) => {
    operations.keep(operation);
    const beyond = operation.coordinates.find((coordinate) => !call.items.has(coordinate));
    if (beyond === undefined) return {};
    const requestId = callNow()?.about.requestId;
    log.warn({ library, requestId, coordinate: beyond }, 'an operation goes beyond its warrant and was refused');
    return { status: 403, errors: [refuse('BEYOND_WARRANT', { coordinate: beyond }, { item: beyond })] };
  };

  const formats: Step<never, never> = ({ operation, given }) => {
    const errors = checkFormats(operation, given, rules);
    return errors.length > 0 ? { status: 400, errors } : {};
  };

  /** The owner decides again: what its own access set refuses is not executed, whatever the gateway asked for. */
  const decide: Step<never, 'pruned'> = ({ operation, given, call: { context } }) => {
    const span = callNow()?.about.span.begin('decide');
    const pruned = prune(operation, given, context.access);
    span?.end();
    return { pruned };
  };

  const answer: Step<'pruned', 'answer' | 'execution'> = ({ operation, sent, given, call, pruned }) => {
    // Who are left the same of it are asked the same.
    const execution = openExecution(pruned.name ?? nameWith(operation, given));
    const contextValue: Context<unknown> = { ...call.context, execution };
    const executed = async (document: DocumentNode): Promise<Answer> =>
      execute({ schema, document, contextValue, variableValues: { ...sent }, operationName: operation.node.name?.value });
    const { document, refused } = pruned;
    return { execution, answer: document && refused.length === 0 ? executed(document) : answerPruned(pruned, executed, write) };
  };

  /** What was withheld is told beside the answer; one that passed a bound is no half answer, but none. */
  const merge: Step<'answer' | 'execution', 'answer'> = ({ execution, answer: answered }) => ({
    answer: answered.then(({ data, errors = [] }) => {
      const passed = errors.find(({ extensions }) => extensions['code'] === 'OPERATION_TOO_COSTLY');
      if (passed) return { data: null, errors: [passed] };
      const all = [...errors, ...withheldErrors(execution, write)];
      return { ...(data !== undefined && { data }), ...(all.length > 0 && { errors: all }) };
    }),
  });

  /**
   * An empty step with its place: who asked for which items of whom, for which purpose, is to be durable before the answer leaves. Whoever
   * fills it keeps the answer back until then, or gives another in its place.
   */
  const record: Step<'pruned' | 'answer', 'answer'> = ({ answer }) => ({ answer });

  return { withinWarrant, formats, decide, answer, merge, record };
}

/** The order in which they are taken. */
export const ORDER = ['withinWarrant', 'formats', 'decide', 'answer', 'merge', 'record'] as const satisfies readonly StepName[];

type StepName = keyof ReturnType<typeof stepsOf>;

/** Takes every operation of a library through its steps, until one refuses it or all are taken: the HTTP status, and what is written. */
export function openPipeline(parts: Parts) {
  const steps: Readonly<Record<StepName, Step<keyof Passing, never>>> = stepsOf(parts);
  const format = (error: GraphQLError): GraphQLFormattedError => parts.formatError(error.toJSON(), error);
  return async (
    operation: Operation,
    sent: Variables,
    call: WarrantedCall,
  ): Promise<Readonly<{ status: number; result: FormattedExecutionResult }>> => {
    // Of what a step needs the steps before it have added all; `pipeline.test.ts` holds the order.
    let passing = { operation, sent, given: operation.given(sent), call } as Passing;
    for (const name of ORDER) {
      const added: Partial<Passing> | Refused = steps[name](passing);
      if (isRefused(added)) return { status: added.status, result: { errors: added.errors.map((error) => error.toJSON()) } };
      passing = { ...passing, ...added };
    }
    const { data, errors } = await passing.answer;
    // Without data nothing was executed: a variable has not the type that it says.
    return {
      status: data === undefined ? 400 : 200,
      result: { ...(data !== undefined && { data }), ...(errors && { errors: errors.map(format) }) },
    };
  };
}

function isRefused(added: Partial<Passing> | Refused): added is Refused {
  return 'errors' in added;
}
