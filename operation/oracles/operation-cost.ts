import { divisionPrefix } from '@longyuan/schema/src/division-prefix.ts';
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
import { withDefaults } from './included-selections.ts';

/** Entries of a list whose length nothing says: licenses of a person, members of a household. */
const USUAL_LENGTH = 3;
/** How long a list without `first` can be, also by what its arguments are given as. */
type Length = number | ((given: ReadonlyMap<string, unknown>) => number);

/**
 * Lists that are longer though no argument says so: items of an explained operation (one for each selection), and of a resource, which lead
 * back to it; divisions, which are one level's or one division's; kinds of licenses; and what lies one below another.
 */
const LENGTHS: ReadonlyMap<string, Length> = new Map<string, Length>([
  ['AccessExplanation.items', 5_000],
  ['Resource.items', 100],
  ['Query.codeTables', 80],
  ['CodeTable.values', 200],
  ['Query.divisions', lengthOfDivisions],
  ['Query.licenseTypes', 100],
  ['AdministrativeDivision.children', 15],
  ['AdministrativeDivision.path', 5],
]);

/** Most divisions of each level (the column) that one of each level (the row) holds, as the province has them; of levels that none holds, none. */
const MOST_DIVISIONS: readonly (readonly number[])[] = [
  [1, 14, 88, 1_450, 18_000],
  [0, 1, 9, 200, 3_300],
  [0, 0, 1, 50, 710],
  [0, 0, 0, 1, 55],
  [0, 0, 0, 0, 1],
];

/** Divisions of a level within `parent`, or right below it where no level is said. */
function lengthOfDivisions(given: ReadonlyMap<string, unknown>): number {
  const level = given.get('level');
  const parent = given.get('parent');
  const digits = divisionPrefix(typeof parent === 'string' || typeof parent === 'number' ? String(parent) : '').length;
  // The digits that stand for a province, a prefecture, a county, a town, a village.
  const above = Math.max(
    0,
    [2, 4, 6, 9, 12].findLastIndex((each) => digits >= each),
  );
  return MOST_DIVISIONS[above]?.[typeof level === 'number' ? level - 1 : above + 1] ?? 0;
}

/** What an explanation costs beside its answer: it parses, admits and prunes an operation of its own. */
export const EXPLANATION_COST = 120_000;
/** What a boundary costs: its line is read and simplified for each tolerance that is asked. */
const BOUNDARY_COST = 100;
const WORK: ReadonlyMap<string, number> = new Map([
  ['Query.explainAccess', EXPLANATION_COST],
  ['AdministrativeDivision.boundary', BOUNDARY_COST],
]);

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
  const variables = withDefaults(question.operation, question.variables);

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
    const given = sizeIn(field, declared, variables);
    // A connection's own list is as long as its page; another as its own `first`, a root's as the keys that were given for it, if any were.
    const isList = isListType(getNullableType(declared.type));
    const usual = LENGTHS.get(coordinate) ?? Math.max(page, given.keys ?? 0);
    const unsaid = type === root && given.keys !== null ? given.keys : typeof usual === 'number' ? usual : usual(given.values);
    const length = isList ? (given.first ?? unsaid) : 1;
    const work = WORK.get(coordinate) ?? 0;
    if (!field.selectionSet || !isCompositeType(below)) return 1 + work;
    const inside = costOf(field.selectionSet, below, isList ? USUAL_LENGTH : (given.first ?? USUAL_LENGTH));
    return 1 + length * (inside + (question.isEntity(below.name) ? 1 : 0)) + work;
  }
  return root ? costOf(question.operation.selectionSet, root, USUAL_LENGTH) : 0;
}

function fieldOf(schema: GraphQLSchema, type: GraphQLCompositeType, name: string): GraphQLField<unknown, unknown> | undefined {
  if ('getFields' in type) return type.getFields()[name];
  return isAbstractType(type) ? schema.getPossibleTypes(type).flatMap((each) => each.getFields()[name] ?? [])[0] : undefined;
}

/** How long the arguments of a field let its lists be: `first`, and the longest list that is given; and what they are given as. */
function sizeIn(
  field: FieldNode,
  declared: GraphQLField<unknown, unknown>,
  variables: OperationToCost['variables'],
): { first: number | null; keys: number | null; values: ReadonlyMap<string, unknown> } {
  const values = new Map<string, unknown>();
  const usual: unknown = declared.args.find(({ name }) => name === 'first')?.defaultValue;
  let [first, keys]: [number | null, number | null] = [typeof usual === 'number' ? usual : null, null];
  for (const argument of field.arguments ?? []) {
    const value = valueOfArgument(argument, variables);
    values.set(argument.name.value, value);
    if (argument.name.value === 'first' && typeof value === 'number') first = value;
    if (Array.isArray(value)) keys = Math.max(keys ?? 0, value.length);
  }
  return { first, keys, values };
}

function valueOfArgument({ value }: ArgumentNode, variables: OperationToCost['variables']): unknown {
  return valueFromASTUntyped(value, { ...variables });
}
