import type { FormattedExecutionResult } from 'graphql';

/** Of a request that was refused as a whole because a limit of the day is used up: how long until there is more; null for any other answer. */
export function secondsToReset(
  { data, errors = [] }: Pick<FormattedExecutionResult, 'data' | 'errors'>,
  nowMs = Date.now(),
): number | null {
  const resetsAt = data ? undefined : errors.find(({ extensions }) => extensions?.['code'] === 'QUOTA_EXCEEDED')?.extensions?.['resetsAt'];
  return typeof resetsAt === 'string' ? Math.max(1, Math.ceil((Date.parse(resetsAt) - nowMs) / 1_000)) : null;
}
