import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { KeptDocuments } from '@longyuan/schema/src/kept/keep-documents.ts';
import { forbidTelemetry, type Settings } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { quietLogger } from '@longyuan/settings/quiet-logger.ts';
import { type GraphQLSchema, printSchema } from 'graphql';
import { costOfReading } from '../fairness/limit-cost.ts';
import { watchOperations } from '../observe/watch-requests.ts';
import { secondsToReset } from '../quotas/keep-quotas.ts';
import { wordAnswers } from '../request/answer-language.ts';
import type { Executor, GatewayContext } from '../request/gateway-context.ts';
import { placeOf } from '../request/place-of-caller.ts';
import { logFault, presentError } from './answer-errors.ts';
import { FORGETS_ALL, hashIn, type PersistedOperations } from './persisted-operations.ts';

/** Apollo Server at the edge of a door: it reads requests, hands their operations to the executor, and writes what that answers. Not started. */
export function makeApolloServer(parts: {
  settings: Settings;
  log: Logger;
  schema: GraphQLSchema;
  documents: KeptDocuments;
  persisted: PersistedOperations;
  executor: Executor;
}): ApolloServer<GatewayContext> {
  const { settings, log, schema, documents, persisted, executor } = parts;
  forbidTelemetry();
  return new ApolloServer<GatewayContext>({
    gateway: {
      onSchemaLoadOrUpdate: (callback) => {
        callback({ apiSchema: schema, coreSupergraphSdl: printSchema(schema) });
        return () => {};
      },
      load: async () => ({ executor }),
      stop: async () => {},
    },
    nodeEnv: 'production',
    logger: quietLogger(log),
    introspection: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    // No cookie opens anything here, GET changes nothing, and of bodies JSON alone is read, which no page sends without being let.
    csrfPrevention: false,
    allowBatchedHttpRequests: false,
    persistedQueries: FORGETS_ALL,
    stopOnTerminationSignals: false,
    parseOptions: { maxLexicalTokens: settings.maxTokens },
    documentStore: documents.store,
    // Validation runs in the admission, after the limits: over a hostile document it is itself what takes too long.
    dangerouslyDisableValidation: true,
    formatError: presentError,
    stringifyResult: (value) => JSON.stringify(value),
    plugins: [
      namedOrNot,
      watchOperations,
      namedByHash(persisted),
      paidFor,
      faultPlugin(log),
      wordAnswers,
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginCacheControlDisabled(),
    ],
  });
}

/** An operation that is named with no letter at all is not named: the library behind the door would look for it. */
const namedOrNot: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async ({ request }) => {
    if (request.operationName === '') delete request.operationName;
  },
};

/** An operation that is named by its hash alone is the one that was let in under it, of the same room. */
const namedByHash = (persisted: PersistedOperations): ApolloServerPlugin<GatewayContext> => ({
  requestDidStart: async ({ request, contextValue }) => {
    const hash = hashIn(request.extensions);
    if (request.query !== undefined || hash === null) return;
    const text = persisted.find(roomOf(contextValue), hash);
    if (text !== undefined) request.query = text;
  },
});

const roomOf = ({ caller }: GatewayContext): string => placeOf(caller, '').room;

/** A text that cannot be read is paid for, too. */
const paidFor: ApolloServerPlugin<GatewayContext> = {
  requestDidStart: async () => ({
    didEncounterErrors: async ({ document, source, contextValue }) => {
      if (!document) contextValue.budget.account?.spend(costOfReading(source));
    },
  }),
};

/** Logs the hub's own faults with the request id, and puts the id on the errors that its caller reads. Nothing of the request is logged. */
function faultPlugin(log: Logger): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async () => ({
      didEncounterErrors: async ({ errors, contextValue: { budget } }) => {
        for (const error of errors) logFault(log, budget, error);
      },
      willSendResponse: async ({ response: { http, body }, contextValue: { budget } }) => {
        if (body.kind !== 'single' || !body.singleResult.errors) return;
        const waitSeconds = secondsToReset(body.singleResult);
        if (waitSeconds !== null) http.headers.set('retry-after', String(waitSeconds));
        const isHashUnknown = body.singleResult.errors.some(({ extensions }) => extensions?.['code'] === 'PERSISTED_QUERY_NOT_FOUND');
        // Of a hash that is not known clients read the code of, and send the text: as their protocol has it, with 200.
        if (body.singleResult.data === undefined && (http.status ?? 200) === 200 && !isHashUnknown) http.status = 400;
        body.singleResult.errors = body.singleResult.errors.map((error) =>
          error.extensions?.['code'] === 'INTERNAL'
            ? { ...error, extensions: { ...error.extensions, requestId: budget.requestId } }
            : error,
        );
      },
    }),
    unexpectedErrorProcessingRequest: async ({ requestContext, error }) => logFault(log, requestContext.contextValue.budget, error),
  };
}
