import { buildSchema, execute, GraphQLError, type GraphQLSchema } from 'graphql';
import type { Executor, GatewayInterface } from '../bounded-gateway.ts';
import { introspectionKeys } from '../introspection-keys.ts';
import { shownPath } from './shown-path.ts';

/**
 * The same way to the libraries as `gateway`, behind the public schema: operations are validated against it, and questions about the
 * schema are answered from it. The gateway's own executor would answer those from the whole schema.
 */
export function openToPublic(gateway: GatewayInterface, publicSdl: string): GatewayInterface {
  const schema = buildSchema(publicSdl, { noLocation: true });
  return {
    onSchemaLoadOrUpdate: (callback) => {
      callback({ apiSchema: schema, coreSupergraphSdl: publicSdl });
      return () => {};
    },
    load: async (options) => {
      const { executor } = await gateway.load(options);
      if (!executor) throw new Error('The gateway answers nothing.');
      return { executor: (request) => answer({ schema, executor, request }) };
    },
    // The gateway belongs to the whole door, which stops it.
    stop: async () => {},
  };
}

async function answer(question: { schema: GraphQLSchema; executor: Executor; request: Parameters<Executor>[0] }): ReturnType<Executor> {
  const { schema, executor, request } = question;
  const { document, operation, operationName } = request;
  if (operation.operation !== 'query') throw new Error('Only queries are admitted to the public door.');
  const introspections = introspectionKeys(document, operation);
  const told =
    introspections.size > 0 ? await execute({ schema, document, operationName, variableValues: request.request.variables }) : null;
  // Roots are nullable and have no resolver there: of data it says null, of the schema all.
  if (told?.errors) return { data: null, errors: told.errors };
  const { data, errors, ...rest } = await executor(request);
  return {
    ...rest,
    data: data && told ? { ...data, ...pick(told.data, introspections.keys()) } : (data ?? null),
    ...(errors && {
      // A fetch that failed names what it fetched, also keys that the caller neither asked for nor may know of.
      errors: errors.map(
        ({ message, path, extensions }) =>
          new GraphQLError(message, { ...(path && { path: shownPath(document, operation, path) }), extensions }),
      ),
    }),
  };
}

function pick(from: Readonly<Record<string, unknown>> | null | undefined, names: Iterable<string>): Record<string, unknown> {
  return Object.fromEntries([...names].flatMap((name) => (from && name in from ? [[name, from[name]]] : [])));
}
