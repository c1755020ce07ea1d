import type { Logger } from '@longyuan/settings/log.ts';
import type { TracingSettings } from '@longyuan/settings/tracing.ts';
import { NO_TRACING, type Tracing } from './span.ts';

/** Opens the tracing of one process, `part` of the hub. OpenTelemetry is loaded only where traces are to be sent. */
export async function openTracing(part: string, { tracing }: Readonly<{ tracing: TracingSettings | null }>, log: Logger): Promise<Tracing> {
  if (tracing === null) return NO_TRACING;
  const { sendTraces } = await import('./send-traces.ts');
  return sendTraces(part, tracing, log);
}
