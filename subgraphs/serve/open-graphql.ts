import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import { writeRefusals } from '@longyuan/access/refusal-error.ts';
import { checkFormats } from '@longyuan/operation/check-formats.ts';
import { type KeptOperations, keepOperations } from '@longyuan/operation/keep-operations.ts';
import type { FormatRules } from '@longyuan/schema/src/argument-formats.ts';
import { type DocumentStore, keepDocuments } from '@longyuan/schema/src/kept/keep-documents.ts';
import type { SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { quietLogger } from '@longyuan/settings/quiet-logger.ts';
import type { GraphQLSchema } from 'graphql';
import type { Doubt } from './answer-trouble.ts';
import type { Context } from './context.ts';
import { errorFormatter } from './format-error.ts';
import { watchAnswers } from './observe/watch-answers.ts';
import { pruneFirst } from './prune-first.ts';
import { refuseBeyondWarrant } from './refuse-beyond-warrant.ts';
import { tellWithheld } from './withheld.ts';

/** The library's GraphQL, started: one operation a call, no introspection, no suggestions, no stacks, nothing reported to anyone. */
export async function openGraphQL(options: {
  library: string;
  schema: GraphQLSchema;
  rules: FormatRules;
  facts: SharingFacts;
  log: Pick<Logger, 'error' | 'warn' | 'debug'>;
  doubt: Doubt;
}): Promise<ApolloServer<Context<unknown>>> {
  const operations = keepOperations(options.schema, { what: 'operations', ...KEPT });
  const apollo = new ApolloServer<Context<unknown>>({
    schema: options.schema,
    nodeEnv: 'production',
    introspection: false,
    allowBatchedHttpRequests: false,
    persistedQueries: false,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    stopOnTerminationSignals: false,
    parseOptions: { noLocation: true },
    documentStore: validatedDocuments(),
    stringifyResult: (result) => JSON.stringify(result),
    formatError: errorFormatter(options),
    logger: quietLogger(options.log),
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      refuseBeyondWarrant({ ...options, operations }),
      formatsFirst(options.rules, operations),
      pruneFirst({
        schema: options.schema,
        operations,
        facts: readAccessFacts(options.facts),
        write: writeRefusals(options.facts),
        formatError: errorFormatter(options),
      }),
      tellWithheld(writeRefusals(options.facts)),
      nothingBeyondBounds,
      watchAnswers,
    ],
  });
  await apollo.start();
  return apollo;
}

/** Documents that are kept parsed. */
const KEPT = { most: 500, mostBytes: 24_000_000 };

/** Apollo hands over what it found valid: of a document that it refuses nothing is kept. */
function validatedDocuments(): DocumentStore {
  const documents = keepDocuments(KEPT);
  return {
    ...documents.store,
    set: async (key, document) => {
      await documents.store.set(key, document);
      documents.keep(document);
    },
  };
}

/** Malformed arguments are refused before anything is executed. */
function formatsFirst(rules: FormatRules, operations: KeptOperations): ApolloServerPlugin<Context<unknown>> {
  return {
    requestDidStart: async () => ({
      responseForOperation: async ({ document, operation: node, request: { variables } }) => {
        const operation = operations.read(document, node);
        const errors = checkFormats(operation, operation.given(variables), rules);
        if (errors.length === 0) return null;
        return {
          http: { status: 400, headers: new HeaderMap() },
          body: { kind: 'single', singleResult: { errors: errors.map((error) => error.toJSON()) } },
        };
      },
    }),
  };
}

/** An operation that passed a bound while it was executed is refused as a whole: what came together until then is not half an answer. */
const nothingBeyondBounds: ApolloServerPlugin<Context<unknown>> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response: { body } }) => {
      if (body.kind !== 'single') return;
      const passed = body.singleResult.errors?.find((error) => error.extensions?.['code'] === 'OPERATION_TOO_COSTLY');
      if (passed) body.singleResult = { data: null, errors: [passed] };
    },
  }),
};
