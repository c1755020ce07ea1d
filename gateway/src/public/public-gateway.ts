import type { KeptOperations } from '@longyuan/operation/keep-operations.ts';
import { GraphQLError, type GraphQLSchema, printSchema } from 'graphql';
import type { Executor, GatewayInterface } from '../bounded-gateway.ts';
import { operationOf } from '../operation-of.ts';
import { tellOfSchema } from '../tell-of-schema.ts';
import { shownPath } from './shown-path.ts';

/**
 * The same way to the libraries as `gateway`, behind the public schema: operations are validated against it, and questions about the
 * schema are answered from it.
 */
export function openToPublic(gateway: GatewayInterface, of: { schema: GraphQLSchema; operations: KeptOperations }): GatewayInterface {
  const behind: GatewayInterface = {
    onSchemaLoadOrUpdate: (callback) => {
      callback({ apiSchema: of.schema, coreSupergraphSdl: printSchema(of.schema) });
      return () => {};
    },
    load: async (options) => {
      const { executor } = await gateway.load(options);
      if (!executor) throw new Error('The gateway answers nothing.');
      return { executor: (request) => answer(executor, request, of.operations) };
    },
    // The gateway belongs to the whole door, which stops it.
    stop: async () => {},
  };
  return tellOfSchema(behind, of);
}

async function answer(executor: Executor, request: Parameters<Executor>[0], operations: KeptOperations): ReturnType<Executor> {
  const operation = operationOf(request, operations);
  if (operation.node.operation !== 'query') throw new Error('Only queries are admitted to the public door.');
  const { errors, ...rest } = await executor(request);
  return {
    ...rest,
    ...(errors && {
      // A fetch that failed names what it fetched, also keys that the caller neither asked for nor may know of.
      errors: errors.map(
        ({ message, path, extensions }) => new GraphQLError(message, { ...(path && { path: shownPath(operation, path) }), extensions }),
      ),
    }),
  };
}
