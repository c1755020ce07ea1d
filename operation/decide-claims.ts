import type { AccessFacts, Read } from '@longyuan/access/access-facts.ts';
import type { AccessSet } from '@longyuan/access/access-set.ts';
import type { Refusal } from '@longyuan/access/decide.ts';
import { badUserInput } from '@longyuan/schema/src/refuse.ts';
import {
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isLeafType,
  isObjectType,
  valueFromASTUntyped,
} from 'graphql';
import { type AskedField, areMet, type Selection, type Variables } from './selection.ts';

/** An item of which a value is claimed: the field that shows it, how that spells its values, and why the caller may not verify it, if so. */
type DecidedClaim = Readonly<{ code: string; type: string; column: string; spelling: GraphQLLeafType; refusal: Refusal | null }>;

type ClaimingField = Readonly<{ schema: GraphQLSchema; facts: AccessFacts; access: AccessSet; field: string }>;

/** The input in whose values an operation names items, each by its code. */
const CLAIM_TYPE = 'ItemClaim';

/** The argument of a root field that claims items; undefined where the field verifies nothing item by item. */
function claimingArgument({ args }: Pick<GraphQLField<unknown, unknown>, 'args'>): string | undefined {
  return args.find(({ type }) => getNamedType(type).name === CLAIM_TYPE)?.name;
}

/** Codes of the items that a root field claims something of, as they are given; null where it claims nothing. */
export function claimedCodes({ declared, node }: AskedField, given: Variables): readonly string[] | null {
  const claiming = claimingArgument(declared);
  if (claiming === undefined) return null;
  const argument = node.arguments?.find(({ name }) => name.value === claiming);
  const claims: unknown = argument ? valueFromASTUntyped(argument.value, { ...given }) : [];
  // One claim where a list is expected is a list of it; what is no claim was not admitted.
  return [claims].flat().map((claim) => String(Object(claim).item));
}

/** The items that an operation claims something of: its pruning does not tell them, because their codes are values. */
export function claimsIn({ fields }: Selection, given: Variables): readonly Claimed[] {
  return fields.flatMap((field) => {
    const codes = areMet(field.conditions, given) ? claimedCodes(field, given) : null;
    return codes?.length ? [{ key: field.key, reads: codes.map((code) => ({ code, toVerify: true })) }] : [];
  });
}

/** The items that one root field, by its response name, claims something of. */
export type Claimed = Readonly<{ key: string; reads: readonly Read[] }>;

/**
 * What becomes of each claim at a root field: the one decision of the library that answers it and of whoever explains it.
 * @throws GraphQLError BAD_USER_INPUT where there is no claim, one of an item twice, of an item by which the row is found (it would ask
 * whether there is such a row, and nothing else), or of one that is no plain value of the row's type.
 */
export function decideClaims(codes: readonly string[], place: ClaimingField): readonly DecidedClaim[] {
  const { schema, facts, access, field } = place;
  const declared = schema.getQueryType()?.getFields()[field];
  const args = declared?.args ?? [];
  const argument = `Query.${field}(${claimingArgument({ args })}:)`;
  if (codes.length === 0) throw badUserInput(argument, 'CLAIMS_SOMETHING');
  if (new Set(codes).size < codes.length) throw badUserInput(argument, 'EACH_ITEM_ONCE');
  const finding = args.flatMap(({ name }) => facts.readsAt(`Query.${field}(${name}:)`).map(({ code }) => code));
  const [type = ''] = finding.flatMap((code) => facts.fieldOfItem(code)?.split('.')[0] ?? []);
  return codes.map((code) => {
    const [owner, column = ''] = facts.fieldOfItem(code)?.split('.') ?? [];
    const spelling = owner === type && !finding.includes(code) ? plainTypeOf(schema, type, column) : null;
    if (!spelling) throw badUserInput(argument, 'PLAIN_ITEMS', { type });
    return { code, type, column, spelling, refusal: access.ofItem(code).verifyRefusal };
  });
}

function plainTypeOf(schema: GraphQLSchema, type: string, field: string): GraphQLLeafType | null {
  const object = schema.getType(type);
  const shown = isObjectType(object) ? object.getFields()[field] : undefined;
  const value = shown && getNullableType(shown.type);
  return isLeafType(value) ? value : null;
}
