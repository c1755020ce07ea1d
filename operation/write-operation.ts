import { costOfDocument } from '@longyuan/schema/src/kept/cost-of-document.ts';
import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { nextNumber, type Operation, possibleTypes } from './read-operation.ts';
import type { AskedField, Condition, Selection } from './selection.ts';

/** How an operation is written, where not just as it was asked. */
export type Style = Readonly<{
  /** The response name that a field gets; its own where nothing is said. */
  nameOf?: (field: AskedField) => string;
  /** The response name of what is asked for beside fields that may all be left out: the object is there all the same. */
  filler?: string;
}>;

/**
 * Writes an operation as a document of its own: fields stand in the order asked, in fragments only where those do not always apply. `root` is
 * what of it is to be asked. Variables that nothing reads any more are not declared.
 */
export function writeOperation({ node, schema }: Pick<Operation, 'node' | 'schema'>, root: Selection, style: Style = {}): DocumentNode {
  const selectionSet = writeSelection(root, { schema, style });
  const read = new Set<string>();
  visit(selectionSet, { Variable: ({ name }) => void read.add(name.value) });
  const variableDefinitions = node.variableDefinitions?.filter(({ variable }) => read.has(variable.name.value));
  const operation: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    operation: node.operation,
    ...(node.name && { name: node.name }),
    ...(variableDefinitions && { variableDefinitions }),
    selectionSet,
  };
  return { kind: Kind.DOCUMENT, definitions: [operation] };
}

/** A part of an operation, as an operation of its own. */
export function partOf(operation: Operation, root: Selection): Operation {
  const document = writeOperation(operation, root);
  return { ...operation, root, document, number: nextNumber(), documentBytes: costOfDocument(document) };
}

type Writing = Readonly<{ schema: Operation['schema']; style: Style }>;

/** A field in the fragments around it, outermost first. */
type Wrapped = Readonly<{ field: FieldNode; around: readonly Fragment[] }>;
/** A type that not every object there is of, or a condition. */
type Fragment = Readonly<{ on: string } | Condition>;

function writeSelection(selection: Selection, writing: Writing): SelectionSetNode {
  const { filler } = writing.style;
  const wrapped = selection.fields.flatMap((field) => wrap(field, selection, writing));
  const mayBeBare = filler !== undefined && selection.fields.every(({ conditions }) => conditions.length > 0);
  const selections = unwrap(mayBeBare ? [...wrapped, { field: typenameAs(filler), around: [] }] : wrapped, 0);
  return { kind: Kind.SELECTION_SET, selections };
}

function wrap(field: AskedField, selection: Selection, writing: Writing): readonly Wrapped[] {
  const { conditions } = field;
  const written = writeField(field, writing);
  const on = fragmentTypes(field, selection, writing);
  return on === null
    ? [{ field: written, around: conditions }]
    : on.map((type) => ({ field: written, around: [{ on: type }, ...conditions] }));
}

function writeField(field: AskedField, writing: Writing): FieldNode {
  const { key, name, node, below } = field;
  const alias = writing.style.nameOf?.(field) ?? key;
  return {
    kind: Kind.FIELD,
    name: node.name,
    ...(alias !== name && { alias: { kind: Kind.NAME, value: alias } }),
    ...(node.arguments && { arguments: node.arguments }),
    ...(below && { selectionSet: writeSelection(below, writing) }),
  };
}

/** The types of the fragments that a field must stand in; null where it needs none. */
function fragmentTypes(field: AskedField, { type, possible }: Selection, { schema }: Writing): readonly string[] | null {
  const isDeclared = field.parent === type || field.name === '__typename' || ('getFields' in type && field.name in type.getFields());
  if (isDeclared && field.possible.length === possible.length) return null;
  const meant = possibleTypes(schema, field.parent).filter((each) => possible.includes(each));
  return meant.length === field.possible.length ? [field.parent.name] : field.possible.map(({ name }) => name);
}

/** Puts fields that stand next to each other into one fragment where that is the same. */
function unwrap(wrapped: readonly Wrapped[], depth: number): readonly SelectionNode[] {
  const selections: SelectionNode[] = [];
  for (let from = 0; from < wrapped.length; ) {
    const around = wrapped[from]?.around[depth];
    const isOther = ({ around: others }: Wrapped) => !around || !isSame(around, others[depth]);
    const length = 1 + wrapped.slice(from + 1).findIndex(isOther);
    const to = length === 0 ? wrapped.length : from + length;
    if (around) selections.push(writeFragment(around, unwrap(wrapped.slice(from, to), depth + 1)));
    else selections.push(...wrapped.slice(from, to).map(({ field }) => field));
    from = to;
  }
  return selections;
}

function isSame(one: Fragment, other: Fragment | undefined): boolean {
  if (!other) return false;
  if ('on' in one) return 'on' in other && one.on === other.on;
  return 'variable' in other && one.variable === other.variable && one.wants === other.wants;
}

function writeFragment(fragment: Fragment, selections: readonly SelectionNode[]): SelectionNode {
  const [only, another] = selections;
  if ('variable' in fragment && only?.kind === Kind.FIELD && !another && !only.directives)
    return { ...only, directives: [directiveOf(fragment)] };
  return {
    kind: Kind.INLINE_FRAGMENT,
    ...('on' in fragment
      ? { typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: fragment.on } } }
      : { directives: [directiveOf(fragment)] }),
    selectionSet: { kind: Kind.SELECTION_SET, selections },
  };
}

function directiveOf({ variable, wants }: Condition): DirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: wants ? 'include' : 'skip' },
    arguments: [
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'if' },
        value: { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: variable } },
      },
    ],
  };
}

/** `__typename` under another name. */
export function typenameAs(alias: string): FieldNode {
  return { kind: Kind.FIELD, alias: { kind: Kind.NAME, value: alias }, name: { kind: Kind.NAME, value: '__typename' } };
}
