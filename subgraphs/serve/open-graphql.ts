import { ApolloServer, HeaderMap } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { readAccessFacts } from '@longyuan/access/access-facts.ts';
import { writeRefusals } from '@longyuan/access/refusal-error.ts';
import { keepOperations } from '@longyuan/operation/keep-operations.ts';
import { callNow } from '@longyuan/prisma/store/connect/call.ts';
import type { FormatRules } from '@longyuan/schema/src/argument-formats.ts';
import { type DocumentStore, keepDocuments } from '@longyuan/schema/src/kept/keep-documents.ts';
import type { SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import { quietLogger } from '@longyuan/settings/quiet-logger.ts';
import type { GraphQLSchema } from 'graphql';
import type { Doubt } from './door/answer-trouble.ts';
import { errorFormatter } from './format-error.ts';
import { openPipeline, type WarrantedCall } from './pipeline.ts';

/** The library's GraphQL, started: one operation a call, no introspection, no suggestions, no stacks, nothing reported to anyone. */
export async function openGraphQL(options: {
  library: string;
  schema: GraphQLSchema;
  rules: FormatRules;
  facts: SharingFacts;
  log: Pick<Logger, 'error' | 'warn' | 'debug'>;
  doubt: Doubt;
}): Promise<ApolloServer<WarrantedCall>> {
  const { schema } = options;
  const formatError = errorFormatter(options);
  const operations = keepOperations(schema, { what: 'operations', ...KEPT });
  const [facts, write] = [readAccessFacts(options.facts), writeRefusals(options.facts)];
  const answer = openPipeline({ ...options, operations, facts, write, formatError });
  const apollo = new ApolloServer<WarrantedCall>({
    schema,
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
    formatError,
    logger: quietLogger(options.log),
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      // Apollo Server stands at the edge: it executes nothing.
      {
        requestDidStart: async () => ({
          responseForOperation: async ({ document, operation, request, contextValue }) => {
            const { status, result } = await answer(operations.read(document, operation), request.variables ?? {}, contextValue);
            return { http: { status, headers: new HeaderMap() }, body: { kind: 'single', singleResult: result } };
          },
          // The codes of its errors are told of the call.
          willSendResponse: async ({ response: { body } }) => {
            const { codes } = callNow()?.about ?? {};
            if (!codes || body.kind !== 'single') return;
            for (const { extensions } of body.singleResult.errors ?? []) codes.add(String(extensions?.['code'] ?? 'INTERNAL'));
          },
        }),
      },
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
