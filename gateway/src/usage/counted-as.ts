import type { GatewayContext } from '../request/gateway-context.ts';

/** How callers without a token are counted: everyone at the public door. */
export const COUNTED_AS_PUBLIC = 'public';

/**
 * As whom a caller is counted: a department by its 统一社会信用代码, everyone else by kind alone, so that no person is ever in a count.
 */
export function countedAs({ caller }: Pick<GatewayContext, 'caller'>): string {
  return caller.kind === 'department' ? caller.uscc : caller.kind;
}
