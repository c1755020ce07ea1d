import { type AccessFacts, readsIn } from '@longyuan/access/access-facts.ts';
import type { AccessSet } from '@longyuan/access/access-set.ts';
import type { KeptBounds } from '@longyuan/schema/src/kept/keep-documents.ts';
import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { type DocumentNode, type GraphQLSchema, isInputType, type NamedTypeNode, type OperationDefinitionNode, typeFromAST } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type PrunedOperation, pruneOperation } from './prune-operation.ts';
import { type Operation, readOperation } from './read-operation.ts';
import type { Variables } from './selection.ts';

/** Operations read against one schema, those that were let in kept. */
export type KeptOperations = Readonly<{
  /** Reads an operation of a valid document, once for as long as it is kept. */
  read(document: DocumentNode, node: OperationDefinitionNode): Operation;
  /** Whether operations of the document are kept: it was found right. */
  has(document: DocumentNode): boolean;
  /** Keeps an operation that was let in: of one that is refused nothing stays. */
  keep(operation: Operation): void;
}>;

/** Operations that do not come again: nothing of them is kept. */
export function readAnew(schema: GraphQLSchema): KeptOperations {
  return { read: (document, node) => readOperation(schema, document, node), has: () => false, keep: () => {} };
}

/** Heap that a field takes once it is read, measured with graphql 16.15 on Node 26 and rounded up; its node is the document's. */
const FIELD_BYTES = 320;

/** Opens what is kept of operations, bounded in number and in bytes of heap; those not asked for longest go first. */
export function keepOperations(
  schema: GraphQLSchema,
  { what, most, mostBytes }: Readonly<{ what: string; most: number; mostBytes: number }>,
): KeptOperations {
  /** By document, and by name within it. */
  const kept = countKept(
    what,
    new LRUCache<DocumentNode, ReadonlyMap<string, Operation>>({
      max: most,
      maxSize: mostBytes,
      sizeCalculation: (operations) => {
        const [{ documentBytes } = { documentBytes: 0 }] = operations.values();
        return documentBytes + FIELD_BYTES * operations.values().reduce((sum, { size }) => sum + size, 0);
      },
    }),
  );
  return {
    read: (document, node) => kept.get(document)?.get(node.name?.value ?? '') ?? readOperation(schema, document, node),
    has: (document) => kept.has(document),
    keep(operation) {
      const { document, node } = operation;
      const name = node.name?.value ?? '';
      const known = kept.get(document);
      if (!known?.has(name)) kept.set(document, new Map([...(known ?? []), [name, operation]]));
    },
  };
}

/** Hands out what is worked out of an operation in one of its variants, and works it out where it is not kept. */
type ByOperation<Value extends object> = (operation: Operation, variant: string, workOut: () => Value) => Value;

/**
 * Keeps what is worked out of operations, bounded over all of them: what has not been asked for longest goes first. A value may be as large as
 * the document, and counts as that. What an operation left behind that is gone is never found again, and goes the same way.
 */
export function keepByOperation<Value extends object>({ most, mostBytes, what = 'operations' }: KeptBounds): ByOperation<Value> {
  const kept = countKept(what, new LRUCache<string, Value>({ max: most, maxSize: mostBytes }));
  return ({ number, documentBytes }, variant, workOut) => {
    const name = `${number} ${variant}`;
    const known = kept.get(name);
    if (known) return known;
    const value = workOut();
    kept.set(name, value, { size: documentBytes + 2 * name.length });
    return value;
  };
}

/** Prunes an operation for whoever has the access set; `given`: its variables with their defaults. */
export type Prune = (operation: Operation, given: Variables, access: AccessSet) => PrunedOperation;

/** Prunings kept over all documents. One holds what is left of its document, and what is refused of it. */
const PRUNINGS = { what: 'prunings', most: 1_000, mostBytes: 24_000_000 };

/**
 * Makes the pruner. Each pruning is worked out once per operation and fingerprint of the access set (and, of variables, what they skip, include
 * and read), never per row, and kept with others.
 */
export function makePruner(facts: AccessFacts): Prune {
  const prunings = keepByOperation<PrunedOperation>(PRUNINGS);
  return (operation, given, access) =>
    prunings(operation, variantOf(operation, given, { facts, access }), () => pruneOperation({ operation, facts, access, given }));
}

/** The same pruner, of operations that do not come again: it keeps nothing. */
export function makePrunerOnce(facts: AccessFacts): Prune {
  return (operation, given, access) => pruneOperation({ operation, facts, access, given });
}

function variantOf(
  { schema, node, conditions }: Operation,
  given: Variables,
  { facts, access }: Readonly<{ facts: AccessFacts; access: AccessSet }>,
): string {
  let name = access.fingerprint;
  for (const { variable, type } of node.variableDefinitions ?? []) {
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
