import type { GraphQLDataSource } from '@apollo/gateway';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { roomOf } from '@longyuan/access/caller.ts';
import { shieldRoots } from '@longyuan/access/shield-roots.ts';
import { boundLists } from '@longyuan/operation/bound-lists.ts';
import { duringCall, openCall } from '@longyuan/prisma/store/connect/call.ts';
import { answerMade } from '@longyuan/schema/src/answer-made.ts';
import type { CodeTable } from '@longyuan/schema/src/code-tables.ts';
import type { DirectorySubgraph } from '@longyuan/schema/src/directory-subgraph.ts';
import { isErrorCode, refuse } from '@longyuan/schema/src/error-codes.ts';
import { costOfDocument } from '@longyuan/schema/src/kept/cost-of-document.ts';
import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { scalarsOf } from '@longyuan/schema/src/scalars.ts';
import { subgraphDocument } from '@longyuan/schema/src/subgraph-document.ts';
import { logFault } from '@longyuan/settings/fault.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { Purposes } from '@longyuan/settings/purposes.ts';
import {
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  parse,
  responsePathAsArray,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { makeFetchReader } from '../fetch-shape.ts';
import type { GatewayContext } from '../library-source.ts';
import { makeQualityLoaders } from '../quality/quality-loaders.ts';
import { type AnswerLimits, spendAnswer } from '../request-budget.ts';
import type { openCodeTables } from './code-tables.ts';
import type { DirectoryStore } from './directory-store.ts';
import { makeLoaders } from './loaders.ts';
import { resolvers } from './resolvers.ts';

/** Plans repeat themselves; the bounds only guard against callers who make a new plan with every call. */
const KEPT = { max: 500, maxSize: 8_000_000 };

/** Nothing in the directory is an item, so nothing in it has a word. */
const NO_TABLES: ReadonlyMap<string, CodeTable> = new Map();

/** Says beside an answer, at its place, what is missing in it. */
export type TellBeside = (error: GraphQLError, path: GraphQLResolveInfo['path']) => void;

/** The executable schema of the directory; each root is guarded by the offices that name it. */
export function buildDirectorySchema(subgraph: Pick<DirectorySubgraph, 'document'>): GraphQLSchema {
  const typeDefs = subgraphDocument(subgraph);
  // Apollo's type of resolvers wants index signatures, which functions of known rows have not, and knows no scalar given in parts.
  const answered = { ...resolvers, ...scalarsOf(typeDefs, 'schema/directory.graphql') } as never;
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: answered }]);
  answerMade(schema, subgraph.document, NO_TABLES);
  shieldRoots(schema);
  return schema;
}

/**
 * Answers the gateway's fetches in its own process: one execution, one set of loaders, no HTTP. Its database is asked in the turn of the
 * caller, and no longer once the request is given up.
 */
export function openDirectorySource(parts: {
  subgraph: DirectorySubgraph;
  store: DirectoryStore;
  codeTables: ReturnType<typeof openCodeTables>;
  purposes: Purposes;
  log: Pick<Logger, 'error'>;
  limits: AnswerLimits;
}): GraphQLDataSource<GatewayContext> {
  const schema = buildDirectorySchema(parts.subgraph);
  boundLists(schema, parts.limits.maxValues);
  const readFetch = makeFetchReader(parts.subgraph);
  const documents = countKept(
    'directory fetches',
    new LRUCache<string, DocumentNode>({
      ...KEPT,
      sizeCalculation: (document, text) => text.length + costOfDocument(document),
    }),
  );
  const read = (query: string): DocumentNode => {
    const known = documents.get(query);
    if (known) return known;
    const document = parse(query, { noLocation: true });
    documents.set(query, document);
    return document;
  };

  return {
    async process({ request, context }) {
      // The gateway types its own context loosely; this one is made in start-gateway.ts.
      const { caller, explain, operationsOf, quality, grants, language, budget } = context as GatewayContext;
      const span = budget.span.begin(`fetch ${parts.subgraph.name}`, { 'longyuan.library': parts.subgraph.name });
      const call = openCall(roomOf(caller), { requestId: budget.requestId, span, codes: new Set() });
      budget.cancellations.add(call.end);
      const beside: GraphQLError[] = [];
      const tell: TellBeside = ({ message, extensions }, path) =>
        beside.push(new GraphQLError(message, { path: responsePathAsArray(path), extensions }));
      const answered = duringCall(call, async () =>
        execute({
          schema,
          document: read(request.query ?? ''),
          variableValues: request.variables ?? {},
          contextValue: {
            ...{ caller, explain, operationsOf, quality, grants, language, tell },
            ...{ loaders: makeLoaders(parts.store), codeTables: parts.codeTables(caller), purposes: parts.purposes },
            qualityLoaders: quality && makeQualityLoaders(quality.store, quality.checks),
          },
        }),
      );
      const { data, errors: failed = [] } = await answered.finally(() => {
        budget.cancellations.delete(call.end);
        call.end();
        span.end();
      });
      const errors = [...failed, ...beside];
      const presented = errors.map((error) => presentError(error, parts.subgraph.name));
      for (const error of errors) {
        if (!isErrorCode(error.extensions['code'])) {
          logFault(parts.log, error.originalError ?? error, {
            ...{ what: 'a field of the directory could not be answered', within: budget, of: { requestId: budget.requestId } },
          });
        }
      }
      const values = data ? (readFetch(request.query ?? '').hold(data, request.variables ?? {})?.values ?? 0) : 0;
      const passed = spendAnswer(budget, { values, bytes: 0 }, parts.limits);
      if (passed) return { errors: [passed] };
      return { data: data ?? null, ...(presented.length > 0 && { errors: presented }) };
    },
  };
}

function presentError({ message, path, extensions }: GraphQLError, library: string): GraphQLFormattedError {
  const { code, argument, limit, value, owner, resetsAt } = extensions;
  const isKnown = isErrorCode(code);
  const said = {
    ...(typeof argument === 'string' && { argument }),
    ...(typeof limit === 'string' && { limit }),
    ...(typeof value === 'number' && { value }),
    ...(typeof owner === 'string' && { owner }),
    ...(typeof resetsAt === 'string' && { resetsAt }),
  };
  return {
    message: isKnown ? message : refuse('DIRECTORY_FAILED').message,
    ...(path && { path }),
    // Of an owner that does not answer, its library is named.
    extensions: {
      ...(isKnown && said),
      code: isKnown ? code : 'INTERNAL',
      library: isKnown ? (extensions['library'] ?? library) : library,
    },
  };
}
