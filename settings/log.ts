import { type Logger, pino } from 'pino';
import type { Settings } from './environment.ts';

export type { Logger };

/**
 * A logger that writes JSON lines to standard error and names the part of the hub that speaks.
 * Callers log what happened and to which library, never a request's variables, a header or a value from a database.
 */
export function openLog(part: string, settings: Pick<Settings, 'logLevel'>): Logger {
  return pino(
    {
      level: settings.logLevel,
      base: { part },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { err: describeError },
    },
    pino.destination(2),
  );
}

/** Name and code only: messages and stacks of databases quote the values they stumbled over. */
function describeError(error: unknown): { type: string; code?: string } {
  if (!(error instanceof Error)) return { type: typeof error };
  return 'code' in error && typeof error.code === 'string' ? { type: error.name, code: error.code } : { type: error.name };
}
