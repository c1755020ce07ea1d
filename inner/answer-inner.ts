import { buildSubgraphSchema } from '@apollo/subgraph';
import { shieldRoots } from '@longyuan/access/shield-roots.ts';
import { boundLists } from '@longyuan/operation/bound-lists.ts';
import { answerMade } from '@longyuan/schema/src/answer-made.ts';
import type { CodeTable } from '@longyuan/schema/src/code-tables.ts';
import { isErrorCode } from '@longyuan/schema/src/error-codes.ts';
import { costOfDocument } from '@longyuan/schema/src/kept/cost-of-document.ts';
import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { scalarsOf } from '@longyuan/schema/src/scalars.ts';
import { subgraphDocument } from '@longyuan/schema/src/subgraph-document.ts';
import { logFault } from '@longyuan/settings/fault.ts';
import type { Logger } from '@longyuan/settings/log.ts';
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
import type { Asker, InnerSubgraph, MountedSubgraph } from './inner-subgraph.ts';

/** Plans repeat themselves; the bounds only guard against callers who make a new plan with every call. */
const KEPT = { max: 500, maxSize: 8_000_000 };

/** Nothing in an inner subgraph is an item, so nothing in it has a word. */
const NO_TABLES: ReadonlyMap<string, CodeTable> = new Map();

/** Says beside an answer, at its place, what is missing in it. */
export type TellBeside = (error: GraphQLError, path: GraphQLResolveInfo['path']) => void;

/** The executable schema of an inner subgraph; each root is guarded by the offices that name it. `file`: where its SDL stands. */
export function buildInnerSchema(subgraph: Pick<InnerSubgraph['subgraph'], 'document'>, resolvers: object, file: string): GraphQLSchema {
  const typeDefs = subgraphDocument(subgraph);
  // Apollo's type of resolvers wants index signatures, which functions of known rows have not, and knows no scalar given in parts.
  const answered = { ...resolvers, ...scalarsOf(typeDefs, file) } as never;
  const schema = buildSubgraphSchema([{ typeDefs, resolvers: answered }]);
  answerMade(schema, subgraph.document, NO_TABLES);
  shieldRoots(schema);
  return schema;
}

/**
 * Makes what answers the gateway's fetches in its own process: one execution, no HTTP. `contextOf`: what the resolvers know of one fetch.
 * `failure`: how a fault is told. The schema's lists are bounded in place.
 */
export function answerInner(parts: {
  name: string;
  schema: GraphQLSchema;
  maxValues: number;
  failure: () => GraphQLError;
  contextOf: (asker: Asker, tell: TellBeside) => object;
  log: Pick<Logger, 'error'>;
}): MountedSubgraph['answer'] {
  const { name, schema, failure, contextOf, log } = parts;
  boundLists(schema, parts.maxValues);
  const documents = countKept(
    `${name} fetches`,
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

  function present({ message, path, extensions }: GraphQLError): GraphQLFormattedError {
    const { code, argument, limit, value, owner, resetsAt, library = name } = extensions;
    const where = path ? { path } : {};
    if (!isErrorCode(code)) return { message: failure().message, ...where, extensions: { code: 'INTERNAL', library: name } };
    const said = {
      ...(typeof argument === 'string' && { argument }),
      ...(typeof limit === 'string' && { limit }),
      ...(typeof value === 'number' && { value }),
      ...(typeof owner === 'string' && { owner }),
      ...(typeof resetsAt === 'string' && { resetsAt }),
    };
    // Of an owner that does not answer, its library is named.
    return { message, ...where, extensions: { ...said, code, library } };
  }

  return async ({ query, variables }, asker) => {
    const beside: GraphQLError[] = [];
    const tell: TellBeside = ({ message, extensions }, path) =>
      beside.push(new GraphQLError(message, { path: responsePathAsArray(path), extensions }));
    const executed = await execute({
      ...{ schema, document: read(query), variableValues: { ...variables } },
      contextValue: contextOf(asker, tell),
    });
    const { data = null, errors: failed = [] } = executed;
    const errors = [...failed, ...beside];
    for (const error of errors) {
      if (!isErrorCode(error.extensions['code'])) {
        logFault(log, error.originalError ?? error, {
          ...{ what: `a field of the ${name} could not be answered`, within: asker, of: { requestId: asker.requestId } },
        });
      }
    }
    return { data, errors: errors.map(present) };
  };
}
