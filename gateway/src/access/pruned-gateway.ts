import { createHash } from 'node:crypto';
import { answerPruned } from '@longyuan/operation/answer-pruned.ts';
import { claimsIn } from '@longyuan/operation/decide-claims.ts';
import type { KeptOperations } from '@longyuan/operation/keep-operations.ts';
import type { Prune } from '@longyuan/operation/keep-prunings.ts';
import { type DocumentNode, print } from 'graphql';
import { answerThrough, type Executor, type GatewayInterface } from '../bounded-gateway.ts';
import type { GatewayContext } from '../library-source.ts';
import { operationOf } from '../operation-of.ts';
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
  parts: { operations: KeptOperations; prune: Prune; refusalsOf: RefusalsOf; quotas: Pick<Quotas, 'spend' | 'giveBack'> },
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
    const span = budget.span.begin('decide');
    const operation = operationOf(request, parts.operations);
    const given = operation.given(request.request.variables);
    const pruned = parts.prune(operation, given, access);
    const execute = async (): ReturnType<Executor> => {
      if (pruned.refused.length === 0) return executor(request);
      const write = parts.refusalsOf(
        access.standing,
        pruned.refused.flatMap(({ missing }) => missing),
      );
      return answerPruned(pruned, (left) => executor({ ...request, document: left, queryHash: hashOf(left) }), write);
    };
    const plan = planRows(pruned, access, pruned.left ? claimsIn(pruned.left, given) : []);
    span.set({ 'longyuan.refused_items': pruned.refused.length });
    span.end();
    if (!plan) return execute();
    return spendGrants({ plan, named: namedRows(plan, given), quotas: parts.quotas, hasLeft: () => hasLeft(budget) }, execute);
  };
  return answerThrough(gateway, answer);
}
