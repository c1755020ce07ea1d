import type { Logger } from './log.ts';

/** The four levels that Apollo's packages speak at. */
type ApolloLogger = Readonly<Record<'debug' | 'info' | 'warn' | 'error', () => void>>;

/**
 * Takes Apollo's messages as events without their texts: they quote operations, values and errors of libraries. The faults among them
 * are logged by the gateway itself, with their request id.
 */
export function quietLogger(log: Pick<Logger, 'debug'>): ApolloLogger {
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: () => log.debug('Apollo warns'),
    error: () => log.debug('Apollo reports an error'),
  };
}
