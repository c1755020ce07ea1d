import type { AccessFacts } from '@longyuan/access/access-facts.ts';
import type { Operation } from '@longyuan/operation/read-operation.ts';
import type { Variables } from '@longyuan/operation/selection.ts';
import { isErrorCode } from '@longyuan/schema/src/error-codes.ts';
import { dayInProvince } from '@longyuan/schema/src/province-day.ts';
import { type AskedPlace, codesAt, makeAskedItems } from './asked-items.ts';
import type { UseCounter } from './use-counter.ts';

/** The outcome of what was answered; every other outcome is a code of `error-codes.ts`. */
export const ANSWERED = 'ANSWERED';

/** An error as the caller reads it. */
type AnsweredError = Readonly<{ path?: readonly (string | number)[] | undefined; extensions?: Readonly<Record<string, unknown>> }>;

/** An operation that was executed: for whom, and the errors of its answer. */
export type AnsweredOperation = Readonly<{
  operation: Operation;
  /** As sent. */
  variables: Variables;
  caller: string;
  errors: readonly AnsweredError[] | undefined;
}>;

/**
 * Makes the counting of answered operations: each item once per operation and outcome. An error counts for the items at its path and
 * below, one without a path for all of the operation.
 */
export function makeOperationCounting(facts: AccessFacts, counter: UseCounter, now: () => number = Date.now) {
  const readAsked = makeAskedItems(facts);
  return ({ operation, variables: sent, caller, errors }: AnsweredOperation): void => {
    const variables = operation.given(sent);
    const asked = readAsked(operation, variables);
    const hasErrors = errors !== undefined && errors.length > 0;
    if (asked.isWhole && asked.codes.length === 0) return;
    const day = dayInProvince(now());
    if (!hasErrors && asked.isWhole) {
      counter.count({ items: asked.codes, day, caller, outcome: ANSWERED });
      return;
    }
    const failed = failedFields(asked.root, { errors, variables }, facts);
    const outcomes = new Map<string, Set<string>>();
    const visit = (field: AskedPlace, above: string): void => {
      const outcome = above === ANSWERED ? (failed.get(field) ?? ANSWERED) : above;
      const items = outcomes.get(outcome) ?? new Set();
      outcomes.set(outcome, items);
      for (const code of codesAt(field, facts, variables)) items.add(code);
      for (const below of field.below.values()) visit(below, outcome);
    };
    visit(asked.root, ANSWERED);
    for (const [outcome, items] of outcomes) counter.count({ items, day, caller, outcome });
  };
}

/** The places of the errors, each with the code of its first. */
function failedFields(root: AskedPlace, operation: Pick<AnsweredOperation, 'errors' | 'variables'>, facts: AccessFacts) {
  const failed = new Map<AskedPlace, string>();
  for (const { path = [], extensions } of operation.errors ?? []) {
    // What has no code of the hub's leaves as INTERNAL.
    const told = extensions?.['code'];
    const code = isErrorCode(told) ? told : 'INTERNAL';
    const refused = extensions?.['itemCode'];
    for (const field of placesOf(fieldAt(root, path), refused)) if (!failed.has(field)) failed.set(field, code);
  }
  return failed;

  /** Where a refusal names its item, the places of that item: the path of one in a list without rows ends at the list. */
  function placesOf(at: AskedPlace, item: unknown): readonly AskedPlace[] {
    if (typeof item !== 'string') return [at];
    const places: AskedPlace[] = [];
    const look = (field: AskedPlace): void => {
      for (const code of codesAt(field, facts, operation.variables)) {
        if (code !== item) continue;
        places.push(field);
        return;
      }
      for (const below of field.below.values()) look(below);
    };
    look(at);
    return places.length > 0 ? places : [at];
  }
}

function fieldAt(root: AskedPlace, path: readonly (string | number)[]): AskedPlace {
  let field = root;
  for (const part of path) {
    if (typeof part === 'number') continue;
    const below = field.below.get(part);
    // What the plan fetched beside what was asked for fails what it was fetched for.
    if (!below) break;
    field = below;
  }
  return field;
}
