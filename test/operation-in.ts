import { findOperation, type Operation, readOperation } from '@longyuan/operation/read-operation.ts';
import { type GraphQLSchema, parse } from 'graphql';

/** The operation of that name in a document, read against a schema. @throws Error where there is none. */
export function operationIn(schema: GraphQLSchema, text: string, name?: string | null): Operation {
  const document = parse(text);
  const node = findOperation(document, name);
  if (typeof node === 'string') throw new Error(node);
  return readOperation(schema, document, node);
}
