import type { AccessFacts } from '@longyuan/schema/src/access/access-facts.ts';
import { readsIn } from '@longyuan/schema/src/access/reads-in.ts';
import { keepByDocument } from '@longyuan/schema/src/kept/keep-by-document.ts';
import {
  type DocumentNode,
  type FieldNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { conditionVariables, isIncluded, type Variables, withDefaults } from './included-selections.ts';

/** What is asked for at one place of the answer: items by code, what given inputs read, and the places below by their name there. */
export type AskedField = Readonly<{ codes: Set<string>; inputs: AskedInput[]; below: Map<string, AskedField> }>;

/** A value that variables are part of: what it reads is known with the variables alone. */
type AskedInput = Readonly<{ value: ValueNode; type: GraphQLInputType }>;

/** What an operation asks for. `codes`: every item once; `isWhole` false where inputs may add to them. */
export type AskedOperation = Readonly<{ root: AskedField; codes: readonly string[]; isWhole: boolean }>;

/** An operation that was admitted: it is valid, and its size is bounded. */
export type AdmittedOperation = Readonly<{
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName: string | null | undefined;
  variables: Variables;
}>;

/** What was asked for that is kept over all documents. */
const KEPT = { what: 'asked items', most: 1_000, mostBytes: 16_000_000 };
const NOTHING: AskedOperation = { root: emptyField(), codes: [], isWhole: true };

/**
 * Makes the reader of what operations ask for: own items of every field, through aliases and fragments, for fields of interfaces and
 * unions those of the types they can stand for, and what arguments read (`@reads`). What `@skip` and `@include` leave out is not asked
 * for. Worked out once per document, operation and values of the variables that skip or include.
 */
export function makeAskedItems(facts: AccessFacts): (operation: AdmittedOperation) => AskedOperation {
  const conditionsOf = new WeakMap<DocumentNode, ReadonlySet<string>>();
  const known = keepByDocument<AskedOperation>(KEPT);
  return (operation) => {
    const { document, operationName, variables } = operation;
    const conditions = conditionsOf.getOrInsertComputed(document, conditionVariables);
    const variant = [operationName ?? '', ...[...conditions].map((each) => variables[each])].join();
    return known(document, variant, () => readOperation(operation, facts));
  };
}

/** Codes that are asked for at one place, with what its inputs read of these variables. */
export function codesAt(field: AskedField, facts: AccessFacts, variables: Variables): Iterable<string> {
  if (field.inputs.length === 0) return field.codes;
  return new Set([
    ...field.codes,
    ...field.inputs.flatMap(({ value, type }) => codesIn(facts, type, valueFromASTUntyped(value, { ...variables }))),
  ]);
}

type Reading = Readonly<{
  schema: GraphQLSchema;
  facts: AccessFacts;
  variables: Variables;
  fragments: ReadonlyMap<string, Readonly<{ on: string; set: SelectionSetNode }>>;
}>;

function readOperation({ schema, document, operationName, variables }: AdmittedOperation, facts: AccessFacts): AskedOperation {
  const fragments = new Map<string, { on: string; set: SelectionSetNode }>();
  let asked: OperationDefinitionNode | undefined;
  for (const each of document.definitions) {
    if (each.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(each.name.value, { on: each.typeCondition.name.value, set: each.selectionSet });
    if (each.kind === Kind.OPERATION_DEFINITION && (!operationName || each.name?.value === operationName)) asked ??= each;
  }
  const type = asked && schema.getRootType(asked.operation);
  if (!asked || !type) return NOTHING;
  const root = emptyField();
  collect({ schema, facts, variables: withDefaults(asked, variables), fragments }, asked.selectionSet, new Set([type.name]), root);
  const codes = new Set<string>();
  const isWhole = gather(root, codes);
  return { root, codes: [...codes], isWhole };
}

function collect(reading: Reading, set: SelectionSetNode, possible: ReadonlySet<string>, into: AskedField): void {
  for (const selection of set.selections) {
    if (!isIncluded(selection, reading.variables)) continue;
    switch (selection.kind) {
      case Kind.FIELD:
        collectField(reading, selection, possible, into);
        break;
      case Kind.INLINE_FRAGMENT:
        collect(reading, selection.selectionSet, narrow(reading.schema, possible, selection.typeCondition?.name.value), into);
        break;
      case Kind.FRAGMENT_SPREAD: {
        const fragment = reading.fragments.get(selection.name.value);
        if (fragment) collect(reading, fragment.set, narrow(reading.schema, possible, fragment.on), into);
        break;
      }
    }
  }
}

function collectField(reading: Reading, field: FieldNode, possible: ReadonlySet<string>, into: AskedField): void {
  const { schema, facts } = reading;
  const name = field.name.value;
  const key = field.alias?.value ?? name;
  const at = into.below.get(key) ?? emptyField();
  into.below.set(key, at);
  const returned = new Set<string>();
  for (const typeName of possible) {
    const type = schema.getType(typeName);
    const definition = isObjectType(type) ? type.getFields()[name] : undefined;
    if (!definition) continue;
    const item = facts.ofField(typeName, name)?.item;
    if (item) at.codes.add(item.code);
    for (const argument of field.arguments ?? []) {
      const input = definition.args.find((each) => each.name === argument.name.value);
      if (input) collectArgument(facts, { coordinate: `${typeName}.${name}(${input.name}:)`, type: input.type, value: argument.value }, at);
    }
    for (const each of objectsOf(schema, getNamedType(definition.type).name)) returned.add(each);
  }
  if (field.selectionSet) collect(reading, field.selectionSet, returned, at);
}

type Given = AskedInput & Readonly<{ coordinate: string }>;

function collectArgument(facts: AccessFacts, { coordinate, type, value }: Given, at: AskedField): void {
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
function gather(field: AskedField, into: Set<string>): boolean {
  let isWhole = field.inputs.length === 0;
  for (const code of field.codes) into.add(code);
  for (const below of field.below.values()) isWhole = gather(below, into) && isWhole;
  return isWhole;
}

function narrow(schema: GraphQLSchema, possible: ReadonlySet<string>, condition: string | undefined): ReadonlySet<string> {
  if (condition === undefined) return possible;
  const meant = objectsOf(schema, condition);
  return new Set([...possible].filter((each) => meant.has(each)));
}

/** The objects that a type stands for; none for what is no object, interface or union. */
function objectsOf(schema: GraphQLSchema, typeName: string): ReadonlySet<string> {
  const type = schema.getType(typeName);
  if (isObjectType(type)) return new Set([typeName]);
  if (!type || !isAbstractType(type)) return new Set();
  return new Set((isInterfaceType(type) ? schema.getImplementations(type).objects : schema.getPossibleTypes(type)).map(({ name }) => name));
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

function emptyField(): AskedField {
  return { codes: new Set(), inputs: [], below: new Map() };
}
