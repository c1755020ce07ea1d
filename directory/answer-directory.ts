import { roomOf } from '@longyuan/access/caller.ts';
import { answerInner, buildInnerSchema } from '@longyuan/inner/answer-inner.ts';
import type { MountedSubgraph } from '@longyuan/inner/inner-subgraph.ts';
import { duringCall, openCall } from '@longyuan/prisma/store/connect/call.ts';
import type { DirectorySubgraph } from '@longyuan/schema/src/directory-subgraph.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { Purposes } from '@longyuan/settings/purposes.ts';
import type { GraphQLSchema } from 'graphql';
import { readCoverage } from './coverage/read-coverage.ts';
import type { openCodeTables } from './entries/code-tables.ts';
import type { DirectoryStore } from './entries/directory-store.ts';
import { makeLoaders } from './entries/loaders.ts';
import type { openGrantDesk } from './grants/grant-desk.ts';
import type { OperationsFor } from './operations/ready-operations.ts';
import type { Quality } from './quality/open-quality.ts';
import { makeQualityLoaders } from './quality/quality-loaders.ts';
import { resolvers } from './resolvers.ts';

/** The executable schema of the directory. */
export function buildDirectorySchema(subgraph: Pick<DirectorySubgraph, 'document'>): GraphQLSchema {
  return buildInnerSchema(subgraph, resolvers, 'schema/directory.graphql');
}

/** Answers fetches with one set of loaders each. The database is asked in the turn of the caller, and no longer once the request is given up. */
export function answerDirectory(parts: {
  subgraph: DirectorySubgraph;
  store: DirectoryStore;
  codeTables: ReturnType<typeof openCodeTables>;
  purposes: Purposes;
  operationsFor: OperationsFor;
  quality: Quality;
  deskOf: ReturnType<typeof openGrantDesk>;
  maxValues: number;
  log: Pick<Logger, 'error'>;
}): MountedSubgraph['answer'] {
  const { subgraph, store, codeTables, purposes, operationsFor, quality, deskOf, maxValues, log } = parts;
  const answer = answerInner({
    ...{ name: subgraph.name, schema: buildDirectorySchema(subgraph), maxValues, failure: () => refuse('DIRECTORY_FAILED'), log },
    contextOf: (asker, tell) => ({
      ...{ caller: asker.caller, language: asker.language, explain: asker.explain, tell, quality },
      ...{ operationsOf: operationsFor(asker), grants: deskOf(asker), codeTables: codeTables(asker.caller), purposes },
      ...{
        loaders: makeLoaders(store),
        reader: readCoverage(store.ask),
        qualityLoaders: makeQualityLoaders(quality.store, quality.checks),
      },
    }),
  });
  return async (fetch, asker) => {
    const { caller, requestId, span, cancellations } = asker;
    const call = openCall(roomOf(caller), { requestId, span, codes: new Set() });
    cancellations.add(call.end);
    try {
      return await duringCall(call, () => answer(fetch, asker));
    } finally {
      cancellations.delete(call.end);
      call.end();
    }
  };
}
