import {
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { type Rules, refusalOfArguments } from './rules.ts';

/** An operation as it is sent. */
export type Asked = Readonly<{
  schema: GraphQLSchema;
  selectionSet: SelectionSetNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  variables: Readonly<Record<string, unknown>>;
}>;

/**
 * A refused field: `code`, the item that is named, and whether the field itself is taken out. `needsWhole`: among rows of a list that would be
 * opened by nothing but what is shown in part.
 */
export function refusalAt(
  rules: Rules,
  asked: Asked,
  object: GraphQLObjectType,
  node: FieldNode,
  needsWhole = false,
): { item: string; code: string } | null {
  const name = node.name.value;
  const field = object.getFields()[name];
  if (!field) return null;
  const right = rules.at(object.name, name)?.right;
  const code = rules.listAt(object.name, name)?.refusal ?? right?.refusal ?? (needsWhole ? right?.filterRefusal : null);
  if (code) return { item: `${object.name}.${name}`, code };
  return refusalOfArguments(rules, object.name, name, givenArguments(asked, object, node));
}

/** Whether the rows of a list would be there for nothing but what is shown in part of them. `node` stands at the root. */
export function isListInPart(rules: Rules, asked: Asked, object: GraphQLObjectType, nodes: readonly FieldNode[]): boolean {
  const [node] = nodes;
  if (!node || rules.listAt(object.name, node.name.value) === null) return false;
  // Of a list that is refused as such no more is said.
  if (refusalAt(rules, asked, object, node) !== null) return false;
  const seen: boolean[] = [];
  const look = (from: GraphQLObjectType, among: readonly FieldNode[]): void => {
    const type = getNamedType(from.getFields()[among[0]?.name.value ?? '']?.type);
    if (!isCompositeType(type)) return;
    const sets = among.flatMap(({ selectionSet }) => selectionSet ?? []);
    for (const each of objectsOf(asked.schema, type)) {
      for (const below of collectFields(asked, each, sets).values()) {
        const right = rules.at(each.name, below[0]?.name.value ?? '')?.right;
        if (!right) look(each, below);
        else if (right.refusal === null) seen.push(right.filterRefusal === null);
      }
    }
  };
  look(object, nodes);
  return seen.length > 0 && !seen.includes(true);
}

/** The arguments that were written, without defaults. */
function givenArguments(asked: Asked, object: GraphQLObjectType, node: FieldNode): Record<string, unknown> {
  const field = object.getFields()[node.name.value];
  if (!field) return {};
  const all = getArgumentValues(field, node, { ...asked.variables });
  // In the order they are written: of several refused ones the first is told.
  return Object.fromEntries((node.arguments ?? []).map(({ name: { value } }) => [value, all[value]]));
}

/** The same with defaults: what the rows are found by. */
export function allArguments(asked: Asked, object: GraphQLObjectType, node: FieldNode): Record<string, unknown> {
  const field = object.getFields()[node.name.value];
  return field ? getArgumentValues(field, node, { ...asked.variables }) : {};
}

function isIncluded(asked: Asked, node: SelectionNode): boolean {
  const variables = { ...asked.variables };
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] !== false;
}

/** The fields that stand at a place of the answer for an object of this type, by response name, in the order they are first asked. */
export function collectFields(asked: Asked, object: GraphQLObjectType, sets: readonly SelectionSetNode[]): Map<string, FieldNode[]> {
  const found = new Map<string, FieldNode[]>();
  const visit = (set: SelectionSetNode): void => {
    for (const node of set.selections) {
      if (!isIncluded(asked, node)) continue;
      if (node.kind === Kind.FIELD) {
        const key = (node.alias ?? node.name).value;
        found.set(key, [...(found.get(key) ?? []), node]);
        continue;
      }
      const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : asked.fragments.get(node.name.value);
      if (!fragment) continue;
      const condition = fragment.typeCondition ? asked.schema.getType(fragment.typeCondition.name.value) : object;
      if (isCompositeType(condition) && objectsOf(asked.schema, condition).includes(object)) visit(fragment.selectionSet);
    }
  };
  for (const set of sets) visit(set);
  return found;
}

export function objectsOf(schema: GraphQLSchema, type: GraphQLCompositeType): readonly GraphQLObjectType[] {
  return isAbstractType(type) ? schema.getPossibleTypes(type) : [type];
}

/** What a caller is told of a refused item: the response names down to it, the coordinate and the code. */
export type Refusal = Readonly<{ path: string; item: string; code: string }>;

/** Every refusal that the caller is told: static, whichever rows there are. */
export function expectRefusals(rules: Rules, asked: Asked): readonly Refusal[] {
  const told: Refusal[] = [];
  const visit = (set: SelectionSetNode, possible: readonly GraphQLObjectType[], path: string, inPart = false): void => {
    for (const node of set.selections) {
      if (!isIncluded(asked, node)) continue;
      if (node.kind !== Kind.FIELD) {
        const fragment = node.kind === Kind.INLINE_FRAGMENT ? node : asked.fragments.get(node.name.value);
        const condition = fragment?.typeCondition ? asked.schema.getType(fragment.typeCondition.name.value) : null;
        const meant = isCompositeType(condition) ? objectsOf(asked.schema, condition) : possible;
        if (fragment)
          visit(
            fragment.selectionSet,
            possible.filter((each) => meant.includes(each)),
            path,
            inPart,
          );
        continue;
      }
      if (node.name.value.startsWith('__')) continue;
      const here = `${path}${path && '.'}${(node.alias ?? node.name).value}`;
      for (const object of possible) {
        const refused = refusalAt(rules, asked, object, node, inPart);
        if (refused) told.push({ path: here, ...refused });
        const isItem = rules.at(object.name, node.name.value) !== null;
        const isRoot = object === asked.schema.getQueryType();
        const belowInPart = isRoot ? isListInPart(rules, asked, object, [node]) : inPart && !isItem;
        const below = object.getFields()[node.name.value];
        const type = below && getNamedType(below.type);
        if (node.selectionSet && isCompositeType(type)) visit(node.selectionSet, objectsOf(asked.schema, type), here, belowInPart);
      }
    }
  };
  const root = asked.schema.getQueryType();
  if (root && isObjectType(root)) visit(asked.selectionSet, [root], '');
  return told;
}
