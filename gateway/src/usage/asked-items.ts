import { type AccessFacts, readsIn } from '@longyuan/access/access-facts.ts';
import { keepByOperation } from '@longyuan/operation/keep-operations.ts';
import { nameWith, type Operation } from '@longyuan/operation/read-operation.ts';
import { type AskedField, areMet, type Selection, type Variables } from '@longyuan/operation/selection.ts';
import { type GraphQLInputType, getNamedType, Kind, type ValueNode, valueFromASTUntyped } from 'graphql';

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
export function makeAskedItems(facts: AccessFacts): (operation: Operation, given: Variables) => AskedItems {
  const known = keepByOperation<AskedItems>(KEPT);
  return (operation, given) => known(operation, nameWith(operation, given), () => readItems(operation, facts, given));
}

/** Codes that are asked for at one place, with what its inputs read of these variables. */
export function codesAt(place: AskedPlace, facts: AccessFacts, given: Variables): Iterable<string> {
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
