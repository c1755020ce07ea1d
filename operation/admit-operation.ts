import type { FormatRules } from '@longyuan/schema/src/argument-formats.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  getVariableValues,
  isNonNullType,
  Kind,
  TypeInfo,
  ValidationContext,
  validate,
} from 'graphql';
import { checkFormats } from './check-formats.ts';
import { costOfIntrospection } from './cost-of-introspection.ts';
import { costOfOperation, EXPLANATION_COST } from './cost-of-operation.ts';
import type { KeptOperations } from './keep-operations.ts';
import { checkLimits, type DocumentLimits } from './measure-document.ts';
import { findOperation, type Operation } from './read-operation.ts';
import { everyField, isAboutSchema, type Variables } from './selection.ts';

/** An operation as a caller sent it, parsed. */
export type SentOperation = Readonly<{
  document: DocumentNode;
  operationName: string | null | undefined;
  variables: Variables | null | undefined;
  /** Whether the caller may be told of the schema. */
  mayIntrospect: boolean;
  /** The hub's address as the caller knows it. */
  publicAddress: string;
}>;

type Refused = Readonly<{ errors: readonly GraphQLError[] }>;

/** What every operation passes before it is decided over, in this order: each says why it is refused as a whole, if it is. */
export type Admission = Readonly<{
  /**
   * The limits, and then validation, which itself takes long over a hostile document. A document of which an operation was let in is not looked
   * through again while it is kept; of one that was refused nothing is remembered, neither it nor why.
   */
  limit(document: DocumentNode): Refused | null;
  /** Which operation is meant, and what it asks for. */
  read(sent: Pick<SentOperation, 'document' | 'operationName'>): Refused | Operation;
  /** Names, questions about the schema, types of variables, forms of arguments, cost. It is kept from then on. */
  admit(operation: Operation, sent: Omit<SentOperation, 'document' | 'operationName'>): Refused | Readonly<{ cost: number }>;
}>;

const MAX_ERRORS = 20;
/** Of graphql-js's own: pairs of fields that it compares. */
const MOST_PAIRS = 500_000;

/** Makes the checks of one door. */
export function makeAdmission(gate: {
  /** What callers may ask; `operations` may be read against more. */
  schema: GraphQLSchema;
  operations: KeptOperations;
  limits: DocumentLimits & Readonly<{ maxCost: number }>;
  formats: FormatRules;
  /** Types whose rows are looked up by their key, wherever a field leads to them. */
  entities: ReadonlySet<string>;
}): Admission {
  const { schema, operations, limits, formats, entities } = gate;
  const { maxCost } = limits;
  return {
    limit(document) {
      const wrong = operations.has(document) ? [] : checkDocument(document, gate);
      return wrong.length > 0 ? { errors: wrong } : null;
    },
    read({ document, operationName }) {
      const node = findOperation(document, operationName);
      if (typeof node === 'string') return refused(refuse(node));
      // graphql-js validates nothing below a root that the schema does not have; Apollo's gateway would answer from the whole schema.
      if (node.operation === 'subscription' || !schema.getRootType(node.operation))
        return refused(refuse('NO_OPERATIONS_OF_KIND', { operation: node.operation }));
      return operations.read(document, node);
    },
    admit(operation, { variables, mayIntrospect, publicAddress }) {
      const reserved = findReservedKey(operation);
      if (reserved !== null) return refused(refuse('RESERVED_ALIAS', { name: reserved }));
      const asksForSchema = operation.root.fields.some(isAboutSchema);
      if (asksForSchema && !mayIntrospect) return refused(refuse('NO_INTROSPECTION', { address: publicAddress }));
      const wrongVariables = checkVariables(schema, operation, variables ?? {});
      if (wrongVariables.length > 0) return { errors: wrongVariables };
      const given = operation.given(variables);
      const malformed = checkFormats(operation, given, formats);
      if (malformed.length > 0) return { errors: malformed };
      const ofData = costOfOperation(operation, given, (type) => entities.has(type));
      const cost = ofData + (asksForSchema ? costOfIntrospection(operation, given, { schema, most: maxCost }) : 0);
      const bound = { limit: 'HUB_MAX_COST', value: maxCost };
      if (cost > maxCost) return refused(refuse('TOO_MUCH_AT_ONCE', { size: cost, each: EXPLANATION_COST, number: maxCost }, bound));
      operations.keep(operation);
      return { cost };
    },
  };
}

/** All of them, one after the other: why an operation is refused as a whole, or the operation. */
export function admitOperation(admission: Admission, sent: SentOperation): Refused | Operation {
  const beyond = admission.limit(sent.document);
  if (beyond) return beyond;
  const read = admission.read(sent);
  if ('errors' in read) return read;
  const admitted = admission.admit(read, sent);
  return 'errors' in admitted ? admitted : read;
}

function refused(error: GraphQLError): Refused {
  return { errors: [error] };
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

function checkDocument(document: DocumentNode, gate: { schema: GraphQLSchema; limits: DocumentLimits }): readonly GraphQLError[] {
  const passed = checkLimits(document, gate.limits);
  if (passed) return [passed];
  return validate(gate.schema, document, undefined, { maxErrors: MAX_ERRORS, hideSuggestions: true }).map(asBadUserInput);
}

/** The first alias that the hub would take for a name of its own, or JavaScript for more than a name; null where there is none. */
function findReservedKey({ root }: Operation): string | null {
  for (const { key } of everyField(root)) if (/^__(hub|proto__$)/.test(key)) return key;
  return null;
}

function checkVariables(schema: GraphQLSchema, operation: Operation, variables: Variables): readonly GraphQLError[] {
  const definitions = operation.node.variableDefinitions;
  if (!definitions || definitions.length === 0) return [];
  const { errors } = getVariableValues(schema, definitions, variables, { maxErrors: MAX_ERRORS, hideSuggestions: true });
  return errors ? errors.map(asBadUserInput) : nullsOutOfPlace(schema, operation, variables);
}

/**
 * Nulls that are given for a variable whose default let it stand where no null may: GraphQL finds that out while it executes, of `@skip` and
 * `@include` not before the whole operation is lost.
 */
function nullsOutOfPlace(schema: GraphQLSchema, { document, node: asked }: Operation, variables: Variables): readonly GraphQLError[] {
  const nulls = new Set(
    (asked.variableDefinitions ?? []).flatMap(({ variable: { name } }) => (variables[name.value] === null ? [name.value] : [])),
  );
  if (nulls.size === 0) return [];
  const usages = new ValidationContext(schema, document, new TypeInfo(schema), () => {}).getRecursiveVariableUsages(asked);
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
