import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import type { KeptOperations } from '@longyuan/operation/keep-operations.ts';
import { refuse } from '@longyuan/schema/src/error-codes.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { Context } from './context.ts';
import type { AcceptedWarrant } from './verify-call.ts';

/** Where a context carries the items of its warrant: resolvers see nothing of it, and Apollo's copy of the context keeps it. */
const ITEMS = Symbol('items of the warrant');
type Bound = Readonly<{ [ITEMS]: AcceptedWarrant['items'] }>;

/** Binds the items of a warrant (schema coordinates) to the context of the one request it came with. */
export function bindItems<Loaders>(context: Context<Loaders>, items: AcceptedWarrant['items']): Context<Loaders> {
  const bound: Context<Loaders> & Bound = { ...context, [ITEMS]: items };
  return bound;
}

/**
 * An operation that selects a field beyond its warrant is refused as a whole (403 ITEM_NOT_SHARED) before anything is executed, and
 * reported: the gateway never asks for what it did not order, so someone else does, or it is broken.
 */
export function refuseBeyondWarrant(options: {
  library: string;
  operations: KeptOperations;
  log: Pick<Logger, 'warn'>;
}): ApolloServerPlugin<Context<unknown>> {
  const { library, operations, log } = options;
  const listener = {
    async responseForOperation({ document, operation: node, contextValue, request }: Resolved) {
      const operation = operations.read(document, node);
      operations.keep(operation);
      // Without items nothing is within them.
      const { [ITEMS]: items }: Context<unknown> & Partial<Bound> = contextValue;
      const beyond = operation.coordinates.find((coordinate) => !items?.has(coordinate));
      if (beyond === undefined) return null;
      const requestId = request.http?.headers.get('x-request-id');
      log.warn({ library, requestId, coordinate: beyond }, 'an operation goes beyond its warrant and was refused');
      const refusal = refuse('BEYOND_WARRANT', { coordinate: beyond }, { item: beyond });
      return {
        http: { status: 403, headers: new HeaderMap() },
        body: { kind: 'single' as const, singleResult: { errors: [refusal.toJSON()] } },
      };
    },
  };
  return { requestDidStart: async () => listener };
}

type Listener = Exclude<Awaited<ReturnType<NonNullable<ApolloServerPlugin<Context<unknown>>['requestDidStart']>>>, void>;
type Resolved = Parameters<NonNullable<Listener['responseForOperation']>>[0];
