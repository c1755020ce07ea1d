import type { AccessSet } from '@longyuan/schema/src/access/access-set.ts';
import { badUserInput } from '@longyuan/schema/src/error-codes.ts';
import { type GraphQLLeafType, type GraphQLResolveInfo, getNullableType, isLeafType, isObjectType, responsePathAsArray } from 'graphql';
import { type RowGuard, rowGuardOf } from './row-guard.ts';

/** A value that a caller claims of an item, by the item's code. */
export type ItemClaim = Readonly<{ item: string; value: string }>;

/** A claim that may be compared: `column` is named as the field that shows the item, `type` says how the field spells its values. */
export type ReadClaim = Readonly<{ code: string; column: string; type: GraphQLLeafType; value: string }>;

/**
 * The claims of a verification about a row of `type`, each of an item that the caller may verify in some rows. `argument` is the coordinate
 * of the list.
 * @throws GraphQLError BAD_USER_INPUT where there is no claim, one of an item twice, of an item by which the row is found (it would ask
 * whether there is such a row, and nothing else), or of one that is no plain value of the type; else, as a pruned item is refused, for an
 * item that the caller may not verify.
 */
export function readClaims(
  claims: readonly ItemClaim[],
  place: Readonly<{ info: GraphQLResolveInfo; access: AccessSet; type: string; argument: string }>,
): readonly ReadClaim[] {
  const { info, access, type, argument } = place;
  const guard = rowGuardOf(info.schema);
  if (claims.length === 0) throw badUserInput(argument, 'must claim something of one item or more');
  if (new Set(claims.map(({ item }) => item)).size < claims.length) throw badUserInput(argument, 'must name each item once');
  const finding = findingItems(guard, info);
  return claims.map(({ item: code, value }) => {
    const column = finding.has(code) ? null : plainField(info, guard.facts.fieldOfItem(code), type);
    if (!column) throw badUserInput(argument, `must name items of ${type} that are one plain value, and not what it is found by`);
    const { verifyRefusal } = access.ofItem(code);
    if (verifyRefusal) {
      throw guard.writeRefusal({ item: `${type}.${column.name}`, refusal: verifyRefusal, path: responsePathAsArray(info.path) });
    }
    return { code, column: column.name, type: column.type, value };
  });
}

/** Whether the row has the claimed value: as the field would spell it, in small letters or capitals, wide or narrow. */
export function holdsIn(row: object, { column, type, value }: ReadClaim): boolean {
  const stored: unknown = Reflect.get(row, column);
  return stored !== null && stored !== undefined && spelled(String(type.serialize(stored))) === spelled(value);
}

function spelled(text: string): string {
  return text.normalize('NFKC').trim().toUpperCase();
}

/** Items that the field's own arguments find the row by. */
function findingItems({ facts }: RowGuard, { parentType, fieldName }: GraphQLResolveInfo): ReadonlySet<string> {
  const args = parentType.getFields()[fieldName]?.args ?? [];
  return new Set(args.flatMap(({ name }) => facts.readsAt(`${parentType.name}.${fieldName}(${name}:)`).map(({ code }) => code)));
}

function plainField(
  { schema }: GraphQLResolveInfo,
  coordinate: string | undefined,
  type: string,
): Readonly<{ name: string; type: GraphQLLeafType }> | null {
  const [owner, name = ''] = coordinate?.split('.') ?? [];
  const object = schema.getType(type);
  const field = owner === type && isObjectType(object) ? object.getFields()[name] : undefined;
  const value = field && getNullableType(field.type);
  return isLeafType(value) ? { name, type: value } : null;
}
