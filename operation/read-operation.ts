import { costOfDocument } from '@longyuan/schema/src/kept/cost-of-document.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';
import { type AskedField, type Condition, everyField, readConditions, type Selection, type Variables } from './selection.ts';

/** One operation of a document, read against a schema: the one that everything asks which wants to know what is asked for. */
export type Operation = Readonly<{
  schema: GraphQLSchema;
  document: DocumentNode;
  node: OperationDefinitionNode;
  root: Selection;
  /** Names of the variables that skip or include something. */
  conditions: ReadonlySet<string>;
  /** Schema coordinates (`Type.field`) of everything that is asked for, sorted, each once: what a warrant for it must name. */
  coordinates: readonly string[];
  /** Every value that is given, or a variable for it. */
  inputs: readonly AskedInput[];
  /** How many fields are asked for, fragments written out. */
  size: number;
  /** Its own among all that were read: what is kept of it is found by it. */
  number: number;
  /** Bytes of heap that its document takes at most. */
  documentBytes: number;
  /** Its variables as sent, with the defaults of those that were not. */
  given(sent: Variables | null | undefined): Variables;
}>;

/** A value that is given for an argument of a field. */
type AskedInput = Readonly<{ field: AskedField; argument: GraphQLArgument; value: ValueNode }>;

/** Why a document holds no operation of the name that was given, or of none. */
export type NoOperation = 'NO_OPERATION' | 'NO_SUCH_OPERATION' | 'SEVERAL_OPERATIONS';

/** The operation that is meant: the one of that name, or without a name the only one. */
export function findOperation(document: DocumentNode, name: string | null | undefined): OperationDefinitionNode | NoOperation {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (name) return operations.find((operation) => operation.name?.value === name) ?? 'NO_SUCH_OPERATION';
  return operations.length > 1 ? 'SEVERAL_OPERATIONS' : (operations[0] ?? 'NO_OPERATION');
}

/**
 * Reads an operation that is valid against the schema and within the limits: with its fragments written out it may be many times its text.
 * Fields that the schema does not have are passed over.
 * @throws Error where the schema has no operations of its kind.
 * @throws GraphQLError OPERATION_TOO_COSTLY where it is larger than any setting of the limits lets in.
 */
export function readOperation(schema: GraphQLSchema, document: DocumentNode, node: OperationDefinitionNode): Operation {
  const type = schema.getRootType(node.operation);
  if (!type) throw new Error(`The schema has no ${node.operation}.`);
  const fragments = new Map(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [])),
  );
  const root = readSelection({ schema, fragments, count: { left: MOST_SELECTIONS } }, type, [type], node.selectionSet);
  let size = 0;
  const conditions = new Set<string>();
  const coordinates = new Set<string>();
  const inputs: AskedInput[] = [];
  for (const field of everyField(root)) {
    size += 1;
    if (field.name !== TypeNameMetaFieldDef.name) coordinates.add(`${field.parent.name}.${field.name}`);
    for (const { variable } of field.conditions) conditions.add(variable);
    for (const { name, value } of field.node.arguments ?? []) {
      const argument = field.declared.args.find((each) => each.name === name.value);
      if (argument) inputs.push({ field, argument, value });
    }
  }
  const defaults = defaultsOf(node);
  const given: Operation['given'] = (sent) => (defaults ? { ...defaults, ...sent } : (sent ?? NOTHING_GIVEN));
  const kept = { number: nextNumber(), documentBytes: costOfDocument(document) };
  return { schema, document, node, root, conditions, coordinates: [...coordinates].sort(), inputs, size, ...kept, given };
}

let last = 0;

/** The number of another operation. */
export function nextNumber(): number {
  last += 1;
  return last;
}

/** Names an operation with all that variables skip and include of it: alike for the same. */
export function nameWith({ number, conditions }: Operation, given: Variables): string {
  return [number, ...[...conditions].map((each) => Boolean(given[each]))].join(' ');
}

/**
 * What is asked below a field that is being resolved, by the very nodes that are executed. Its conditions are not yet held against variables.
 */
export function selectionBelow(
  { schema, fragments }: Pick<GraphQLResolveInfo, 'schema' | 'fragments'>,
  { returnType, fieldNodes }: Pick<GraphQLResolveInfo, 'returnType' | 'fieldNodes'>,
): Selection | null {
  const type = getNamedType(returnType);
  if (!isCompositeType(type)) return null;
  const reading = { schema, fragments: new Map(Object.entries(fragments)), count: { left: MOST_SELECTIONS } };
  const possible = possibleTypes(schema, type);
  const read = fieldNodes.map(({ selectionSet }) => selectionSet && readSelection(reading, type, possible, selectionSet));
  return { type, possible, fields: read.flatMap((each) => each?.fields ?? []) };
}

