import { type ErrorCode, isErrorCode, refuse } from '@longyuan/schema/src/error-codes.ts';
import { type ExecutionResult, GraphQLError } from 'graphql';
import { limitNamed, wantsOf } from '../grants/grant-limits.ts';
import type { Quotas, Spending } from '../quotas/keep-quotas.ts';
import { countRows, type FailedAt, findUnanswered, leastRows, type RowPlan } from './plan-rows.ts';

type Result = Pick<ExecutionResult, 'data' | 'errors'>;
type Asked = Readonly<{
  plan: RowPlan;
  /** Rows that the arguments of each root name. */
  named: readonly number[];
  quotas: Pick<Quotas, 'spend' | 'giveBack'>;
  /** Whether the client has left before its answer: what was begun for it counts. */
  hasLeft: () => boolean;
}>;

/**
 * Executes an operation against the limits of the grants that it is answered by. A call of each, and the rows that it asks for by its
 * arguments, are spent before anything is fetched; the rows of the answer before it leaves. Where too little is left of any, the request is
 * refused as a whole. A grant of which nothing was answered, because a library failed, has all of it back.
 */
export async function spendGrants<Answer extends Result>({ plan, named, quotas, hasLeft }: Asked, execute: () => Promise<Answer>) {
  const least = leastRows(plan, named);
  const begun = await quotas
    .spend(plan.grants.flatMap((grant, place) => wantsOf(grant, { calls: 1, rows: least[place] ?? 0 })))
    .catch(readGone);
  if (begun instanceof GraphQLError) return { data: null, errors: [begun] };
  if (begun.kind === 'exceeded') return { data: null, errors: [refuseBeyond(plan, begun)] };
  const giveBack = (isUnanswered: readonly boolean[]): void => {
    if (!isUnanswered.includes(true) || hasLeft()) return;
    for (const [place, grant] of plan.grants.entries()) {
      if (isUnanswered[place]) quotas.giveBack(begun.day, wantsOf(grant, { calls: 1, rows: least[place] ?? 0 }));
    }
  };
  const answer = await execute().catch((error: unknown) => {
    // What the caller asks too much of is the caller's to pay; else it is a fault of the hub.
    if (!(error instanceof GraphQLError) || isFailure(error)) giveBack(plan.grants.map(() => true));
    throw error;
  });
  const failed = failuresOf(answer);
  const isUnanswered = failed.length > 0 ? findUnanswered(plan, answer.data, failed) : [];
  giveBack(isUnanswered);
  const rows = countRows(plan, named, answer.data);
  const more = plan.grants.flatMap((grant, place) =>
    isUnanswered[place] ? [] : wantsOf(grant, { calls: 0, rows: Math.max(0, (rows[place] ?? 0) - (least[place] ?? 0)) }),
  );
  const settled = more.some(({ amount }) => amount > 0) ? await quotas.spend(more).catch(readGone) : null;
  if (settled instanceof GraphQLError) return { data: null, errors: [settled] };
  if (settled?.kind === 'exceeded') return { data: null, errors: [refuseBeyond(plan, settled)] };
  return answer;
}

function refuseBeyond({ grants }: RowPlan, { want, left, resetsAtMs }: Extract<Spending, { kind: 'exceeded' }>): GraphQLError {
  const resetsAt = new Date(resetsAtMs).toISOString();
  const grant = grants.find((each) => limitNamed(want.name, each) !== null);
  const term = grant && limitNamed(want.name, grant);
  const what = term === 'callsPerDay' ? 'calls' : 'rows';
  return refuse(
    'QUOTA_EXCEEDED',
    `The grant ${grant?.id} gives ${want.limit} ${what} a day, of which ${left} are left until ${resetsAt} (midnight in the province); this request needs more.`,
    { limit: grant?.id, value: want.limit, term, left, resetsAt, resource: grant?.resource },
  );
}

/** A limit that cannot be kept now is not lifted meanwhile. */
function readGone(error: unknown): GraphQLError {
  if (!(error instanceof GraphQLError)) throw error;
  return refuse(
    'LIBRARY_UNAVAILABLE',
    'What is left today of the grants that this request needs cannot be told now. Ask again in a moment.',
  );
}

const FAILURES: ReadonlySet<unknown> = new Set<ErrorCode>(['LIBRARY_UNAVAILABLE', 'LIBRARY_TIMEOUT', 'INTERNAL']);

/** Whether an error says that whoever should have answered failed; what has no code of the hub's becomes INTERNAL. */
function isFailure({ extensions }: GraphQLError): boolean {
  const code = extensions?.['code'];
  return !isErrorCode(code) || FAILURES.has(code);
}

/** Where something failed, without places in lists. */
function failuresOf({ errors = [] }: Result): readonly FailedAt[] {
  return errors.flatMap((error) => {
    if (!isFailure(error)) return [];
    return [(error.path ?? []).filter((part): part is string => typeof part === 'string' && part !== '@')];
  });
}
