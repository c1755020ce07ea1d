import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { readArgumentFormats } from '@longyuan/schema/src/argument-formats.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { forbidTelemetry, type Settings } from '@longyuan/settings/environment.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { findEntities, makeAdmission } from './admit-operation.ts';
import { presentError } from './answer-errors.ts';
import { boundGateway, type GatewayInterface } from './bounded-gateway.ts';
import { freeAliases } from './free-aliases.ts';
import { CHALLENGE } from './identify/identify.ts';
import type { GatewayContext, LibrarySource } from './library-source.ts';
import { logFault } from './log-fault.ts';
import { quietLogger } from './quiet-logger.ts';
import { writeOutBefore } from './write-out-fragments.ts';

/** Plans kept, as their size in JSON. */
const PLAN_CACHE_MIB = 16;
/** Enough for the plans that differ in worth; past it the planner takes the best it has seen. */
const MAX_EVALUATED_PLANS = 200;
const MAX_PATHS = 200;
/** Apollo's gateway over the sources, bounded, and with any aliases. Loaded by the server that it is given to. */
export function makeGateway(parts: { log: Logger; supergraphSdl: string; sources: ReadonlyMap<string, LibrarySource> }): GatewayInterface {
  const { log, supergraphSdl, sources } = parts;
  forbidTelemetry();
  const gateway = new ApolloGateway({
    supergraphSdl,
    validateSupergraph: false,
    logger: quietLogger(log),
    // Else any caller could ask for the query plan outside production.
    __exposeQueryPlanExperimental: false,
    experimental_approximateQueryPlanStoreMiB: PLAN_CACHE_MIB,
    queryPlannerConfig: { debug: { maxEvaluatedPlans: MAX_EVALUATED_PLANS, pathsLimit: MAX_PATHS } },
    buildService: ({ name }) => {
      const source = sources.get(name);
      if (!source) throw new Error(`The supergraph names a library that there is no SDL of: ${name}`);
      return source;
    },
  });
  return writeOutBefore(freeAliases(boundGateway(gateway), supergraphSdl));
}

/** Apollo Server over a gateway, with the hub's own admission before it and the hub's own errors after it. Not started. */
export function makeApolloServer(parts: {
  settings: Settings;
  log: Logger;
  subgraphs: readonly Pick<Library, 'document'>[];
  gateway: GatewayInterface;
  /** Whether a caller may be told of the schema. */
  mayIntrospect: (context: GatewayContext) => boolean;
  /** What else looks on: counting, records. */
  plugins?: readonly ApolloServerPlugin<GatewayContext>[];
}): ApolloServer<GatewayContext> {
  const { settings, log, subgraphs, gateway, mayIntrospect, plugins = [] } = parts;
  forbidTelemetry();
  return new ApolloServer<GatewayContext>({
    gateway,
    nodeEnv: 'production',
    logger: quietLogger(log),
    introspection: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxLexicalTokens: settings.maxTokens },
    // Validation runs in the admission, after the limits: over a hostile document it is itself what takes too long.
    dangerouslyDisableValidation: true,
    formatError: presentError,
    stringifyResult: (value) => JSON.stringify(value),
    plugins: [
      admissionPlugin({ settings, subgraphs, mayIntrospect }),
      faultPlugin(log),
      ...plugins,
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginCacheControlDisabled(),
    ],
  });
}

/** Answers an operation that is not admitted before it is planned: no data, status 400, or 401 where a token would admit it. */
function admissionPlugin(
  parts: Pick<Parameters<typeof makeApolloServer>[0], 'settings' | 'subgraphs' | 'mayIntrospect'>,
): ApolloServerPlugin<GatewayContext> {
  const { settings, subgraphs, mayIntrospect } = parts;
  const formats = readArgumentFormats(subgraphs);
  const entities = findEntities(subgraphs);
  let admit: ReturnType<typeof makeAdmission> | undefined;
  const listener = {
    async responseForOperation({ document, request: { operationName, variables }, schema, response, contextValue }: Admitted) {
      admit ??= makeAdmission({ schema, limits: settings, formats, entities });
      const errors = admit({ document, operationName, variables, mayIntrospect: mayIntrospect(contextValue) });
      if (errors.length === 0) return null;
      const presented = errors.map((error) => presentError(error.toJSON()));
      const needsToken = presented.some(({ extensions }) => extensions?.['code'] === 'UNAUTHENTICATED');
      response.http.status = needsToken ? 401 : 400;
      if (needsToken) response.http.headers.set('www-authenticate', CHALLENGE);
      return { http: response.http, body: { kind: 'single' as const, singleResult: { errors: presented } } };
    },
  };
  return { requestDidStart: async () => listener };
}

type Admitted = Parameters<
  NonNullable<
    Exclude<Awaited<ReturnType<NonNullable<ApolloServerPlugin<GatewayContext>['requestDidStart']>>>, void>['responseForOperation']
  >
>[0];

/** Logs the hub's own faults with the request id, and puts the id on the errors that its caller reads. Nothing of the request is logged. */
function faultPlugin(log: Logger): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: async () => ({
      didEncounterErrors: async ({ errors, contextValue: { budget } }) => {
        for (const error of errors) logFault(log, budget.requestId, error);
      },
      willSendResponse: async ({ response: { http, body }, contextValue: { budget } }) => {
        if (body.kind !== 'single' || !body.singleResult.errors) return;
        // Apollo refuses persisted queries with 200, as their protocol wants; here it is a request like any other.
        if (body.singleResult.data === undefined && (http.status ?? 200) === 200) http.status = 400;
        body.singleResult.errors = body.singleResult.errors.map((error) =>
          error.extensions?.['code'] === 'INTERNAL'
            ? { ...error, extensions: { ...error.extensions, requestId: budget.requestId } }
            : error,
        );
      },
    }),
    unexpectedErrorProcessingRequest: async ({ requestContext, error }) =>
      logFault(log, requestContext.contextValue.budget.requestId, error),
  };
}
