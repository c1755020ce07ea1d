import { refuse } from '@longyuan/schema/src/refuse.ts';
import { whenThere } from '@longyuan/schema/src/when-there.ts';
import {
  defaultFieldResolver,
  type FieldNode,
  type GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getNullableType,
  isListType,
  isObjectType,
} from 'graphql';
import { selectionBelow } from './read-operation.ts';
import type { AskedField, Selection } from './selection.ts';

type Resolver = GraphQLFieldResolver<unknown, unknown>;

/** The context of one operation, on which its values are counted. */
type Counting = { listValues?: number };

/**
 * Bounds how many values the lists of one operation may bring together, `_entities` included: each entry counts as itself and what is asked
 * of it. Lists within lists multiply, and an answer is held in memory as a whole. The operation that passes the bound meets one
 * OPERATION_TOO_COSTLY; what it asks for beyond comes back empty, so that no more is read. The schema is changed in place.
 */
export function boundLists(schema: GraphQLSchema, mostValues: number): void {
  const widths = new WeakMap<FieldNode, number>();
  const isBeyond = ({ listValues = 0 }: Counting): boolean => listValues > mostValues;
  const count = (list: unknown, context: Counting, info: GraphQLResolveInfo): unknown => {
    if (!Array.isArray(list) || isBeyond(context)) return [];
    const width = widthBelow(info, widths);
    const values = list.reduce<number>(
      (sum, entry) => sum + (entry === null || entry === undefined ? 1 : 1 + width),
      context.listValues ?? 0,
    );
    context.listValues = values;
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
      return whenThere(list, (arrived) => count(arrived, context, info));
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

function widthBelow(info: GraphQLResolveInfo, widths: WeakMap<FieldNode, number>): number {
  return info.fieldNodes.reduce(
    (sum, node) => sum + widths.getOrInsertComputed(node, () => widthOf(selectionBelow(info, { ...info, fieldNodes: [node] }))),
    0,
  );
}

/**
 * Values that are asked of one row, those of the objects in it too; of the lists in it they are counted as they come. Of types that a row
 * can be, the widest counts.
 */
function widthOf(selection: Selection | null): number {
  if (!selection) return 0;
  const widthOfField = ({ declared, below }: AskedField) => 1 + (isListType(getNullableType(declared.type)) ? 0 : widthOf(below));
  const widthAs = (type: GraphQLObjectType) =>
    selection.fields.reduce((sum, field) => sum + (field.possible.includes(type) ? widthOfField(field) : 0), 0);
  return Math.max(0, ...selection.possible.map(widthAs));
}
