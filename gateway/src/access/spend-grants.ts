import type { GrantLimits } from '@longyuan/access/grant.ts';
import type { Quotas, Spending, Want } from '@longyuan/inner/quotas.ts';
import { type ErrorCode, isErrorCode } from '@longyuan/schema/src/error-codes.ts';
import { textOfMoment } from '@longyuan/schema/src/moment.ts';
import { endOfDayMs } from '@longyuan/schema/src/province-day.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import { type ExecutionResult, GraphQLError } from 'graphql';
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

/** What was spent before anything is fetched. */
export type Spent = Readonly<{
  /** Spends what the answer holds beyond it, and gives back what was not answered. @throws what the answer throws. */
  settle<Answer extends Result>(answer: Promise<Answer>): Promise<Answer | Refused>;
}>;
type Refused = Readonly<{ data: null; errors: readonly GraphQLError[] }>;

/**
 * Spends of the limits of the grants that an operation is answered by: a call of each, and the rows that it asks for by its arguments, before
 * anything is fetched; the rows of the answer before it leaves (`settle`). Where too little is left of any, the request is refused as a whole.
 * A grant of which nothing was answered, because a library failed, has all of it back.
 */
export async function beginSpending({ plan, named, quotas, hasLeft }: Asked): Promise<Spent | Refused> {
  const { grants } = plan;
  const least = leastRows(plan, named);
  const first = grants.flatMap(({ calls, rows }, place): readonly Want[] => [want(calls, 1), want(rows, least[place] ?? 0)]);
  const begun = await quotas.spend(first).catch(readGone);
  if (begun instanceof GraphQLError) return { data: null, errors: [begun] };
  if (begun.kind === 'exceeded') return { data: null, errors: [refuseBeyond(plan, begun)] };
  const giveBack = (isUnanswered: (place: number) => boolean): void => {
    if (hasLeft()) return;
    // Two wants of each grant.
    const back = first.filter((_, place) => isUnanswered(place >> 1));
    if (back.length > 0) quotas.giveBack(begun.day, back);
  };
  async function settle<Answer extends Result>(pending: Promise<Answer>): Promise<Answer | Refused> {
    const answer = await pending.catch((error: unknown) => {
      // What the caller asks too much of is the caller's to pay; else it is a fault of the hub.
      if (!(error instanceof GraphQLError) || isFailure(error)) giveBack(() => true);
      throw error;
    });
    const failed = answer.errors ? failuresOf(answer.errors) : [];
    const isUnanswered = failed.length > 0 ? findUnanswered(plan, answer.data, failed) : [];
    if (isUnanswered.includes(true)) giveBack((place) => isUnanswered[place] === true);
    const counted = countRows(plan, named, answer.data);
    const more = grants.flatMap(({ rows }, place): readonly Want[] => {
      const beyond = (counted[place] ?? 0) - (least[place] ?? 0);
      return beyond > 0 && !isUnanswered[place] ? [want(rows, beyond)] : [];
    });
    const settled = more.length > 0 ? await quotas.spend(more).catch(readGone) : null;
    if (settled instanceof GraphQLError) return { data: null, errors: [settled] };
    if (settled?.kind === 'exceeded') return { data: null, errors: [refuseBeyond(plan, settled)] };
    return answer;
  }
  return { settle };
}

/**
 * The refusal that an operation would meet now because too little is left of a grant that it is answered by; null where enough is. Of rows that
 * its arguments do not tell it needs one at least. Spends nothing.
 */
export async function findUsedUp(
  { plan, named, quotas }: Pick<Asked, 'plan' | 'named'> & Readonly<{ quotas: Pick<Quotas, 'used'> }>,
  nowMs = Date.now(),
): Promise<GraphQLError | null> {
  const least = leastRows(plan, named);
  const wants = plan.grants.flatMap(({ calls, rows }, place) => [want(calls, 1), want(rows, Math.max(1, least[place] ?? 0))]);
  const used = await quotas.used(wants.map(({ name }) => name)).catch(readGone);
  if (used instanceof GraphQLError) return used;
  const leftOf = (place: number): number => Math.max(0, (wants[place]?.limit ?? 0) - (used[place] ?? 0));
  const place = wants.findIndex(({ amount }, at) => amount > leftOf(at));
  const lacking = wants[place];
  return lacking ? refuseBeyond(plan, { kind: 'exceeded', want: lacking, left: leftOf(place), resetsAtMs: endOfDayMs(nowMs) }) : null;
}

function want({ name, limit }: GrantLimits['rows'], amount: number): Want {
  return { name, limit, amount };
}

function refuseBeyond({ grants }: RowPlan, { want: refused, left, resetsAtMs }: Extract<Spending, { kind: 'exceeded' }>): GraphQLError {
  const resetsAt = textOfMoment(new Date(resetsAtMs));
  const passed = grants.find(({ calls, rows }) => calls.name === refused.name || rows.name === refused.name);
  const { id, resource } = passed?.grant ?? {};
  const term = passed?.calls.name === refused.name ? 'callsPerDay' : 'rowsPerDay';
  return refuse(
    term === 'callsPerDay' ? 'CALLS_USED_UP' : 'ROWS_USED_UP',
    { no: id ?? '', number: refused.limit, left, moment: resetsAt },
    { limit: id, value: refused.limit, term, left, resetsAt, resource },
  );
}

/** A limit that cannot be kept now is not lifted meanwhile. */
function readGone(error: unknown): GraphQLError {
  if (!(error instanceof GraphQLError)) throw error;
  return refuse('QUOTA_UNKNOWN');
}

const FAILURES: ReadonlySet<unknown> = new Set<ErrorCode>(['LIBRARY_UNAVAILABLE', 'LIBRARY_TIMEOUT', 'INTERNAL']);

/** Whether an error says that whoever should have answered failed; what has no code of the hub's becomes INTERNAL. */
function isFailure({ extensions }: GraphQLError): boolean {
  const code = extensions?.['code'];
  return !isErrorCode(code) || FAILURES.has(code);
}

/** Where something failed, without places in lists. */
function failuresOf(errors: readonly GraphQLError[]): readonly FailedAt[] {
  return errors.flatMap((error) => {
    if (!isFailure(error)) return [];
    return [(error.path ?? []).filter((part): part is string => typeof part === 'string' && part !== '@')];
  });
}
