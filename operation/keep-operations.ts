import type { KeptBounds } from '@longyuan/schema/src/kept/keep-documents.ts';
import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { type Operation, readOperation } from './read-operation.ts';

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
