import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isUnionType,
  Kind,
  type NamedTypeNode,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';

/**
 * The same operations with their fragments written out: the fields of a fragment that always applies stand where it stood, in the order asked.
 * Null where the document has no fragments. Apollo's gateway (2.14) takes a fragment on an interface for the type of the object that it is
 * applied to, so that fragments below it on that very type vanish from its answer without an error, and puts fragments of one condition
 * together, in another order than was asked. Valid documents only; what `@skip` and `@include` stand on stays a fragment.
 */
export function writeOutFragments(document: DocumentNode, schema: GraphQLSchema): DocumentNode | null {
  if (!hasFragments(document)) return null;
  const fragments = new Map(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [])),
  );
  const definitions = document.definitions.flatMap((each) => {
    if (each.kind !== Kind.OPERATION_DEFINITION) return [];
    const root = schema.getRootType(each.operation);
    return root ? [{ ...each, selectionSet: writeOut(each.selectionSet, root, { schema, fragments }) }] : [each];
  });
  return { ...document, definitions };
}

type Written = Readonly<{ schema: GraphQLSchema; fragments: ReadonlyMap<string, FragmentDefinitionNode> }>;

function writeOut(set: SelectionSetNode, parent: GraphQLCompositeType, written: Written): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections: set.selections.flatMap((selection) => writeOutOne(selection, parent, written)) };
}

function writeOutOne(selection: SelectionNode, parent: GraphQLCompositeType, written: Written): readonly SelectionNode[] {
  const { schema, fragments } = written;
  if (selection.kind === Kind.FIELD) {
    if (!selection.selectionSet) return [selection];
    const below = 'getFields' in parent ? parent.getFields()[selection.name.value]?.type : undefined;
    const type = below && getNamedType(below);
    // What is asked of the schema itself has no fields here, and no answer of a library.
    return [isCompositeType(type) ? { ...selection, selectionSet: writeOut(selection.selectionSet, type, written) } : selection];
  }
  const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
  if (!fragment) return [];
  const named = fragment.typeCondition && schema.getType(fragment.typeCondition.name.value);
  const condition = isCompositeType(named) ? named : parent;
  // Under a concrete type a valid fragment always applies.
  const always =
    condition === parent ||
    isObjectType(parent) ||
    (isAbstractType(condition) && !isUnionType(parent) && schema.isSubType(condition, parent));
  const inside = writeOut(fragment.selectionSet, always ? parent : condition, written);
  const isConditional = (selection.directives?.length ?? 0) > 0;
  if (always && !isConditional) return inside.selections;
  return [
    {
      kind: Kind.INLINE_FRAGMENT,
      ...(!always && { typeCondition: nameOf(condition) }),
      ...(selection.directives && { directives: selection.directives }),
      selectionSet: inside,
    },
  ];
}

function nameOf({ name }: GraphQLCompositeType): NamedTypeNode {
  return { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: name } };
}

function hasFragments(document: DocumentNode): boolean {
  let found = false;
  const note = (): void => {
    found = true;
  };
  visit(document, { InlineFragment: note, FragmentSpread: note });
  return found;
}
