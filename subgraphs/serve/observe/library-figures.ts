import type { StoreState } from '@longyuan/prisma/store/connect/watch-store.ts';
import { keptSizes } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { figureWhatIsKept } from '@longyuan/telemetry/kept-figures.ts';
import { type Figures, openFigures } from '@longyuan/telemetry/process-figures.ts';
import { Counter, Gauge, Histogram } from 'prom-client';

/** What a library counts. Labels are the hub's own words: paths as they are registered, statuses, codes. */
export type LibraryFigures = Figures &
  Readonly<{
    answered(call: { path: string | undefined; status: number; codes: ReadonlySet<string>; seconds: number }): void;
    stated(seconds: number, hasFailed: boolean): void;
    /** Reads these when it is asked, from then on. */
    watch(store: { state: () => StoreState; pool: Readonly<{ totalCount: number; idleCount: number }>; waiting: () => number }): void;
  }>;

const SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const STATES: readonly StoreState[] = ['STARTING', 'SEEDING', 'READY', 'DOWN'];

/** Opens the figures of a library. */
export function openLibraryFigures(library: string): LibraryFigures {
  const figures = openFigures();
  const { registry } = figures;
  registry.setDefaultLabels({ library });
  figureWhatIsKept(registry, keptSizes);
  const registers = [registry];
  const calls = new Counter({
    ...{ registers, name: 'longyuan_calls_total', labelNames: ['path', 'status', 'code'] as const },
    help: 'Calls that were answered, by path, HTTP status (499: the gateway left) and first error code (NONE: none).',
  });
  const durations = new Histogram({
    ...{ registers, name: 'longyuan_call_duration_seconds', labelNames: ['path'] as const, buckets: SECONDS },
    help: 'Time from the head of a call to the end of its answer.',
  });
  const statements = new Histogram({
    ...{ registers, name: 'longyuan_database_statement_duration_seconds', labelNames: ['outcome'] as const, buckets: SECONDS },
    help: 'Statements that the database answered or failed, and how long each took once it was sent.',
  });
  return {
    ...figures,
    answered: ({ path = 'none', status, codes, seconds }) => {
      const [code = 'NONE'] = codes;
      calls.inc({ path, status, code });
      durations.observe({ path }, seconds);
    },
    stated: (seconds, hasFailed) => statements.observe({ outcome: hasFailed ? 'failed' : 'answered' }, seconds),
    watch: ({ state, pool, waiting }) => {
      new Gauge({
        ...{ registers, name: 'longyuan_database_connections', labelNames: ['state'] as const },
        help: 'Connections to the database, in use and idle.',
        collect() {
          this.set({ state: 'idle' }, pool.idleCount);
          this.set({ state: 'used' }, pool.totalCount - pool.idleCount);
        },
      });
      new Gauge({
        ...{ registers, name: 'longyuan_database_questions_waiting', help: 'Questions that wait for their turn at the database.' },
        collect() {
          this.set(waiting());
        },
      });
      new Gauge({
        ...{ registers, name: 'longyuan_store_state', labelNames: ['state'] as const },
        help: 'State of the store: 1 for the one that it is in.',
        collect() {
          for (const each of STATES) this.set({ state: each }, each === state() ? 1 : 0);
        },
      });
    },
  };
}
