import type { AccessSet } from '@longyuan/access/access-set.ts';
import { decideClaims } from '@longyuan/operation/decide-claims.ts';
import { isCalendarDay } from '@longyuan/schema/src/check-digits.ts';
import { badUserInput } from '@longyuan/schema/src/refuse.ts';
import { type GraphQLLeafType, type GraphQLResolveInfo, isEnumType, responsePathAsArray } from 'graphql';
import { rowGuardOf } from '../rows/row-guard.ts';
import { isSpelledAs, spelled, spelledDigits } from './same-text.ts';

/** A value that a caller claims of an item, by the item's code. */
export type ItemClaim = Readonly<{ item: string; value: string }>;

/** A claim that may be compared: `column` is named as the field that shows the item, `type` says how the field spells its values. */
export type ReadClaim = Readonly<{ code: string; column: string; type: GraphQLLeafType; value: string }>;

/**
 * The claims of a verification, each of an item that the caller may verify in some rows.
 * @throws GraphQLError BAD_USER_INPUT as `decideClaims`; as a pruned item is refused, for an item that the caller may not verify; else
 * BAD_USER_INPUT for a value that the item cannot have in any row: it was written otherwise than it is shown, and is no mismatch.
 */
export function claimsToCompare(
  claims: readonly ItemClaim[],
  { info, access }: Readonly<{ info: GraphQLResolveInfo; access: AccessSet }>,
): readonly ReadClaim[] {
  const { facts, isCoded, writeRefusal } = rowGuardOf(info.schema);
  const codes = claims.map(({ item }) => item);
  const decided = decideClaims(codes, { schema: info.schema, facts, access, field: info.fieldName });
  const read = decided.map(({ code, type, column, spelling, refusal }, at) => {
    if (refusal) throw writeRefusal({ item: `${type}.${column}`, refusal, path: responsePathAsArray(info.path) });
    // As many are decided as were claimed, in their order.
    return { code, owner: type, column, type: spelling, value: claims[at]?.value ?? '' };
  });
  for (const { code, owner, column, type, value } of read) {
    if (!canHold(type, isCoded(owner, column), spelled(value))) {
      throw badUserInput(`Query.${info.fieldName}(items:)`, 'CLAIMED_AS_SHOWN', { item: code });
    }
  }
  return read;
}

function canHold(type: GraphQLLeafType, isCode: boolean, value: string): boolean {
  if (type.name === 'Date') return isCalendarDay(value);
  if (isEnumType(type)) return type.getValues().some(({ name }) => name === value);
  // No code is written in characters: it is the word of one.
  return !(isCode && /\p{Script=Han}/u.test(value));
}

/** Whether the row has the claimed value: as the field would spell it, in small letters or capitals, wide or narrow, digits in groups or not. */
export function holdsIn(row: object, { column, type, value }: ReadClaim): boolean {
  const stored: unknown = Reflect.get(row, column);
  if (stored === null || stored === undefined) return false;
  const shown = spelled(String(type.serialize(stored)));
  return /^\d+$/.test(shown) ? shown === spelledDigits(value) : isSpelledAs(shown, spelled(value));
}
