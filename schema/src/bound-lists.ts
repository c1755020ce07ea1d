import {
  defaultFieldResolver,
  type GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLNamedType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isListType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { refuse } from './error-codes.ts';

type Resolver = GraphQLFieldResolver<unknown, unknown>;

/**
 * Bounds how many values the lists of one operation may bring together, `_entities` included: each entry counts as itself and what is asked
 * of it. Lists within lists multiply, and an answer is held in memory as a whole. The operation that passes the bound meets one
 * OPERATION_TOO_COSTLY; what it asks for beyond comes back empty, so that no more is read. The schema is changed in place.
 */
export function boundLists(schema: GraphQLSchema, mostValues: number): void {
  const valuesByContext = new WeakMap<object, number>();
  const widths = new WeakMap<SelectionSetNode, number>();
  const isBeyond = (context: object): boolean => (valuesByContext.get(context) ?? 0) > mostValues;
  const count = (list: unknown, context: object, info: GraphQLResolveInfo): unknown => {
    if (!Array.isArray(list) || isBeyond(context)) return [];
    const width = widthBelow(info, widths);
    const values = list.reduce<number>(
      (sum, entry) => sum + (entry === null || entry === undefined ? 1 : 1 + width),
      valuesByContext.get(context) ?? 0,
    );
    valuesByContext.set(context, values);
    if (values <= mostValues) return list;
    throw beyond(mostValues, info);
  };
  const counted = (resolve: Resolver): Resolver => {
    return (parent, args, context, info) => {
      // Without a context there is no caller, and the guard of the roots refuses.
      if (typeof context !== 'object' || context === null) return resolve(parent, args, context, info);
      if (isBeyond(context)) return [];
      const list = resolve(parent, args, context, info);
      // A store may answer with a promise of its own kind, as Prisma's are.
      if (isThenable(list)) return list.then((arrived) => arrived && count(arrived, context, info));
      return list && count(list, context, info);
    };
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (isListType(getNullableType(field.type))) field.resolve = counted(field.resolve ?? defaultFieldResolver);
    }
  }
}

/** Names the limit, the list that passed it, and by what that list can be made shorter. */
function beyond(mostValues: number, { parentType, fieldName }: GraphQLResolveInfo): GraphQLError {
  const said = { number: mostValues, limit: 'HUB_MAX_VALUES' };
  const extensions = { limit: 'HUB_MAX_VALUES', value: mostValues };
  if (fieldName === '_entities') return refuse('TOO_MANY_VALUES', said, extensions);
  const coordinate = `${parentType.name}.${fieldName}`;
  const [last, ...before] = (parentType.getFields()[fieldName]?.args ?? []).map(({ name }) => `\`${name}\``).reverse();
  if (last === undefined) return refuse('LIST_TOO_LONG', { ...said, coordinate }, extensions);
  const shorter = [before.reverse().join(', '), last].filter(Boolean).join(' or ');
  return refuse('LIST_TOO_LONG_BY', { ...said, coordinate, arguments: shorter }, extensions);
}

function widthBelow(info: GraphQLResolveInfo, widths: WeakMap<SelectionSetNode, number>): number {
  return info.fieldNodes.reduce(
    (sum, { selectionSet }) => sum + (selectionSet ? widthOf(selectionSet, getNamedType(info.returnType), info, widths) : 0),
    0,
  );
}

/**
 * Values that are asked of one row, those of the objects in it too; of the lists in it they are counted as they come. Of types that a row
 * can be, the widest counts.
 */
function widthOf(
  set: SelectionSetNode,
  type: GraphQLNamedType,
  { schema, fragments }: Pick<GraphQLResolveInfo, 'schema' | 'fragments'>,
  widths: WeakMap<SelectionSetNode, number>,
): number {
  const known = widths.get(set);
  if (known !== undefined) return known;
  let width = 0;
  const byType = new Map<string, number>();
  for (const selection of set.selections) {
    if (selection.kind === Kind.FIELD) {
      const field = 'getFields' in type ? type.getFields()[selection.name.value] : undefined;
      const isWithin = field && 'type' in field && !isListType(getNullableType(field.type)) && selection.selectionSet;
      width += 1 + (isWithin ? widthOf(selection.selectionSet, getNamedType(field.type), { schema, fragments }, widths) : 0);
      continue;
    }
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : fragments[selection.name.value];
    const named = fragment?.typeCondition ? schema.getType(fragment.typeCondition.name.value) : type;
    if (!fragment || !named) continue;
    const inside = widthOf(fragment.selectionSet, named, { schema, fragments }, widths);
    if (isAbstractType(type)) byType.set(named.name, (byType.get(named.name) ?? 0) + inside);
    else width += inside;
  }
  width += Math.max(0, ...byType.values());
  widths.set(set, width);
  return width;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
