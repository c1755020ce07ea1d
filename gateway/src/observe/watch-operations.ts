import type { ApolloServerPlugin } from '@apollo/server';
import { plainName } from '@longyuan/telemetry/plain-name.ts';
import type { GatewayContext } from '../request/gateway-context.ts';
import { noteCode } from '../request/request-budget.ts';

/** Notes of each operation what it is and how it ended, and how long it took to read it. */
export const watchOperations: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async ({ contextValue: { budget } }) => ({
    parsingDidStart: async () => {
      const span = budget.span.begin('parse');
      return async (error) => span.end(error && 'BAD_USER_INPUT');
    },
    didResolveOperation: async ({ operation, operationName }) => {
      budget.notes.kind = operation?.operation ?? null;
      budget.notes.operation = plainName(operationName);
    },
    willSendResponse: async ({ response: { body } }) => {
      if (body.kind !== 'single') return;
      for (const error of body.singleResult.errors ?? []) noteCode(budget.notes, error.extensions?.['code']);
    },
  }),
};
