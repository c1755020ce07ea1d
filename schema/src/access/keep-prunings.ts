import {
  type DocumentNode,
  type GraphQLSchema,
  getOperationAST,
  isInputType,
  type NamedTypeNode,
  type OperationDefinitionNode,
  typeFromAST,
} from 'graphql';
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

/** Ways to be pruned that are kept of one document; what has more is forgotten and worked out anew. */
const MOST_VARIANTS = 64;

type OfDocument = Readonly<{ conditions: ReadonlySet<string>; variants: Map<string, PrunedOperation> }>;

/**
 * Makes the pruner of operations against one schema. Each pruning is worked out once per operation and fingerprint of the access set (and,
 * of variables, what they skip, include and read), never per row. Documents are kept as long as whoever parsed them keeps them.
 */
export function makePruner(schema: GraphQLSchema, facts: AccessFacts): Prune {
  const kept = new WeakMap<DocumentNode, OfDocument>();
  return ({ document, operationName, variables }, access) => {
    const operation = getOperationAST(document, operationName);
    if (!operation) return { document, refused: [], told: new Map(), nulls: null };
    let ofDocument = kept.get(document);
    if (!ofDocument) {
      ofDocument = { conditions: conditionVariables(document), variants: new Map() };
      kept.set(document, ofDocument);
    }
    const given = withDefaults(operation, variables ?? {});
    const name = variantOf({ schema, facts, access, operation, given, conditions: ofDocument.conditions });
    const known = ofDocument.variants.get(name);
    if (known) return known;
    if (ofDocument.variants.size >= MOST_VARIANTS) ofDocument.variants.clear();
    const pruned = pruneOperation({ schema, facts, access, document, operation, variables: given });
    ofDocument.variants.set(name, pruned);
    return pruned;
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
