import {
  type ArgumentNode,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
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
import type { ItemIndex } from './item-index.ts';

/** What is asked for at one place of the answer: items by code, what given inputs read, and the places below by their name there. */
export type AskedField = Readonly<{ codes: Set<string>; inputs: AskedInput[]; below: Map<string, AskedField> }>;

/** A value that variables are part of: what it reads is known with the variables alone. */
type AskedInput = Readonly<{ value: ValueNode; takes: string }>;

/** What an operation asks for. `codes`: every item once; `isWhole` false where inputs may add to them. */
export type AskedOperation = Readonly<{ root: AskedField; codes: readonly string[]; isWhole: boolean }>;

/** An operation that was admitted: it is valid, and its size is bounded. */
export type AdmittedOperation = Readonly<{
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName: string | null | undefined;
  variables: Readonly<Record<string, unknown>>;
}>;

/** Ways of one document to be included and skipped that are kept; callers mostly use one. */
const MOST_VARIANTS = 32;
const NOTHING: AskedOperation = { root: emptyField(), codes: [], isWhole: true };

/**
 * Makes the reader of what operations ask for: own items of every field, through aliases and fragments, for fields of interfaces and
 * unions those of the types they can stand for, and what arguments read (`@reads`). What `@skip` and `@include` leave out is not asked
 * for. Worked out once per document, operation and values of the variables that skip or include.
 */
export function makeAskedItems(index: ItemIndex): (operation: AdmittedOperation) => AskedOperation {
  const known = new WeakMap<DocumentNode, { conditions: readonly string[]; variants: Map<string, AskedOperation> }>();
  return (operation) => {
    const { document, operationName, variables } = operation;
    let ofDocument = known.get(document);
    if (!ofDocument) {
      ofDocument = { conditions: conditionVariables(document), variants: new Map() };
      known.set(document, ofDocument);
    }
    const { conditions, variants } = ofDocument;
    const variant = conditions.reduce((name, each) => `${name},${variables[each]}`, operationName ?? '');
    const kept = variants.get(variant);
    if (kept) return kept;
    if (variants.size >= MOST_VARIANTS) variants.clear();
    const asked = readOperation(operation, index);
    variants.set(variant, asked);
    return asked;
  };
}

/** Codes that are asked for at one place, with what its inputs read of these variables. */
export function codesAt(field: AskedField, index: ItemIndex, variables: Readonly<Record<string, unknown>>): Iterable<string> {
  if (field.inputs.length === 0) return field.codes;
  return new Set([
    ...field.codes,
    ...field.inputs.flatMap(({ value, takes }) => index.readsOf(takes, valueFromASTUntyped(value, { ...variables }))),
  ]);
}

type Reading = Readonly<{
  schema: GraphQLSchema;
  index: ItemIndex;
  variables: Readonly<Record<string, unknown>>;
  fragments: ReadonlyMap<string, Readonly<{ on: string; set: SelectionSetNode }>>;
}>;

function readOperation({ schema, document, operationName, variables }: AdmittedOperation, index: ItemIndex): AskedOperation {
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
  // A variable that is not given has its default.
  const defaults = (asked.variableDefinitions ?? []).map(({ variable, defaultValue }) => [
    variable.name.value,
    defaultValue && valueFromASTUntyped(defaultValue),
  ]);
  const given = { ...Object.fromEntries(defaults), ...variables };
  collect({ schema, index, variables: given, fragments }, asked.selectionSet, new Set([type.name]), root);
  const codes = new Set<string>();
  const isWhole = gather(root, codes);
  return { root, codes: [...codes], isWhole };
}

function collect(reading: Reading, set: SelectionSetNode, possible: ReadonlySet<string>, into: AskedField): void {
  for (const selection of set.selections) {
    if (!isIncluded(selection.directives, reading.variables)) continue;
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
  const { schema, index } = reading;
  const name = field.name.value;
  const key = field.alias?.value ?? name;
  const at = into.below.get(key) ?? emptyField();
  into.below.set(key, at);
  const returned = new Set<string>();
  for (const typeName of possible) {
    const type = schema.getType(typeName);
    const definition = isObjectType(type) ? type.getFields()[name] : undefined;
    if (!definition) continue;
    for (const code of index.itemsOf(typeName, name)) at.codes.add(code);
    for (const argument of field.arguments ?? []) collectArgument(reading, typeName, name, argument, at);
    for (const each of objectsOf(schema, getNamedType(definition.type).name)) returned.add(each);
  }
  if (field.selectionSet) collect(reading, field.selectionSet, returned, at);
}

function collectArgument({ index }: Reading, typeName: string, fieldName: string, argument: ArgumentNode, at: AskedField): void {
  const { value } = argument;
  const declared = index.argumentOf(typeName, fieldName, argument.name.value);
  if (!declared || value.kind === Kind.NULL) return;
  for (const code of declared.reads) at.codes.add(code);
  if (!index.canRead(declared.takes)) return;
  if (holdsVariable(value)) at.inputs.push({ value, takes: declared.takes });
  else for (const code of index.readsOf(declared.takes, valueFromASTUntyped(value))) at.codes.add(code);
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

function isIncluded(directives: readonly DirectiveNode[] | undefined, variables: Reading['variables']): boolean {
  for (const { name, arguments: given } of directives ?? []) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const condition = given?.find((each) => each.name.value === 'if');
    if (condition && Boolean(valueFromASTUntyped(condition.value, { ...variables })) === (name.value === 'skip')) return false;
  }
  return true;
}

/** Names of the variables that skip or include something. */
function conditionVariables(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  const look = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      for (const { name, arguments: given } of selection.directives ?? []) {
        if (name.value !== 'skip' && name.value !== 'include') continue;
        for (const { value } of given ?? []) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
      }
      if ('selectionSet' in selection && selection.selectionSet) look(selection.selectionSet);
    }
  };
  for (const each of document.definitions) if ('selectionSet' in each) look(each.selectionSet);
  return [...names];
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
