import type { ApolloServerPlugin } from '@apollo/server';
import type { KeptOperations } from '@longyuan/operation/keep-operations.ts';
import type { GatewayContext } from '../library-source.ts';
import type { KeptUses } from './keep-uses.ts';

/** Counts what each operation that came over HTTP and was executed asked for, and how it ended. `callerOf` says as whom: a kind or a department, never a person. */
export function usePlugin(
  uses: Pick<KeptUses, 'count'>,
  operations: KeptOperations,
  callerOf: (context: GatewayContext) => string,
): ApolloServerPlugin<GatewayContext> {
  const listener: Listener = {
    async willSendResponse({ document, operation, request, response: { body }, contextValue }) {
      // Without data nothing was executed: the operation was not admitted. Without HTTP it is the hub's own (pages of a file, measures).
      if (!request.http || !document || !operation || body.kind !== 'single' || body.singleResult.data === undefined) return;
      const { errors } = body.singleResult;
      uses.count({
        operation: operations.read(document, operation),
        variables: request.variables ?? {},
        errors,
        caller: callerOf(contextValue),
      });
    },
  };
  return { requestDidStart: async () => listener };
}

type Listener = Exclude<Awaited<ReturnType<NonNullable<ApolloServerPlugin<GatewayContext>['requestDidStart']>>>, void>;
