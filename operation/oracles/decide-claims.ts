import type { AccessFacts, Read } from '@longyuan/schema/src/access/access-facts.ts';
import type { AccessSet } from '@longyuan/schema/src/access/access-set.ts';
import type { Refusal } from '@longyuan/schema/src/access/decide.ts';
import { badUserInput } from '@longyuan/schema/src/error-codes.ts';
import {
  BREAK,
  type DocumentNode,
  type FieldNode,
  type GraphQLLeafType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  getOperationAST,
  isLeafType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import { isIncluded, type Variables, withDefaults } from './included-selections.ts';

/** An item of which a value is claimed: the field that shows it, how that spells its values, and why the caller may not verify it, if so. */
type DecidedClaim = Readonly<{ code: string; type: string; column: string; spelling: GraphQLLeafType; refusal: Refusal | null }>;

type Place = Readonly<{ schema: GraphQLSchema; facts: AccessFacts; access: AccessSet; field: string }>;

/** The input in whose values an operation names items, each by its code. */
const CLAIM_TYPE = 'ItemClaim';

/** The argument of a root field that claims items; undefined where the field verifies nothing item by item. */
export function claimingArgument({ schema, field }: Pick<Place, 'schema' | 'field'>): string | undefined {
  return argumentsOf(schema, field).find(({ type }) => getNamedType(type).name === CLAIM_TYPE)?.name;
}

/** Codes of the items that a root field claims something of, as they are given; empty where it claims nothing. */
export function claimedCodes(schema: GraphQLSchema, field: FieldNode, variables: Variables): readonly string[] {
  const claiming = claimingArgument({ schema, field: field.name.value });
  const given = field.arguments?.find(({ name }) => name.value === claiming);
  if (!given) return [];
  const claims: unknown = valueFromASTUntyped(given.value, { ...variables });
  // One claim where a list is expected is a list of it; what is no claim was not admitted.
  return [claims].flat().map((claim) => String(Object(claim).item));
}

/**
 * Makes the reader of the items that an operation claims something of: its pruning does not tell them, because their codes are values.
 * Most operations claim nothing, which is looked up once for each document.
 */
export function makeClaimReader(schema: GraphQLSchema): (asked: ClaimingOperation) => readonly Claimed[] {
  const claiming = new Set(
    Object.keys(schema.getQueryType()?.getFields() ?? {}).filter((field) => claimingArgument({ schema, field }) !== undefined),
  );
  const mentions = new WeakMap<DocumentNode, boolean>();
  return ({ document, operationName, variables }) => {
    const operation = getOperationAST(document, operationName);
    if (!operation || !mentions.getOrInsertComputed(document, (asked) => mentionsAny(asked, claiming))) return [];
    const given = withDefaults(operation, variables ?? {});
    return rootFields(document, operation.selectionSet, given).flatMap((field) => {
      const reads = claimedCodes(schema, field, given).map((code) => ({ code, toVerify: true }));
      return reads.length === 0 ? [] : [{ key: (field.alias ?? field.name).value, reads }];
    });
  };
}

/** The items that one root field, by its response name, claims something of. */
type Claimed = Readonly<{ key: string; reads: readonly Read[] }>;

type ClaimingOperation = Readonly<{
  document: DocumentNode;
  operationName: string | null | undefined;
  variables: Variables | null | undefined;
}>;

function mentionsAny(document: DocumentNode, fields: ReadonlySet<string>): boolean {
  let found = false;
  visit(document, {
    Field: ({ name }) => {
      if (!fields.has(name.value)) return undefined;
      found = true;
      return BREAK;
    },
  });
  return found;
}

function rootFields(document: DocumentNode, set: SelectionSetNode, variables: Variables): readonly FieldNode[] {
  return set.selections.flatMap((selection) => {
    if (!isIncluded(selection, variables)) return [];
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFields(document, selection.selectionSet, variables);
    const named = document.definitions.find((each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === selection.name.value);
    return named && 'selectionSet' in named ? rootFields(document, named.selectionSet, variables) : [];
  });
}

/**
 * What becomes of each claim at a root field: the one decision of the library that answers it and of whoever explains it.
 * @throws GraphQLError BAD_USER_INPUT where there is no claim, one of an item twice, of an item by which the row is found (it would ask
 * whether there is such a row, and nothing else), or of one that is no plain value of the row's type.
 */
export function decideClaims(codes: readonly string[], place: Place): readonly DecidedClaim[] {
  const { schema, facts, access, field } = place;
  const argument = `Query.${field}(${claimingArgument(place)}:)`;
  if (codes.length === 0) throw badUserInput(argument, 'CLAIMS_SOMETHING');
  if (new Set(codes).size < codes.length) throw badUserInput(argument, 'EACH_ITEM_ONCE');
  const finding = argumentsOf(schema, field).flatMap(({ name }) => facts.readsAt(`Query.${field}(${name}:)`).map(({ code }) => code));
  const [type = ''] = finding.flatMap((code) => facts.fieldOfItem(code)?.split('.')[0] ?? []);
  return codes.map((code) => {
    const [owner, column = ''] = facts.fieldOfItem(code)?.split('.') ?? [];
    const spelling = owner === type && !finding.includes(code) ? plainTypeOf(schema, type, column) : null;
    if (!spelling) throw badUserInput(argument, 'PLAIN_ITEMS', { type });
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
