import { divisionPrefix } from '@longyuan/schema/src/division-prefix.ts';
import { type FieldNode, type GraphQLField, getNullableType, isListType, valueFromASTUntyped } from 'graphql';
import type { Operation } from './read-operation.ts';
import type { AskedField, Selection, Variables } from './selection.ts';

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

/**
 * What an operation may cost at most: how many values its answer can hold, a list counting as long as its arguments let it be (`first`, keys
 * that are given), else three, one more for each row that is fetched from another library (`isEntity`, by its type), and the work of fields
 * that do more than answer. What only some variables ask for counts as asked for. `given`: the variables with their defaults.
 */
export function costOfOperation({ root }: Pick<Operation, 'root'>, given: Variables, isEntity: (type: string) => boolean): number {
  const variables = { ...given };

  function costOf({ fields }: Selection, page: number): number {
    return fields.reduce((cost, field) => cost + costOfField(field, page), 0);
  }

  function costOfField({ parent, name, node, declared, below }: AskedField, page: number): number {
    const coordinate = `${parent.name}.${name}`;
    const work = WORK.get(coordinate) ?? 0;
    if (!below) return 1 + work;
    const { first, keys, values } = sizeIn(node, declared, variables);
    // A connection's own list is as long as its page; another as its own `first`, a root's as the keys that were given for it, if any were.
    const isList = isListType(getNullableType(declared.type));
    const usual = LENGTHS.get(coordinate) ?? Math.max(page, keys ?? 0);
    const unsaid = parent === root.type && keys !== null ? keys : typeof usual === 'number' ? usual : usual(values);
    const length = isList ? (first ?? unsaid) : 1;
    const inside = costOf(below, isList ? USUAL_LENGTH : (first ?? USUAL_LENGTH));
    return 1 + length * (inside + (isEntity(below.type.name) ? 1 : 0)) + work;
  }
  return costOf(root, USUAL_LENGTH);
}

/** How long the arguments of a field let its lists be: `first`, and the longest list that is given; and what they are given as. */
function sizeIn(
  node: FieldNode,
  declared: GraphQLField<unknown, unknown>,
  variables: Record<string, unknown>,
): { first: number | null; keys: number | null; values: ReadonlyMap<string, unknown> } {
  const values = new Map<string, unknown>();
  const usual: unknown = declared.args.find(({ name }) => name === 'first')?.defaultValue;
  let [first, keys]: [number | null, number | null] = [typeof usual === 'number' ? usual : null, null];
  for (const argument of node.arguments ?? []) {
    const value: unknown = valueFromASTUntyped(argument.value, variables);
    values.set(argument.name.value, value);
    if (argument.name.value === 'first' && typeof value === 'number') first = value;
    if (Array.isArray(value)) keys = Math.max(keys ?? 0, value.length);
  }
  return { first, keys, values };
}
