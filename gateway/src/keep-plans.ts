import type { GatewayConfig } from '@apollo/gateway';
import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { LRUCache } from 'lru-cache';

type PlanStore = NonNullable<NonNullable<GatewayConfig['queryPlannerConfig']>['cache']>;
type Plan = Exclude<Awaited<ReturnType<PlanStore['get']>>, undefined>;

/** Plans kept at most, and bytes of heap that they may take. */
const MOST = 1_000;
const MOST_BYTES = 32_000_000;
/** Heap that a plan takes for each character of its JSON, and whatever it plans: measured with query-planner 2.14. Apollo's own store counts the JSON alone. */
const BYTES_A_CHARACTER = 16;
const LEAST_BYTES = 2_048;

/** Keeps query plans by what they cost in heap and by number; those not asked for longest go first. */
export function keepPlans(): PlanStore {
  const kept = countKept(
    'plans',
    new LRUCache<string, Plan>({
      max: MOST,
      maxSize: MOST_BYTES,
      sizeCalculation: (plan, key) => LEAST_BYTES + 2 * key.length + BYTES_A_CHARACTER * JSON.stringify(plan).length,
    }),
  );
  return {
    get: async (key) => kept.get(key),
    set: async (key, plan) => {
      kept.set(key, plan);
    },
    delete: async (key) => kept.delete(key),
    clear: () => kept.clear(),
  };
}
