import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';

/** Entries of a list whose length nothing says: licenses of a person, members of a household. */
const USUAL_LENGTH = 3;
/** Lists that are longer though no argument says so: items of an explained operation (one for each selection), and of a resource, which lead back to it. */
const LENGTHS: ReadonlyMap<string, number> = new Map([
  ['AccessExplanation.items', 5_000],
  ['Resource.items', 100],
]);
/** What an explanation costs beside its answer: it parses, admits and prunes an operation of its own. */
export const EXPLANATION_COST = 120_000;
const WORK: ReadonlyMap<string, number> = new Map([['Query.explainAccess', EXPLANATION_COST]]);

export type OperationToCost = Readonly<{
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
  /** Whether rows of a type are looked up in another library wherever a field leads to them. */
  isEntity: (type: string) => boolean;
}>;

/**
 * What an operation may cost at most: how many values its answer can hold, a list counting as long as its arguments let it be (`first`, keys
 * that are given), else three, one more for each row that is fetched from another library, and the work of fields that do more than
 * answer. Of types that a field can stand for, the costliest counts. Takes time in proportion to the document as written. Valid operations only.
 */
export function costOfOperation(question: OperationToCost): number {
  const root = question.schema.getRootType(question.operation.operation);
  const fragments = new Map(
    question.document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each] as const] : [])),
  );
  const known = new Map<string, number>();

  function costOf(set: SelectionSetNode, type: GraphQLCompositeType, page: number): number {
    let cost = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        cost += costOfField(selection, type, page);
        continue;
      }
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const named = selection.typeCondition ? question.schema.getType(selection.typeCondition.name.value) : type;
        cost += isCompositeType(named) ? costOf(selection.selectionSet, named, page) : 0;
        continue;
      }
      const name = `${selection.name.value} ${page}`;
      let inside = known.get(name);
      if (inside === undefined) {
        const fragment = fragments.get(selection.name.value);
        const named = fragment && question.schema.getType(fragment.typeCondition.name.value);
        inside = fragment && isCompositeType(named) ? costOf(fragment.selectionSet, named, page) : 0;
        known.set(name, inside);
      }
      cost += inside;
    }
    return cost;
  }

  function costOfField(field: FieldNode, type: GraphQLCompositeType, page: number): number {
    const declared = fieldOf(question.schema, type, field.name.value);
    if (!declared) return 1;
    const coordinate = `${type.name}.${declared.name}`;
    const below = getNamedType(declared.type);
    const given = sizeIn(field, declared, question.variables);
    // A connection's own list is as long as its page; another as its own `first`, a root's as the keys that were given for it, if any were.
    const isList = isListType(getNullableType(declared.type));
    const unsaid = type === root && given.keys !== null ? given.keys : (LENGTHS.get(coordinate) ?? Math.max(page, given.keys ?? 0));
    const length = isList ? (given.first ?? unsaid) : 1;
    if (!field.selectionSet || !isCompositeType(below)) return 1;
    const inside = costOf(field.selectionSet, below, isList ? USUAL_LENGTH : (given.first ?? USUAL_LENGTH));
    return 1 + length * (inside + (question.isEntity(below.name) ? 1 : 0)) + (WORK.get(coordinate) ?? 0);
  }
  return root ? costOf(question.operation.selectionSet, root, USUAL_LENGTH) : 0;
}

function fieldOf(schema: GraphQLSchema, type: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
  if ('getFields' in type) return type.getFields()[name];
  return isAbstractType(type) ? schema.getPossibleTypes(type).flatMap((each) => each.getFields()[name] ?? [])[0] : undefined;
}

/** How long the arguments of a field let its lists be: `first`, and the longest list that is given. */
function sizeIn(
  field: FieldNode,
  declared: GraphQLField<unknown, unknown>,
  variables: OperationToCost['variables'],
): { first: number | null; keys: number | null } {
  const usual: unknown = declared.args.find(({ name }) => name === 'first')?.defaultValue;
  let [first, keys]: [number | null, number | null] = [typeof usual === 'number' ? usual : null, null];
  for (const argument of field.arguments ?? []) {
    const value = valueOfArgument(argument, variables);
    if (argument.name.value === 'first' && typeof value === 'number') first = value;
    if (Array.isArray(value)) keys = Math.max(keys ?? 0, value.length);
  }
  return { first, keys };
}

function valueOfArgument({ value }: ArgumentNode, variables: OperationToCost['variables']): unknown {
  return valueFromASTUntyped(value, { ...variables });
}
