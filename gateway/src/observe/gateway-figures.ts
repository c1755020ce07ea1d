import type { ErrorCode } from '@longyuan/schema/src/error-codes.ts';
import type { Figures } from '@longyuan/telemetry/process-figures.ts';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { LibraryRooms } from '../fairness/library-rooms.ts';
import type { LibraryHealth, LibraryState } from '../libraries/library-health.ts';
import type { FetchOutcome } from '../libraries/library-source.ts';

/** What of limits of the day came and went. */
export type QuotaMove = 'spent' | 'exceeded' | 'given_back';

/** What the gateway counts. Labels are the hub's own words: doors, statuses, codes, libraries; never one that a caller brought. */
export type GatewayFigures = Readonly<{
  arrived(): void;
  answered(door: Door, answer: { status: number; codes: ReadonlyMap<ErrorCode, number>; seconds: number }): void;
  fetched(library: string, outcome: FetchOutcome, seconds: number): void;
  spentQuota(move: QuotaMove, amount: number): void;
  /** Reads these when it is asked, from then on. */
  watch(parts: { ways: ReadonlyMap<string, Pick<LibraryRooms, 'load'>>; health: Pick<LibraryHealth, 'all'>; isBusy: () => boolean }): void;
}>;

/** Where a request comes in. */
export type Door = 'graphql' | 'public_graphql' | 'public_files' | 'public_catalogue' | 'directory' | 'health' | 'faces' | 'none';

/** The door of a route, as it is registered; undefined: there is nothing at the address. */
export function doorOf(route: string | undefined): Door {
  switch (route) {
    case undefined:
      return 'none';
    case '/graphql':
      return 'graphql';
    case '/public/graphql':
      return 'public_graphql';
    case '/public/datasets/:file':
      return 'public_files';
    case '/health':
    case '/health/ready':
    case '/metrics':
      return 'health';
    default:
      return route.startsWith('/public/') ? 'public_catalogue' : route.startsWith('/directory/') ? 'directory' : 'faces';
  }
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const STATES: readonly LibraryState[] = ['STARTING', 'SEEDING', 'READY', 'DOWN'];

/** Opens the figures of a gateway. */
export function openGatewayFigures({ registry }: Figures): GatewayFigures {
  const registers = [registry];
  const requests = new Counter({
    ...{ registers, name: 'longyuan_requests_total', labelNames: ['door', 'status', 'code'] as const },
    help: 'Requests that were answered, by door, HTTP status (499: the client left) and first error code of the answer (NONE: none).',
  });
  const durations = new Histogram({
    ...{ registers, name: 'longyuan_request_duration_seconds', labelNames: ['door'] as const, buckets: SECONDS },
    help: 'Time from the head of a request to the end of its answer.',
  });
  const running = new Gauge({ registers, name: 'longyuan_requests_running', help: 'Requests that are being answered.' });
  const errors = new Counter({
    ...{ registers, name: 'longyuan_refusals_total', labelNames: ['door', 'code'] as const },
    help: 'Errors in answers by code: of items that were refused or failed, and of whole requests.',
  });
  const fetches = new Histogram({
    ...{ registers, name: 'longyuan_fetch_duration_seconds', labelNames: ['library', 'outcome'] as const, buckets: SECONDS },
    help: 'Fetches from libraries for callers, by how they ended: the time that a request waited for each, in the queue too.',
  });
  const quotas = new Counter({
    ...{ registers, name: 'longyuan_quota_units_total', labelNames: ['move'] as const },
    help: 'Calls and rows of grants by what became of them: spent, given back because a library failed, or asked for beyond what was left.',
  });
  return {
    arrived: () => running.inc(),
    answered: (door, { status, codes, seconds }) => {
      const [first = 'NONE'] = codes.keys();
      running.dec();
      requests.inc({ door, status, code: first });
      durations.observe({ door }, seconds);
      for (const [code, count] of codes) errors.inc({ door, code }, count);
    },
    fetched: (library, outcome, seconds) => fetches.observe({ library, outcome }, seconds),
    spentQuota: (move, amount) => quotas.inc({ move }, amount),
    watch: ({ ways, health, isBusy }) => {
      const gauge = (name: string, help: string, read: (load: ReturnType<LibraryRooms['load']>) => number): void => {
        new Gauge({
          ...{ registers, name, help, labelNames: ['library'] as const },
          collect() {
            for (const [library, way] of ways) this.set({ library }, read(way.load()));
          },
        });
      };
      gauge('longyuan_library_calls_running', 'Calls of callers that a library is answering, of 32 connections.', ({ running: n }) => n);
      gauge('longyuan_library_calls_waiting', 'Calls of callers that wait for a connection to a library.', ({ waiting }) => waiting);
      gauge(
        'longyuan_library_rooms',
        'Departments, firms, people and the public as one that have calls before a library.',
        ({ rooms }) => rooms,
      );
      new Gauge({
        ...{ registers, name: 'longyuan_library_state', labelNames: ['library', 'state'] as const },
        help: 'State of each library, as its health says: 1 for the one that it is in.',
        collect() {
          for (const { name: library, state } of health.all())
            for (const each of STATES) this.set({ library, state: each }, each === state ? 1 : 0);
        },
      });
      new Gauge({
        ...{ registers, name: 'longyuan_busy', help: '1 while the gateway is busy, and what callers spend is shared out.' },
        collect() {
          this.set(isBusy() ? 1 : 0);
        },
      });
    },
  };
}
