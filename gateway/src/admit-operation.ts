import { checkArgumentFormats, type FormatRules } from '@longyuan/schema/src/argument-formats.ts';
import { refuse } from '@longyuan/schema/src/error-codes.ts';
import {
  BREAK,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  isNonNullType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  ValidationContext,
  validate,
  visit,
} from 'graphql';
import { costOfIntrospection } from './introspection-cost.ts';
import { introspectionKeys } from './introspection-keys.ts';
import { costOfOperation, EXPLANATION_COST } from './operation-cost.ts';
import { checkOperationLimits, type OperationLimits } from './operation-limits.ts';

/** An operation as a caller sent it, parsed. */
export type SentOperation = Readonly<{
  document: DocumentNode;
  operationName: string | null | undefined;
  variables: Readonly<Record<string, unknown>> | null | undefined;
  /** Whether the caller may be told of the schema. */
  mayIntrospect: boolean;
  /** The hub's address as the caller knows it. */
  publicAddress: string;
  /** Told what an operation that is let in may cost. */
  onCost?: (cost: number) => void;
}>;

const MAX_ERRORS = 20;
/** Of graphql-js's own: pairs of fields that it compares. */
const MOST_PAIRS = 500_000;

/**
 * Makes the check that every operation passes before it is planned; an empty list lets it in.
 * Limits come first, because validation itself takes long over a hostile document, then validation, the operation's name, the types of
 * variables and the forms of arguments. A document that was found right is not looked through again while it is kept; of one that was
 * refused nothing is remembered, neither it nor why.
 */
export function makeAdmission(gate: {
  schema: GraphQLSchema;
  limits: OperationLimits & Readonly<{ maxCost: number }>;
  formats: FormatRules;
  /** Types whose rows are looked up by their key, wherever a field leads to them. */
  entities: ReadonlySet<string>;
}): (operation: SentOperation) => readonly GraphQLError[] {
  const right = new WeakSet<DocumentNode>();
  return ({ document, operationName, variables, mayIntrospect, publicAddress, onCost }) => {
    const errors = right.has(document) ? [] : checkDocument(document, gate);
    if (errors.length > 0) return errors;
    right.add(document);
    const operation = findOperation(document, operationName);
    if (operation instanceof GraphQLError) return [operation];
    // graphql-js validates nothing below a root that the schema does not have; Apollo's gateway would answer from the whole schema.
    if (operation.operation === 'subscription' || !gate.schema.getRootType(operation.operation))
      return [refuse('NO_OPERATIONS_OF_KIND', { operation: operation.operation })];
    const asksForSchema = introspectionKeys(document, operation).size > 0;
    if (asksForSchema && !mayIntrospect) return [refuse('NO_INTROSPECTION', { address: publicAddress })];
    const wrongVariables = checkVariables({ schema: gate.schema, document, operation, variables: variables ?? {} });
    if (wrongVariables.length > 0) return wrongVariables;
    const malformed = checkArgumentFormats({ rules: gate.formats, schema: gate.schema, document, operationName, variables });
    if (malformed.length > 0) return malformed;
    const isEntity = (type: string) => gate.entities.has(type);
    const { maxCost } = gate.limits;
    const asked = { schema: gate.schema, document, operation, variables: variables ?? {} };
    const cost = costOfOperation({ ...asked, isEntity }) + (asksForSchema ? costOfIntrospection(asked, maxCost) : 0);
    const bound = { limit: 'HUB_MAX_COST', value: maxCost };
    if (cost > maxCost) return [refuse('TOO_MUCH_AT_ONCE', { size: cost, each: EXPLANATION_COST, number: maxCost }, bound)];
    onCost?.(cost);
    return [];
  };
}

/** The entities among the types of subgraphs: those with a `@key`. */
export function findEntities(subgraphs: readonly Readonly<{ document: DocumentNode }>[]): ReadonlySet<string> {
  return new Set(
    subgraphs.flatMap(({ document }) =>
      document.definitions.flatMap((each) =>
        each.kind === Kind.OBJECT_TYPE_DEFINITION && each.directives?.some(({ name }) => name.value === 'key') ? [each.name.value] : [],
      ),
    ),
  );
}

function checkDocument(document: DocumentNode, gate: { schema: GraphQLSchema; limits: OperationLimits }): readonly GraphQLError[] {
  const passed = checkOperationLimits(document, gate.limits);
  if (passed) return [passed];
  const reserved = findReservedAlias(document);
  if (reserved !== null) return [refuse('RESERVED_ALIAS', { name: reserved })];
  const errors = validate(gate.schema, document, undefined, { maxErrors: MAX_ERRORS, hideSuggestions: true });
  return errors.map(asBadUserInput);
}

/** The first alias that the hub would take for a name of its own, or JavaScript for more than a name; null where there is none. */
function findReservedAlias(document: DocumentNode): string | null {
  let found: string | null = null;
  visit(document, {
    Field: ({ alias }) => {
      if (!alias || !/^__(hub|proto__$)/.test(alias.value)) return undefined;
      found = alias.value;
      return BREAK;
    },
  });
  return found;
}

function findOperation(document: DocumentNode, name: string | null | undefined): OperationDefinitionNode | GraphQLError {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (name) {
    const named = operations.find((operation) => operation.name?.value === name);
    return named ?? refuse('NO_SUCH_OPERATION');
  }
  const [first, second] = operations;
  if (!first) return refuse('NO_OPERATION');
  if (second) return refuse('SEVERAL_OPERATIONS');
  return first;
}

type Call = Readonly<{
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
}>;

function checkVariables({ schema, document, operation, variables }: Call): readonly GraphQLError[] {
  const definitions = operation.variableDefinitions;
  if (!definitions || definitions.length === 0) return [];
  const { errors } = getVariableValues(schema, definitions, variables, { maxErrors: MAX_ERRORS, hideSuggestions: true });
  return errors ? errors.map(asBadUserInput) : nullsOutOfPlace({ schema, document, operation, variables });
}

/**
 * Nulls that are given for a variable whose default let it stand where no null may: GraphQL finds that out while it executes, of `@skip` and
 * `@include` not before the whole operation is lost.
 */
function nullsOutOfPlace({ schema, document, operation, variables }: Call): readonly GraphQLError[] {
  const nulls = new Set(
    (operation.variableDefinitions ?? []).flatMap(({ variable: { name } }) => (variables[name.value] === null ? [name.value] : [])),
  );
  if (nulls.size === 0) return [];
  const usages = new ValidationContext(schema, document, new TypeInfo(schema), () => {}).getRecursiveVariableUsages(operation);
  return usages
    .filter(({ node, type }) => nulls.has(node.name.value) && isNonNullType(type))
    .slice(0, MAX_ERRORS)
    .map(({ node }) => {
      const { message, extensions } = refuse('NULL_OUT_OF_PLACE', { variable: `$${node.name.value}` });
      return new GraphQLError(message, { nodes: [node], extensions });
    });
}

/** Where it stands in the document is kept; the rest is graphql-js's own and stays here. */
function asBadUserInput(error: GraphQLError): GraphQLError {
  // graphql-js gives up comparing fields that might conflict once their pairs are too many; that error has no other mark.
  if (error.message === 'Validation aborted.')
    return refuse('TOO_MANY_PAIRS', { number: MOST_PAIRS }, { limit: 'field pairs', value: MOST_PAIRS });
  const { nodes } = error;
  return new GraphQLError(error.message, { ...(nodes && { nodes }), extensions: { code: 'BAD_USER_INPUT' } });
}
