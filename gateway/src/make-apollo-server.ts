import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { KeptOperations } from '@longyuan/operation/keep-operations.ts';
import { readArgumentFormats } from '@longyuan/schema/src/argument-formats.ts';
import { refuse } from '@longyuan/schema/src/error-codes.ts';
import type { KeptDocuments } from '@longyuan/schema/src/kept/keep-documents.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { forbidTelemetry, type Settings } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { quietLogger } from '@longyuan/settings/quiet-logger.ts';
import { findEntities, makeAdmission } from './admit-operation.ts';
import { presentError } from './answer-errors.ts';
import { wordAnswers } from './answer-language.ts';
import { boundGateway, type GatewayInterface, spendPlan } from './bounded-gateway.ts';
import { costOfReading } from './fairness/limit-cost.ts';
import { placeOf } from './fairness/place-of-caller.ts';
import { CHALLENGE } from './identify/identify.ts';
import { keepPlans } from './keep-plans.ts';
import type { GatewayContext, LibrarySource } from './library-source.ts';
import { logFault } from './log-fault.ts';
import { watchOperations } from './observe/watch-operations.ts';
import { FORGETS_ALL, hashIn, type PersistedOperations } from './persisted-operations.ts';
import { keepPlainOperations } from './plain-operations.ts';
import { secondsToReset } from './quotas/seconds-to-reset.ts';

/** Enough for the plans that differ in worth; past it the planner takes the best it has seen. */
const MAX_EVALUATED_PLANS = 200;
const MAX_PATHS = 200;
/** Apollo's gateway over the sources, bounded, and with any aliases. Loaded by the server that it is given to. */
export function makeGateway(parts: {
  log: Logger;
  supergraphSdl: string;
  sources: ReadonlyMap<string, LibrarySource>;
  operations: KeptOperations;
  maxFetches: number;
}): GatewayInterface {
  const { log, supergraphSdl, sources, operations, maxFetches } = parts;
  forbidTelemetry();
  const gateway = new ApolloGateway({
    supergraphSdl,
    validateSupergraph: false,
    logger: quietLogger(log),
    // Else any caller could ask for the query plan outside production.
    __exposeQueryPlanExperimental: false,
    // Called with each plan before it runs, and ends the request where it throws.
    experimental_didResolveQueryPlan: ({ queryPlan, requestContext }) =>
      // The context is made in start-gateway.ts; Apollo types it as any record.
      spendPlan(queryPlan, (requestContext.context as GatewayContext).budget, maxFetches),
    queryPlannerConfig: { cache: keepPlans(), debug: { maxEvaluatedPlans: MAX_EVALUATED_PLANS, pathsLimit: MAX_PATHS } },
    buildService: ({ name }) => {
      const source = sources.get(name);
      if (!source) throw new Error(`The supergraph names a library that there is no SDL of: ${name}`);
      return source;
    },
  });
  return boundGateway(gateway, { plainOf: keepPlainOperations(supergraphSdl, operations), maxFetches });
}

/** Apollo Server over a gateway, with the hub's own admission before it and the hub's own errors after it. Not started. */
export function makeApolloServer(parts: {
  settings: Settings;
  log: Logger;
  subgraphs: readonly Pick<Library, 'document'>[];
  gateway: GatewayInterface;
  /** Where parsed documents are kept, and the texts of those that clients name by their hash; of other doors too. */
  documents: KeptDocuments;
  persisted: PersistedOperations;
  /** Where the operations of this door are kept, read. */
  operations: KeptOperations;
  /** Whether a caller may be told of the schema. */
  mayIntrospect: (context: GatewayContext) => boolean;
  /** What else looks on: counting, records. */
  plugins?: readonly ApolloServerPlugin<GatewayContext>[];
}): ApolloServer<GatewayContext> {
  const { settings, log, gateway, documents, persisted, plugins = [] } = parts;
  forbidTelemetry();
  return new ApolloServer<GatewayContext>({
    gateway,
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
      admissionPlugin(parts),
      faultPlugin(log),
      ...plugins,
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

/**
 * Answers an operation that is not admitted before it is planned: no data, status 400, or 401 where a token would admit it. The document of
 * one that is admitted is kept from then on.
 */
function admissionPlugin(
  parts: Pick<
    Parameters<typeof makeApolloServer>[0],
    'settings' | 'subgraphs' | 'documents' | 'persisted' | 'operations' | 'mayIntrospect'
  >,
): ApolloServerPlugin<GatewayContext> {
  const { settings, subgraphs, documents, persisted, operations, mayIntrospect } = parts;
  const formats = readArgumentFormats(subgraphs);
  const entities = findEntities(subgraphs);
  let admit: ReturnType<typeof makeAdmission> | undefined;
  const listener = {
    async didEncounterErrors({ document, source, contextValue }: Failed) {
      if (!document) contextValue.budget.account?.spend(costOfReading(source));
    },
    async responseForOperation({ document, source, request, schema, response, contextValue }: Admitted) {
      const { operationName, variables } = request;
      admit ??= makeAdmission({ schema, operations, limits: settings, formats, entities });
      const { account } = contextValue.budget;
      // Those that are kept were read once, and paid for once.
      if (!operations.has(document)) account?.spend(costOfReading(source));
      const span = contextValue.budget.span.begin('validate');
      const admitted = admit({
        ...{ document, operationName, variables, publicAddress: contextValue.publicAddress },
        mayIntrospect: mayIntrospect(contextValue),
      });
      const errors = admitted.errors ?? [];
      span.end(errors.length > 0 ? 'BAD_USER_INPUT' : undefined);
      const waitSeconds = admitted.errors ? null : await account?.take(admitted.cost);
      if (waitSeconds) return refuseForNow(response, waitSeconds);
      if (!admitted.errors) {
        documents.keep(document);
        const hash = hashIn(request.extensions);
        if (hash !== null && source !== undefined) persisted.keep(roomOf(contextValue), hash, source);
        return null;
      }
      const presented = errors.map((error) => presentError(error.toJSON()));
      const needsToken = presented.some(({ extensions }) => extensions?.['code'] === 'UNAUTHENTICATED');
      response.http.status = needsToken ? 401 : 400;
      if (needsToken) response.http.headers.set('www-authenticate', CHALLENGE);
      return { http: response.http, body: { kind: 'single' as const, singleResult: { errors: presented } } };
    },
  };
  return { requestDidStart: async () => listener };
}

/** Refuses an operation that may be tried again. */
function refuseForNow(response: Admitted['response'], waitSeconds: number) {
  const { headers } = response.http;
  response.http.status = 429;
  headers.set('retry-after', String(waitSeconds));
  const error = presentError(refuse('WAIT', { number: waitSeconds }, { retryAfterSeconds: waitSeconds }).toJSON());
  return { http: response.http, body: { kind: 'single' as const, singleResult: { errors: [error] } } };
}

type Listener = Exclude<Awaited<ReturnType<NonNullable<ApolloServerPlugin<GatewayContext>['requestDidStart']>>>, void>;
type Admitted = Parameters<NonNullable<Listener['responseForOperation']>>[0];
type Failed = Parameters<NonNullable<Listener['didEncounterErrors']>>[0];

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
