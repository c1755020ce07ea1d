import { createHash } from 'node:crypto';
import { answerPruned } from '@longyuan/schema/src/access/answer-pruned.ts';
import type { makeClaimReader } from '@longyuan/schema/src/access/decide-claims.ts';
import { withDefaults } from '@longyuan/schema/src/access/included-selections.ts';
import type { Prune } from '@longyuan/schema/src/access/keep-prunings.ts';
import { type DocumentNode, getOperationAST, print } from 'graphql';
import { answerThrough, type Executor, type GatewayInterface } from '../bounded-gateway.ts';
import type { GatewayContext } from '../library-source.ts';
import type { Quotas } from '../quotas/keep-quotas.ts';
import { hasLeft } from '../request-budget.ts';
import { namedRows, planRows } from './plan-rows.ts';
import { spendGrants } from './spend-grants.ts';
import type { RefusalsOf } from './word-refusals.ts';

/**
 * The first door: the gateway behind it plans and fetches what is left of an operation once it is pruned to the caller's access set. Callers
 * who see the same share the same plan, because the plan is kept by the pruned operation.
 */
export function pruneForCallers(
  gateway: GatewayInterface,
  parts: { prune: Prune; claimsIn: ReturnType<typeof makeClaimReader>; refusalsOf: RefusalsOf; quotas: Pick<Quotas, 'spend' | 'giveBack'> },
): GatewayInterface {
  const hashes = new WeakMap<DocumentNode, string>();
  const hashOf = (document: DocumentNode): string => {
    let hash = hashes.get(document);
    if (!hash) {
      hash = createHash('sha256').update(print(document)).digest('hex');
      hashes.set(document, hash);
    }
    return hash;
  };
  const answer = async (executor: Executor, request: Parameters<Executor>[0]): ReturnType<Executor> => {
    // The context is made in start-gateway.ts; Apollo types it as any record.
    const { access, budget } = request.context as GatewayContext;
    const { document, operationName } = request;
    const { variables } = request.request;
    const span = budget.span.begin('decide');
    const pruned = parts.prune({ document, operationName, variables }, access);
    const execute = async (): ReturnType<Executor> => {
      if (pruned.refused.length === 0) return executor(request);
      const write = parts.refusalsOf(
        access.standing,
        pruned.refused.flatMap(({ missing }) => missing),
      );
      return answerPruned(pruned, (left) => executor({ ...request, document: left, queryHash: hashOf(left) }), write);
    };
    const claimed = pruned.document ? parts.claimsIn({ document: pruned.document, operationName, variables }) : [];
    const plan = planRows(pruned, access, claimed);
    span.set({ 'longyuan.refused_items': pruned.refused.length });
    span.end();
    if (!plan) return execute();
    const operation = getOperationAST(document, operationName);
    const named = namedRows(plan, operation ? withDefaults(operation, variables ?? {}) : {});
    return spendGrants({ plan, named, quotas: parts.quotas, hasLeft: () => hasLeft(budget) }, execute);
  };
  return answerThrough(gateway, answer);
}
