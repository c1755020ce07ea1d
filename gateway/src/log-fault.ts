import type { Logger } from '@longyuan/settings/log.ts';
import type { GraphQLError } from 'graphql';
import { presentError } from './answer-errors.ts';

/** Logs an error that its caller reads as INTERNAL, by type, code and place in the program; every other is the caller's own to know. */
export function logFault(log: Logger, requestId: string, error: Error | GraphQLError): void {
  if (
    presentError({ message: error.message, extensions: 'extensions' in error ? error.extensions : {} }).extensions?.['code'] !== 'INTERNAL'
  )
    return;
  const cause = 'originalError' in error && error.originalError ? error.originalError : error;
  // Frames name files of the program; the message before them may quote values and stays out.
  const frames = cause.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  log.error({ requestId, err: cause, at: frames?.slice(0, 3).map((line) => line.trim()) }, 'fault of the hub');
}
