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
import { checkOperationLimits, type OperationLimits, tooCostly } from './operation-limits.ts';

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
/** What is told who asks for the schema and may not, with the way that is open to them. */
export const noIntrospection = (publicAddress: string): string =>
  `Asking for the schema (__schema, __type) needs a token here; the public schema is at ${publicAddress}/public/graphql, without one.`;
const TOO_MANY_PAIRS = 'The operation selects the same fields too often to be checked for conflicts; at most 500000 pairs are compared.';

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
      return [refuse('BAD_USER_INPUT', `The hub answers no ${operation.operation}s here.`)];
    const asksForSchema = introspectionKeys(document, operation).size > 0;
    if (asksForSchema && !mayIntrospect) return [refuse('UNAUTHENTICATED', noIntrospection(publicAddress))];
    const wrongVariables = checkVariables({ schema: gate.schema, document, operation, variables: variables ?? {} });
    if (wrongVariables.length > 0) return wrongVariables;
    const malformed = checkArgumentFormats({ rules: gate.formats, schema: gate.schema, document, operationName, variables });
    if (malformed.length > 0) return malformed;
    const isEntity = (type: string) => gate.entities.has(type);
    const { maxCost } = gate.limits;
    const asked = { schema: gate.schema, document, operation, variables: variables ?? {} };
    const cost = costOfOperation({ ...asked, isEntity }) + (asksForSchema ? costOfIntrospection(asked, maxCost) : 0);
    const finding = `may bring together ${cost} values, each explainAccess counted as ${EXPLANATION_COST}; at most ${maxCost}`;
    if (cost > maxCost) return [tooCostly('HUB_MAX_COST', finding, maxCost)];
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
  if (reserved !== null) return [refuse('BAD_USER_INPUT', `No field may be called ${reserved}: the hub keeps that name for itself.`)];
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
    return named ?? refuse('BAD_USER_INPUT', 'operationName names no operation of the document.');
  }
  const [first, second] = operations;
  if (!first) return refuse('BAD_USER_INPUT', 'The document holds no operation.');
  if (second) return refuse('BAD_USER_INPUT', 'The document holds several operations; say which in operationName.');
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
      const message = `Variable "$${node.name.value}" is null, and stands where a value must.`;
      return new GraphQLError(message, { nodes: [node], extensions: { code: 'BAD_USER_INPUT' } });
    });
}

/** Where it stands in the document is kept; the rest is graphql-js's own and stays here. */
function asBadUserInput(error: GraphQLError): GraphQLError {
  // graphql-js gives up comparing fields that might conflict once their pairs are too many; that error has no other mark.
  if (error.message === 'Validation aborted.')
    return refuse('OPERATION_TOO_COSTLY', TOO_MANY_PAIRS, { limit: 'field pairs', value: 500_000 });
  const { nodes } = error;
  return new GraphQLError(error.message, { ...(nodes && { nodes }), extensions: { code: 'BAD_USER_INPUT' } });
}
