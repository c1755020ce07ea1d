import type { Logger } from './log.ts';

/** Logs that a key file which is in use cannot be read any more, with the reason: it names the file, and nothing that is in it. */
export function logKeyTrouble(log: Pick<Logger, 'error'>, error: unknown): void {
  const reason = error instanceof Error ? error.message : String(error);
  log.error({ err: error, reason }, 'a key file in use cannot be read any more; the keys that were read before stay in use');
}
