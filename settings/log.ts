import { type DestinationStream, type Logger, pino } from 'pino';
import type { Settings } from './environment.ts';
import { kindOf } from './fault.ts';

export type { Logger };

/**
 * A logger that writes JSON lines to standard error, or where it is told to, and names the part of the hub that speaks.
 * Callers log what happened and to which library, never a request's variables, a header or a value from a database.
 */
export function openLog(part: string, settings: Pick<Settings, 'logLevel'>, to: DestinationStream = pino.destination(2)): Logger {
  return pino(
    {
      level: settings.logLevel,
      base: { part },
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      // Messages and stacks of databases quote the values they stumbled over; where a fault happened is told by `logFault`.
      serializers: { err: kindOf },
    },
    to,
  );
}
