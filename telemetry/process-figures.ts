import { collectDefaultMetrics, Registry } from 'prom-client';

/** Of the package's own figures: named as counters though they are none, which promtool complains of; the same stand there by their kinds. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** The figures of a process, in Prometheus' text format. */
export type Figures = Readonly<{ registry: Registry; contentType: string; print(): Promise<string> }>;

/**
 * Opens the figures of this process. What watches it all the time (pauses of its event loop, garbage collection) begins with the first
 * reading: a hub that nobody measures does without.
 */
export function openFigures(): Figures {
  const registry = new Registry();
  let isWatched = false;
  return {
    registry,
    contentType: registry.contentType,
    print: () => {
      if (!isWatched) {
        isWatched = true;
        collectDefaultMetrics({ register: registry });
        for (const name of MISNAMED) registry.removeSingleMetric(name);
      }
      return registry.metrics();
    },
  };
}
