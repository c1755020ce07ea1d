import type { AccessSet } from '@longyuan/schema/src/access/access-set.ts';
import { type Caller, ownSubjects } from '@longyuan/schema/src/access/caller.ts';
import { isOwnAlone } from '@longyuan/schema/src/access/row-condition.ts';
import { defaultFieldResolver, type GraphQLSchema, getNullableType, isListType, isObjectType, responsePathAsArray } from 'graphql';
import type { RowGuard } from './row-guard.ts';

/**
 * A list at an edge from somebody else (`Person.licenses` of a wife) of which its caller has own rows alone is refused where it is empty: `[]`
 * would say that there are none. Nothing is told by that: whatever is there of others is never in it. The schema is guarded in place.
 */
export function tellEmptied(schema: GraphQLSchema, guard: RowGuard): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type === schema.getQueryType() || !guard.isAway(type.name)) continue;
    for (const field of Object.values(type.getFields())) {
      if (!isListType(getNullableType(field.type)) || !guard.facts.ofField(type.name, field.name)?.item) continue;
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = (parent, args, context, info) => {
        // Below a guarded root there is a context, and access in it.
        const { access } = context as { access: AccessSet };
        const { visible } = access.ofField(type.name, field.name);
        const rows: unknown = resolve(parent, args, context, info);
        if (!isOwnAlone(visible) || isOwn(parent, access.standing.caller)) return rows;
        return Promise.resolve(rows).then((found) => {
          if (!Array.isArray(found) || found.length > 0) return found;
          const item = `${type.name}.${field.name}`;
          throw guard.writeRefusal({ item, refusal: { code: 'ITEM_NOT_SHARED', missing: 'OTHERS' }, path: responsePathAsArray(info.path) });
        });
      };
    }
  }
}

/** Whether an edge begins at the caller: what is known there of the row is its key. */
function isOwn(parent: object, caller: Caller): boolean {
  const own = ownSubjects(caller);
  return Object.values(parent).some((key) => own.includes(key));
}
