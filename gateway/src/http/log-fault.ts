import { logFault as logStack } from '@longyuan/settings/fault.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { GraphQLError } from 'graphql';
import type { RequestBudget } from '../request/request-budget.ts';
import { presentError } from './answer-errors.ts';

/**
 * Logs an error that its caller reads as INTERNAL, once in a request, with its whole stack and nothing that it says; every other is the
 * caller's own to know. What a library says of a fault of its own stands in that library's log.
 */
export function logFault(log: Logger, budget: Pick<RequestBudget, 'requestId'>, error: Error | GraphQLError): void {
  const extensions = 'extensions' in error ? error.extensions : {};
  if (presentError({ message: error.message, extensions }).extensions?.['code'] !== 'INTERNAL') return;
  const { requestId } = budget;
  if (typeof extensions['library'] === 'string') {
    log.debug({ requestId, library: extensions['library'] }, 'a library met a fault of its own');
    return;
  }
  const cause = 'originalError' in error && error.originalError ? error.originalError : error;
  logStack(log, cause, { what: 'fault of the hub', within: budget, of: { requestId } });
}
