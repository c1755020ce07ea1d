import type { KeptOperations } from '@longyuan/operation/keep-operations.ts';
import { findOperation, type Operation } from '@longyuan/operation/read-operation.ts';
import type { Executor } from './bounded-gateway.ts';

/** The operation of a request that was admitted. */
export function operationOf(
  { document, operationName }: Pick<Parameters<Executor>[0], 'document' | 'operationName'>,
  operations: KeptOperations,
): Operation {
  const node = findOperation(document, operationName);
  if (typeof node === 'string') throw new Error(`A request without an operation came as far as its answer: ${node}`);
  return operations.read(document, node);
}
