import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import type { AccessFacts } from '@longyuan/access/access-facts.ts';
import type { RefusalWriter } from '@longyuan/access/refusal-error.ts';
import { answerPruned } from '@longyuan/operation/answer-pruned.ts';
import type { KeptOperations } from '@longyuan/operation/keep-operations.ts';
import { makePruner } from '@longyuan/operation/keep-prunings.ts';
import { callNow } from '@longyuan/prisma/connect/call.ts';
import { execute, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { Context } from './context.ts';

/**
 * The owner decides again: what its own access set refuses is not executed, whatever the gateway asked for. An operation of which nothing is
 * refused, as the gateway's are, goes its ordinary way.
 */
export function pruneFirst(parts: {
  schema: GraphQLSchema;
  operations: KeptOperations;
  facts: AccessFacts;
  write: RefusalWriter;
  formatError: (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError;
}): ApolloServerPlugin<Context<unknown>> {
  const { schema, operations, write, formatError } = parts;
  const prune = makePruner(parts.facts);
  return {
    requestDidStart: async () => ({
      responseForOperation: async ({ document, operation: node, request: { variables: variableValues }, contextValue }) => {
        const span = callNow()?.about.span.begin('decide');
        const operation = operations.read(document, node);
        const pruned = prune(operation, operation.given(variableValues), contextValue.access);
        span?.end();
        if (pruned.refused.length === 0) return null;
        const { data, errors } = await answerPruned(
          pruned,
          async (left) => execute({ schema, document: left, contextValue, variableValues }),
          write,
        );
        const singleResult = { data, errors: errors.map((error) => formatError(error.toJSON(), error)) };
        return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult } };
      },
    }),
  };
}
