import { costOfDocument } from '@longyuan/schema/src/kept/cost-of-document.ts';
import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import {
  type DefinitionNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  Kind,
  type NamedTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { answerThrough, type GatewayInterface } from './bounded-gateway.ts';

/** Stands in a selection of which nothing applies, and is taken out of the answer: callers' names begin otherwise (`admit-operation.ts`). */
const NOTHING = '__hub_nothing';

/** `document` null: nothing had to be written out. */
type WrittenOut = Readonly<{ document: DocumentNode | null; hasNothing: boolean }>;

const MOST_KEPT = 500;
const MOST_KEPT_BYTES = 16_000_000;
/** The names that are changed in it make another document. */
const WITH_WHAT_HANGS_FROM_IT = 2;
const LEAST_BYTES = 256;

/** The same gateway, which is given operations with their fragments written out. */
export function writeOutBefore(gateway: GatewayInterface): GatewayInterface {
  let schema: GraphQLSchema | undefined;
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => {
    schema = apiSchema;
  });
  // Written out, a document may be many times what it was.
  const kept = countKept(
    'written-out operations',
    new LRUCache<string, WrittenOut>({
      max: MOST_KEPT,
      maxSize: MOST_KEPT_BYTES,
      sizeCalculation: ({ document }, hash) =>
        2 * hash.length + (document ? WITH_WHAT_HANGS_FROM_IT * costOfDocument(document) : LEAST_BYTES),
    }),
  );
  return answerThrough(gateway, async (executor, request) => {
    if (!schema) throw new Error('The gateway answers before it has a schema.');
    let out = kept.get(request.queryHash);
    if (!out) {
      const document = writeOutFragments(request.document, schema);
      out = { document, hasNothing: document !== null && mentions(document, NOTHING) };
      kept.set(request.queryHash, out);
    }
    if (!out.document) return executor(request);
    // Plans are kept by this hash.
    const answer = await executor({ ...request, document: out.document, queryHash: `${request.queryHash} written out` });
    return out.hasNothing && answer.data ? { ...answer, data: withoutNothing(answer.data) } : answer;
  });
}

function mentions(document: DocumentNode, alias: string): boolean {
  let found = false;
  visit(document, {
    Field: (field) => {
      found ||= field.alias?.value === alias;
    },
  });
  return found;
}

function withoutNothing<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(withoutNothing) as Value;
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => name !== NOTHING);
  // Its members are the same ones, but for the one that nobody asked for.
  return Object.fromEntries(members.map(([name, member]) => [name, withoutNothing(member)])) as Value;
}

/**
 * The same operations with their fragments written out: the fields of a fragment that always applies stand where it stood, in the order asked.
 * Null where the document has no fragments and nothing in it may be left out. Apollo's gateway (2.14) takes a fragment on an interface for the
 * type of the object that it is applied to, so that fragments below it on that very type vanish from its answer without an error, and puts
 * fragments of one condition together, in another order than was asked; below a field of which all is left out (`@include`) it fetches nothing, and answers null for an
 * object that is there. Valid documents only; what `@skip` and `@include` stand on stays a fragment.
 */
export function writeOutFragments(document: DocumentNode, schema: GraphQLSchema): DocumentNode | null {
  if (!hasToBeWritten(document)) return null;
  const fragments = new Map(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [])),
  );
  const definitions = document.definitions.flatMap((each): readonly DefinitionNode[] => {
    if (each.kind !== Kind.OPERATION_DEFINITION) return [];
    const root = schema.getRootType(each.operation);
    return root
      ? [{ ...each, selectionSet: { kind: Kind.SELECTION_SET, selections: writeOut(each.selectionSet, root, { schema, fragments }) } }]
      : [each];
  });
  // Not as long as its text says.
  return { kind: Kind.DOCUMENT, definitions };
}

type Written = Readonly<{ schema: GraphQLSchema; fragments: ReadonlyMap<string, FragmentDefinitionNode> }>;

function writeOut(set: SelectionSetNode, parent: GraphQLCompositeType, written: Written): readonly SelectionNode[] {
  return set.selections.flatMap((selection) => writeOutOne(selection, parent, written));
}

/** A set of which all may be left out is one of which nothing may apply: the object is asked for all the same, and not taken for absent. */
function setOf(selections: readonly SelectionNode[]): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections: selections.every(isConditional) ? [...selections, nothing] : selections };
}

function isConditional({ directives }: SelectionNode): boolean {
  return directives !== undefined && directives.length > 0;
}

const nothing: SelectionNode = {
  kind: Kind.FIELD,
  alias: { kind: Kind.NAME, value: NOTHING },
  name: { kind: Kind.NAME, value: '__typename' },
};

function writeOutOne(selection: SelectionNode, parent: GraphQLCompositeType, written: Written): readonly SelectionNode[] {
  const { schema, fragments } = written;
  if (selection.kind === Kind.FIELD) {
    if (!selection.selectionSet) return [selection];
    const below = 'getFields' in parent ? parent.getFields()[selection.name.value]?.type : undefined;
    const type = below && getNamedType(below);
    // What is asked of the schema itself has no fields here, and no answer of a library.
    return [isCompositeType(type) ? { ...selection, selectionSet: setOf(writeOut(selection.selectionSet, type, written)) } : selection];
  }
  const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
  if (!fragment) return [];
  const named = fragment.typeCondition && schema.getType(fragment.typeCondition.name.value);
  const condition = isCompositeType(named) ? named : parent;
  const kinds = kindsOf(parent, schema);
  const meant = kindsOf(condition, schema);
  if (!kinds.some((kind) => meant.includes(kind))) return [];
  const always = kinds.every((kind) => meant.includes(kind));
  const inside = writeOut(fragment.selectionSet, always ? parent : condition, written);
  if (inside.length === 0 || (always && !isConditional(selection))) return inside;
  return [
    {
      kind: Kind.INLINE_FRAGMENT,
      ...(!always && { typeCondition: nameOf(condition) }),
      ...(selection.directives && { directives: selection.directives }),
      selectionSet: { kind: Kind.SELECTION_SET, selections: inside },
    },
  ];
}

function kindsOf(type: GraphQLCompositeType, schema: GraphQLSchema): readonly GraphQLObjectType[] {
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
}

function nameOf({ name }: GraphQLCompositeType): NamedTypeNode {
  return { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } };
}

/** Whether there is a fragment, or a field that may be left out. */
function hasToBeWritten(document: DocumentNode): boolean {
  let found = false;
  const note = (): void => {
    found = true;
  };
  visit(document, {
    InlineFragment: note,
    FragmentSpread: note,
    Field: (field) => {
      found ||= isConditional(field);
    },
  });
  return found;
}
