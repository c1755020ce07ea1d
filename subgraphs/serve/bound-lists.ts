import { refuse } from '@longyuan/schema/src/error-codes.ts';
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema, getNullableType, isListType, isObjectType } from 'graphql';

type Resolver = GraphQLFieldResolver<unknown, unknown>;

/**
 * Bounds how many list entries one operation may bring together, `_entities` included: lists within lists multiply, and an answer is
 * held in memory as a whole. The operation that passes the bound meets one OPERATION_TOO_COSTLY; what it asks for beyond comes back
 * empty, so that no more is read. The schema is changed in place.
 */
export function boundLists(schema: GraphQLSchema, mostEntries: number): void {
  const entriesByContext = new WeakMap<object, number>();
  const isBeyond = (context: object): boolean => (entriesByContext.get(context) ?? 0) > mostEntries;
  const count = (list: unknown, context: object): unknown => {
    if (!Array.isArray(list) || isBeyond(context)) return [];
    const entries = (entriesByContext.get(context) ?? 0) + list.length;
    entriesByContext.set(context, entries);
    if (entries <= mostEntries) return list;
    const message = `The operation brings together more than ${mostEntries} list entries (HUB_MAX_ENTRIES); ask for less at once.`;
    throw refuse('OPERATION_TOO_COSTLY', message, { limit: 'HUB_MAX_ENTRIES', value: mostEntries });
  };
  const counted = (resolve: Resolver): Resolver => {
    return (parent, args, context, info) => {
      // Without a context there is no caller, and the guard of the roots refuses.
      if (typeof context !== 'object' || context === null) return resolve(parent, args, context, info);
      if (isBeyond(context)) return [];
      const list = resolve(parent, args, context, info);
      // A store may answer with a promise of its own kind, as Prisma's are.
      if (isThenable(list)) return list.then((arrived) => arrived && count(arrived, context));
      return list && count(list, context);
    };
  };
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      if (isListType(getNullableType(field.type))) field.resolve = counted(field.resolve ?? defaultFieldResolver);
    }
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
