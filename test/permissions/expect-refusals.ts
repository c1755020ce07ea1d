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
  getNullableType,
  isAbstractType,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { isOthersItem, type Rules, refusalOfArguments } from './rules.ts';

/** An operation as it is sent. */
export type Asked = Readonly<{
  schema: GraphQLSchema;
  selectionSet: SelectionSetNode;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  variables: Readonly<Record<string, unknown>>;
}>;

/** Whose row an object of an answer is, where the way there tells it: of the asker's kin, or of somebody else. */
export type Whose = 'KIN' | 'OTHER' | null;

/** Whether a field leads from a person to one of their kin: from within a row of a person to another one. */
export function isOfKin(rules: Rules, object: GraphQLObjectType, name: string): boolean {
  const field = object.getFields()[name];
  const type = getNamedType(field?.type);
  if (!field || !type || !rules.isNested(object.name) || !rules.keepsPersons(type.name)) return false;
  return !isListType(getNullableType(field.type)) && rules.libraryOf(object.name, name) === rules.homeOf(type.name);
}

/** Whose the rows are that a field leads to; `whose`: the row that it stands in. */
export function whoseBelow(rules: Rules, asked: Asked, object: GraphQLObjectType, node: FieldNode, whose: Whose): Whose {
  const name = node.name.value;
  const type = getNamedType(object.getFields()[name]?.type);
  if (!isCompositeType(type)) return null;
  const rows = objectsOf(asked.schema, type).filter((each) => rules.homeOf(each.name) !== null);
  if (rows.length === 0) return whose;
  if (rules.asker.kind !== 'citizen' && rules.asker.kind !== 'agent') return null;
  if (isOfKin(rules, object, name)) return 'KIN';
  const isEdge = rules.libraryOf(object.name, name) !== rules.homeOf(object.name);
  return isEdge && rules.isOfOtherKind(object.name) && rows.every((each) => rules.areBySubject(each.name)) ? 'OTHER' : null;
}

/** Whether the way to an item says that it is another's, of whoever is told own rows alone. */
function isAnothers(rules: Rules, object: GraphQLObjectType, name: string, whose: Whose): boolean {
  const rule = rules.at(object.name, name);
  if (!rule?.right.isOwnAlone) return false;
  if (whose === 'KIN' && rules.keepsPersons(object.name) && name === 'name') return false;
  return whose !== null || isOthersItem(rules, object.name, rule.code);
}

/**
 * A refused field: `code`, the item that is named, and whether the field itself is taken out. `needsWhole`: among rows of a list that would be
 * opened by nothing but what is shown in part.
 */
export function refusalAt(
  rules: Rules,
  asked: Asked,
  object: GraphQLObjectType,
  node: FieldNode,
  { needsWhole = false, whose = null }: Readonly<{ needsWhole?: boolean; whose?: Whose }> = {},
): { item: string; code: string } | null {
  const name = node.name.value;
  const field = object.getFields()[name];
  if (!field) return null;
  const right = rules.at(object.name, name)?.right;
  const code = rules.listAt(object.name, name)?.refusal ?? right?.refusal ?? (needsWhole ? right?.filterRefusal : null);
  if (code) return { item: `${object.name}.${name}`, code };
  if (isAnothers(rules, object, name, whose)) return { item: `${object.name}.${name}`, code: 'ITEM_NOT_SHARED' };
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
  const visit = (
    set: SelectionSetNode,
    possible: readonly GraphQLObjectType[],
    path: string,
    needsWhole = false,
    whose: Whose = null,
  ): void => {
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
            needsWhole,
            whose,
          );
        continue;
      }
      if (node.name.value.startsWith('__')) continue;
      const here = `${path}${path && '.'}${(node.alias ?? node.name).value}`;
      for (const object of possible) {
        const refused = refusalAt(rules, asked, object, node, { needsWhole, whose });
        if (refused) told.push({ path: here, ...refused });
        const isItem = rules.at(object.name, node.name.value) !== null;
        const isRoot = object === asked.schema.getQueryType();
        const belowInPart = isRoot ? isListInPart(rules, asked, object, [node]) : needsWhole && !isItem;
        const below = object.getFields()[node.name.value];
        const type = below && getNamedType(below.type);
        if (node.selectionSet && isCompositeType(type)) {
          visit(node.selectionSet, objectsOf(asked.schema, type), here, belowInPart, whoseBelow(rules, asked, object, node, whose));
        }
      }
    }
  };
  const root = asked.schema.getQueryType();
  if (root && isObjectType(root)) visit(asked.selectionSet, [root], '');
  return told;
}
