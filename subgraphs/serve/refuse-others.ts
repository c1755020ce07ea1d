import type { AccessSet } from '@longyuan/schema/src/access/access-set.ts';
import { ownSubjects } from '@longyuan/schema/src/access/caller.ts';
import { isOwnAlone } from '@longyuan/schema/src/access/row-condition.ts';
import { defaultFieldResolver, type GraphQLSchema, isObjectType, responsePathAsArray } from 'graphql';
import type { RowGuard } from './row-guard.ts';

/**
 * Edges that begin at somebody else (`Person.licenses` of a wife), for callers who are told their own alone. A citizen is refused there, whatever
 * lies behind: not even that something of theirs is another's, too, is told. An agent, who may come by them to the own entity, is refused where
 * nothing of it is found: `[]` would say that there is nothing. A root begins at nobody. The schema is guarded in place.
 */
export function refuseOthers(schema: GraphQLSchema, guard: RowGuard): void {
  const roots: readonly unknown[] = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || roots.includes(type) || !guard.isAway(type.name)) continue;
    for (const field of Object.values(type.getFields())) {
      if (!guard.facts.ofField(type.name, field.name)?.item) continue;
      const item = `${type.name}.${field.name}`;
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = (parent, args, context, info) => {
        // Below a guarded root there is a context, and access in it.
        const { access } = context as { access: AccessSet };
        const { caller } = access.standing;
        if (!isOwnAlone(access.ofField(type.name, field.name).visible) || isOneOf(parent, ownSubjects(caller))) {
          return resolve(parent, args, context, info);
        }
        const refuse = (): never => {
          throw guard.writeRefusal({ item, refusal: { code: 'ITEM_NOT_SHARED', missing: 'OTHERS' }, path: responsePathAsArray(info.path) });
        };
        if (caller.kind === 'citizen') return refuse();
        return Promise.resolve(resolve(parent, args, context, info)).then((found) => (isNothing(found) ? refuse() : found));
      };
    }
  }
}

/** Whether an edge begins at one of these: what is known there of the row is its key. */
function isOneOf(parent: object, keys: readonly string[]): boolean {
  return Object.values(parent).some((key) => keys.includes(key));
}

function isNothing(found: unknown): boolean {
  return found === null || found === undefined || (Array.isArray(found) && found.length === 0);
}