const NOTHING_GIVEN: Variables = Object.freeze({});

/** Null where no variable has one. */
function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Variables | null {
  const defaults = variableDefinitions.flatMap(({ variable, defaultValue }) =>
    defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)] as const] : [],
  );
  return defaults.length > 0 ? Object.fromEntries(defaults) : null;
}

/** Selections that are read of one operation at most, however its limits are set: fragments in fragments multiply. */
const MOST_SELECTIONS = 200_000;

/** `left`: how many more selections may be read. */
type Reading = Readonly<{ schema: GraphQLSchema; fragments: ReadonlyMap<string, FragmentDefinitionNode>; count: { left: number } }>;

/** Where selections stand: what declares their fields, what the object there can be, and by what variables they are asked for. */
type SelectionPlace = Readonly<{ parent: GraphQLCompositeType; possible: readonly GraphQLObjectType[]; conditions: readonly Condition[] }>;

function readSelection(
  reading: Reading,
  type: GraphQLCompositeType,
  possible: readonly GraphQLObjectType[],
  set: SelectionSetNode,
): Selection {
  const fields: AskedField[] = [];
  collect(reading, set, { parent: onlyOne(possible) ?? type, possible, conditions: [] }, fields);
  return { type, possible, fields };
}

function collect(reading: Reading, set: SelectionSetNode, at: SelectionPlace, into: AskedField[]): void {
  for (const selection of set.selections) {
    reading.count.left -= 1;
    if (reading.count.left < 0) throw refuse('TOO_MANY_SELECTIONS', { size: `>${MOST_SELECTIONS}`, number: MOST_SELECTIONS });
    const own = readConditions(selection.directives);
    if (own === null) continue;
    const conditions = own.length === 0 ? at.conditions : allOf(at.conditions, own);
    if (selection.kind === Kind.FIELD) {
      const field = readField(reading, selection, { ...at, conditions });
      if (field) into.push(field);
      continue;
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : reading.fragments.get(selection.name.value);
    const place = fragment && narrowed(reading.schema, at, fragment.typeCondition?.name.value);
    if (place) collect(reading, fragment.selectionSet, { ...place, conditions }, into);
  }
}

/** Each once. */
function allOf(above: readonly Condition[], own: readonly Condition[]): readonly Condition[] {
  const isNew = ({ variable, wants }: Condition) => !above.some((each) => each.variable === variable && each.wants === wants);
  return [...above, ...own.filter(isNew)];
}

/** Where the fields of a fragment on this type stand; null where it is for none of what can stand there. */
function narrowed(schema: GraphQLSchema, at: SelectionPlace, name: string | undefined): SelectionPlace | null {
  const condition = name === undefined ? at.parent : schema.getType(name);
  if (!isCompositeType(condition)) return null;
  if (condition === at.parent) return at;
  const meant = possibleTypes(schema, condition);
  const possible = at.possible.filter((type) => meant.includes(type));
  if (possible.length === 0) return null;
  // One that always applies adds nothing, unless what stands there has no fields of its own.
  const isWider = possible.length === at.possible.length && 'getFields' in at.parent;
  return { ...at, parent: onlyOne(possible) ?? (isWider ? at.parent : condition), possible };
}

function readField(reading: Reading, node: FieldNode, { parent, possible, conditions }: SelectionPlace): AskedField | null {
  const name = node.name.value;
  const declared = declaredField(reading, parent, name);
  if (!declared) return null;
  const key = (node.alias ?? node.name).value;
  const type = getNamedType(declared.type);
  const below =
    node.selectionSet && isCompositeType(type)
      ? readSelection(reading, type, possibleTypes(reading.schema, type), node.selectionSet)
      : null;
  return { key, name, node, parent, declared, possible, conditions, below };
}

function declaredField({ schema }: Reading, parent: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (name === SchemaMetaFieldDef.name && parent === schema.getQueryType()) return SchemaMetaFieldDef;
  if (name === TypeMetaFieldDef.name && parent === schema.getQueryType()) return TypeMetaFieldDef;
  return 'getFields' in parent ? parent.getFields()[name] : undefined;
}

/** The objects that a type stands for. */
export function possibleTypes(schema: GraphQLSchema, type: GraphQLCompositeType): readonly GraphQLObjectType[] {
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
}

function onlyOne<Each>([first, second]: readonly Each[]): Each | undefined {
  return second === undefined ? first : undefined;
}
