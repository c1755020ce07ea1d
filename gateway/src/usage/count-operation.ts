import { type AccessFacts, readsIn } from '@longyuan/access/access-facts.ts';
import type { ItemUse } from '@longyuan/inner/hub-stores.ts';
import { keepByOperation } from '@longyuan/operation/keep-operations.ts';
import { nameWith, type Operation } from '@longyuan/operation/read-operation.ts';
import { type AskedField, areMet, type Selection, type Variables } from '@longyuan/operation/selection.ts';
import { isErrorCode } from '@longyuan/schema/src/error-codes.ts';
import { dayInProvince } from '@longyuan/schema/src/province-day.ts';
import { type GraphQLInputType, getNamedType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';

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

/** What is asked for at one place of the answer: items by code, what given inputs read, and the places below by their name there. */
export type AskedPlace = Readonly<{ codes: Set<string>; inputs: GivenInput[]; below: Map<string, AskedPlace> }>;

/** A value that variables are part of: what it reads is known with the variables alone. */
type GivenInput = Readonly<{ value: ValueNode; type: GraphQLInputType }>;

/** What an operation asks for. `codes`: every item once; `isWhole` false where inputs may add to them. */
export type AskedItems = Readonly<{ root: AskedPlace; codes: readonly string[]; isWhole: boolean }>;

/** What was asked for that is kept over all documents. */
const KEPT = { what: 'asked items', most: 1_000, mostBytes: 16_000_000 };

/**
 * Makes the reader of what operations ask for: own items of every field, for fields of interfaces and unions those of the types they can stand
 * for, and what arguments read (`@reads`). What `@skip` and `@include` leave out is not asked for. `given`: the variables with their defaults.
 * Worked out once per operation and values of the variables that skip or include.
 */
function makeAskedItems(facts: AccessFacts): (operation: Operation, given: Variables) => AskedItems {
  const known = keepByOperation<AskedItems>(KEPT);
  return (operation, given) => known(operation, nameWith(operation, given), () => readItems(operation, facts, given));
}

/** Codes that are asked for at one place, with what its inputs read of these variables. */
function codesAt(place: AskedPlace, facts: AccessFacts, given: Variables): Iterable<string> {
  if (place.inputs.length === 0) return place.codes;
  return new Set([
    ...place.codes,
    ...place.inputs.flatMap(({ value, type }) => codesIn(facts, type, valueFromASTUntyped(value, { ...given }))),
  ]);
}

function readItems({ root: asked }: Operation, facts: AccessFacts, given: Variables): AskedItems {
  const root = emptyPlace();
  const collect = ({ fields }: Selection, into: AskedPlace): void => {
    for (const field of fields) {
      if (!areMet(field.conditions, given)) continue;
      const at = into.below.getOrInsertComputed(field.key, emptyPlace);
      collectItems(facts, field, at);
      if (field.below) collect(field.below, at);
    }
  };
  collect(asked, root);
  const codes = new Set<string>();
  const isWhole = gather(root, codes);
  return { root, codes: [...codes], isWhole };
}

function collectItems(facts: AccessFacts, { possible, name, node, declared }: AskedField, at: AskedPlace): void {
  for (const object of possible) {
    const item = facts.ofField(object.name, name)?.item;
    if (item) at.codes.add(item.code);
    for (const argument of node.arguments ?? []) {
      const input = declared.args.find((each) => each.name === argument.name.value);
      if (input)
        collectArgument(facts, { coordinate: `${object.name}.${name}(${input.name}:)`, type: input.type, value: argument.value }, at);
    }
  }
}

type Given = GivenInput & Readonly<{ coordinate: string }>;

function collectArgument(facts: AccessFacts, { coordinate, type, value }: Given, at: AskedPlace): void {
  if (value.kind === Kind.NULL) return;
  for (const { code } of facts.readsAt(coordinate)) at.codes.add(code);
  if (!facts.canRead(getNamedType(type).name)) return;
  if (holdsVariable(value)) at.inputs.push({ value, type });
  else for (const code of codesIn(facts, type, valueFromASTUntyped(value))) at.codes.add(code);
}

function codesIn(facts: AccessFacts, type: GraphQLInputType, value: unknown): readonly string[] {
  return readsIn(facts, type, value).map(({ code }) => code);
}

/** Adds the items of a place and of all below. Whether that is all there is to know without variables. */
function gather(field: AskedPlace, into: Set<string>): boolean {
  let isWhole = field.inputs.length === 0;
  for (const code of field.codes) into.add(code);
  for (const below of field.below.values()) isWhole = gather(below, into) && isWhole;
  return isWhole;
}

function holdsVariable(value: ValueNode): boolean {
  switch (value.kind) {
    case Kind.VARIABLE:
      return true;
    case Kind.LIST:
      return value.values.some(holdsVariable);
    case Kind.OBJECT:
      return value.fields.some((field) => holdsVariable(field.value));
    default:
      return false;
  }
}

function emptyPlace(): AskedPlace {
  return { codes: new Set(), inputs: [], below: new Map() };
}

/** Counts in memory until they are taken. Holds item, day, caller, outcome and a number: nothing else of a request comes in. */
export type UseCounter = Readonly<{
  count(use: Readonly<{ items: Iterable<string>; day: string; caller: string; outcome: string }>): void;
  /** Hands out what was counted since, and begins anew. */
  take(): readonly ItemUse[];
  /** Takes back what could not be stored. */
  putBack(uses: readonly ItemUse[]): void;
  /** Counts that found no room, since it was asked last. */
  takeLost(): number;
}>;

/**
 * A counter that keeps at most `most` numbers. Items, days, callers and outcomes are few, so they fill it only where many callers meet a
 * store that is away for days; what comes then is not counted, and how much that was is.
 */
export function makeUseCounter(most: number): UseCounter {
  let calls = new Map<string, Map<string, number>>();
  let kept = 0;
  let lost = 0;

  function add(ofCalls: Map<string, number>, item: string, number: number): void {
    const before = ofCalls.get(item);
    if (before !== undefined) ofCalls.set(item, before + number);
    else if (kept < most) {
      ofCalls.set(item, number);
      kept += 1;
    } else lost += number;
  }
  function callsOf(day: string, caller: string, outcome: string): Map<string, number> {
    const name = `${day}\n${caller}\n${outcome}`;
    let found = calls.get(name);
    if (!found) {
      found = new Map();
      // An empty one is not kept where there is no room for its first number.
      if (kept < most) calls.set(name, found);
    }
    return found;
  }

  return {
    count({ items, day, caller, outcome }) {
      const ofCalls = callsOf(day, caller, outcome);
      for (const item of items) add(ofCalls, item, 1);
    },
    take() {
      const taken = [...calls].flatMap(([name, ofCalls]) => {
        const [day = '', caller = '', outcome = ''] = name.split('\n');
        return [...ofCalls].map(([item, number]) => ({ item, day, caller, outcome, calls: number }));
      });
      calls = new Map();
      kept = 0;
      return taken;
    },
    putBack(uses) {
      for (const { item, day, caller, outcome, calls: number } of uses) add(callsOf(day, caller, outcome), item, number);
    },
    takeLost() {
      const told = lost;
      lost = 0;
      return told;
    },
  };
}
