import { createHash } from 'node:crypto';
import { answerPruned } from '@longyuan/schema/src/access/answer-pruned.ts';
import type { makeClaimReader } from '@longyuan/schema/src/access/decide-claims.ts';
import type { Prune } from '@longyuan/schema/src/access/keep-prunings.ts';
import type { RefusalWriter } from '@longyuan/schema/src/access/refusal-error.ts';
import { type DocumentNode, print } from 'graphql';
import { answerThrough, type Executor, type GatewayInterface } from '../bounded-gateway.ts';
import type { CallCounter } from '../grants/count-calls.ts';
import type { GatewayContext } from '../library-source.ts';
import { spendGrants } from './spend-grants.ts';

/**
 * The first door: the gateway behind it plans and fetches what is left of an operation once it is pruned to the caller's access set. Callers
 * who see the same share the same plan, because the plan is kept by the pruned operation.
 */
export function pruneForCallers(
  gateway: GatewayInterface,
  parts: { prune: Prune; claimsIn: ReturnType<typeof makeClaimReader>; write: RefusalWriter; calls: CallCounter },
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
    const { access } = request.context as GatewayContext;
    const { document, operationName } = request;
    const { variables } = request.request;
    const pruned = parts.prune({ document, operationName, variables }, access);
    const claimed = pruned.document ? parts.claimsIn({ document: pruned.document, operationName, variables }) : [];
    const told = claimed.length === 0 ? pruned.told : [...pruned.told, ...claimed];
    const spent = pruned.document && spendGrants(told, access, parts.calls);
    if (spent) return { data: null, errors: [spent] };
    if (pruned.refused.length === 0) return executor(request);
    return answerPruned(pruned, (left) => executor({ ...request, document: left, queryHash: hashOf(left) }), parts.write);
  };
  return answerThrough(gateway, answer);
}
