import type { AccessSet } from '@longyuan/schema/src/access/access-set.ts';
import { decideClaims } from '@longyuan/schema/src/access/decide-claims.ts';
import { type GraphQLLeafType, type GraphQLResolveInfo, responsePathAsArray } from 'graphql';
import { rowGuardOf } from './row-guard.ts';
import { spelled } from './same-text.ts';

/** A value that a caller claims of an item, by the item's code. */
export type ItemClaim = Readonly<{ item: string; value: string }>;

/** A claim that may be compared: `column` is named as the field that shows the item, `type` says how the field spells its values. */
export type ReadClaim = Readonly<{ code: string; column: string; type: GraphQLLeafType; value: string }>;

/**
 * The claims of a verification, each of an item that the caller may verify in some rows.
 * @throws GraphQLError BAD_USER_INPUT as `decideClaims`; else, as a pruned item is refused, for an item that the caller may not verify.
 */
export function readClaims(
  claims: readonly ItemClaim[],
  { info, access }: Readonly<{ info: GraphQLResolveInfo; access: AccessSet }>,
): readonly ReadClaim[] {
  const { facts, writeRefusal } = rowGuardOf(info.schema);
  const codes = claims.map(({ item }) => item);
  const decided = decideClaims(codes, { schema: info.schema, facts, access, field: info.fieldName });
  return decided.map(({ code, type, column, spelling, refusal }, at) => {
    if (refusal) throw writeRefusal({ item: `${type}.${column}`, refusal, path: responsePathAsArray(info.path) });
    // As many are decided as were claimed, in their order.
    return { code, column, type: spelling, value: claims[at]?.value ?? '' };
  });
}

/** Whether the row has the claimed value: as the field would spell it, in small letters or capitals, wide or narrow. */
export function holdsIn(row: object, { column, type, value }: ReadClaim): boolean {
  const stored: unknown = Reflect.get(row, column);
  return stored !== null && stored !== undefined && spelled(String(type.serialize(stored))) === spelled(value);
}
