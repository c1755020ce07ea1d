import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  isInputType,
  type NamedTypeNode,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
import { keepByDocument } from '../kept/keep-by-document.ts';
import type { AccessFacts } from './access-facts.ts';
import type { AccessSet } from './access-set.ts';
import { conditionVariables, type Variables, withDefaults } from './included-selections.ts';
import { type PrunedOperation, pruneOperation, readsIn } from './prune-operation.ts';

/** An operation that came in: valid, its size bounded. */
type IncomingOperation = Readonly<{
  document: DocumentNode;
  operationName: string | null | undefined;
  variables: Variables | null | undefined;
}>;

/** Prunes an operation for whoever has the access set. */
export type Prune = (asked: IncomingOperation, access: AccessSet) => PrunedOperation;

/** Prunings kept over all documents. One holds what is left of its document, and what is refused of it. */
const KEPT = { what: 'prunings', most: 1_000, mostBytes: 24_000_000 };

/**
 * Makes the pruner of operations against one schema. Each pruning is worked out once per operation and fingerprint of the access set (and,
 * of variables, what they skip, include and read), never per row, and kept with others.
 */
export function makePruner(schema: GraphQLSchema, facts: AccessFacts): Prune {
  const conditionsOf = new WeakMap<DocumentNode, ReadonlySet<string>>();
  const prunings = keepByDocument<PrunedOperation>(KEPT);
  return ({ document, operationName, variables }, access) => {
    const operation = getOperationAST(document, operationName);
    if (!operation) return { document, refused: [], told: new Map(), nulls: null };
    const conditions = conditionsOf.getOrInsertComputed(document, conditionVariables);
    const given = withDefaults(operation, variables ?? {});
    const variant = variantOf({ schema, facts, access, operation, given, conditions });
    return prunings(document, variant, () => pruneOperation({ schema, facts, access, document, operation, variables: given }));
  };
}

/** The same pruner, of operations that do not come again: it keeps nothing. */
export function makePrunerOnce(schema: GraphQLSchema, facts: AccessFacts): Prune {
  return ({ document, operationName, variables }, access) => {
    const operation = getOperationAST(document, operationName);
    if (!operation) return { document, refused: [], told: new Map(), nulls: null };
    return pruneOperation({ schema, facts, access, document, operation, variables: withDefaults(operation, variables ?? {}) });
  };
}

function variantOf(of: {
  schema: GraphQLSchema;
  facts: AccessFacts;
  access: AccessSet;
  operation: OperationDefinitionNode;
  given: Variables;
  conditions: ReadonlySet<string>;
}): string {
  const { schema, facts, access, operation, given, conditions } = of;
  let name = `${operation.name?.value ?? ''} ${access.fingerprint}`;
  for (const { variable, type } of operation.variableDefinitions ?? []) {
    const key = variable.name.value;
    const value = Object.hasOwn(given, key) ? given[key] : undefined;
    if (conditions.has(key)) name += ` ${value === true}`;
    // Whether a value is given at all decides whether its argument reads anything.
    name += value === null || value === undefined ? ' -' : ' +';
    // Its overloads take one kind of type node each, and a variable's may be any.
    const declared = typeFromAST(schema, type as NamedTypeNode);
    if (isInputType(declared)) name += readCodes(facts, declared, value);
  }
  return name;
}

function readCodes(facts: AccessFacts, type: Parameters<typeof readsIn>[1], value: unknown): string {
  const codes = new Set(readsIn(facts, type, value).map(({ code, toVerify }) => `${code}${toVerify ? '?' : ''}`));
  return codes.size === 0 ? '' : `:${[...codes].sort()}`;
}
