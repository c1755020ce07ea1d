import { type GraphQLLeafType, type GraphQLSchema, getNamedType, getNullableType, isLeafType, isObjectType } from 'graphql';
import { badUserInput } from '../error-codes.ts';
import type { AccessFacts } from './access-facts.ts';
import type { AccessSet } from './access-set.ts';
import type { Refusal } from './decide.ts';

/** An item of which a value is claimed: the field that shows it, how that spells its values, and why the caller may not verify it, if so. */
type DecidedClaim = Readonly<{ code: string; type: string; column: string; spelling: GraphQLLeafType; refusal: Refusal | null }>;

type Place = Readonly<{ schema: GraphQLSchema; facts: AccessFacts; access: AccessSet; field: string }>;

/** The input in whose values an operation names items, each by its code. */
const CLAIM_TYPE = 'ItemClaim';

/** The argument of a root field that claims items; undefined where the field verifies nothing item by item. */
export function claimingArgument({ schema, field }: Pick<Place, 'schema' | 'field'>): string | undefined {
  return argumentsOf(schema, field).find(({ type }) => getNamedType(type).name === CLAIM_TYPE)?.name;
}

/**
 * What becomes of each claim at a root field: the one decision of the library that answers it and of whoever explains it.
 * @throws GraphQLError BAD_USER_INPUT where there is no claim, one of an item twice, of an item by which the row is found (it would ask
 * whether there is such a row, and nothing else), or of one that is no plain value of the row's type.
 */
export function decideClaims(codes: readonly string[], place: Place): readonly DecidedClaim[] {
  const { schema, facts, access, field } = place;
  const argument = `Query.${field}(${claimingArgument(place)}:)`;
  if (codes.length === 0) throw badUserInput(argument, 'must claim something of one item or more');
  if (new Set(codes).size < codes.length) throw badUserInput(argument, 'must name each item once');
  const finding = argumentsOf(schema, field).flatMap(({ name }) => facts.readsAt(`Query.${field}(${name}:)`).map(({ code }) => code));
  const [type = ''] = finding.flatMap((code) => facts.fieldOfItem(code)?.split('.')[0] ?? []);
  return codes.map((code) => {
    const [owner, column = ''] = facts.fieldOfItem(code)?.split('.') ?? [];
    const spelling = owner === type && !finding.includes(code) ? plainTypeOf(schema, type, column) : null;
    if (!spelling) throw badUserInput(argument, `must name items of ${type} that are one plain value, and not what it is found by`);
    return { code, type, column, spelling, refusal: access.ofItem(code).verifyRefusal };
  });
}

function argumentsOf(schema: GraphQLSchema, field: string) {
  return schema.getQueryType()?.getFields()[field]?.args ?? [];
}

function plainTypeOf(schema: GraphQLSchema, type: string, field: string): GraphQLLeafType | null {
  const object = schema.getType(type);
  const shown = isObjectType(object) ? object.getFields()[field] : undefined;
  const value = shown && getNullableType(shown.type);
  return isLeafType(value) ? value : null;
}
