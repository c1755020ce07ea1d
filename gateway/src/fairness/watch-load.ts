import { type EventLoopUtilization, performance } from 'node:perf_hooks';

/** How busy this gateway is. */
export type Load = Readonly<{
  /** To be told of each request. */
  arrive(): void;
  isBusy(): boolean;
}>;

/** More requests than this wait before a library only if they come faster than it answers. */
const MANY_REQUESTS = 8;
/** Part of its time that the event loop works: above this there is none left for whoever comes next. */
const FULL = 0.95;
/** Over how long that is measured. */
const MEASURED_MS = 1_000;

/**
 * Watches how busy this gateway is: how many requests wait for a library's connections, and how much of the last second its event loop worked.
 * Looked at when a request comes, so it costs nothing while nobody asks.
 */
export function watchLoad(parts: {
  /** Before the library where most wait. */
  waitingRequests: () => number;
  now?: () => number;
  /** Of the event loop, as Node counts it: since the start, or since an earlier count. */
  utilization?: (since?: EventLoopUtilization) => EventLoopUtilization;
}): Load {
  const { waitingRequests, now = () => performance.now(), utilization = performance.eventLoopUtilization } = parts;
  let since = utilization();
  let sinceMs = now();
  let isFull = false;
  return {
    arrive: () => {
      const atMs = now();
      if (atMs - sinceMs < MEASURED_MS) return;
      isFull = utilization(since).utilization > FULL;
      since = utilization();
      sinceMs = atMs;
    },
    // What was measured holds until it is measured again, and for as long as that should take.
    isBusy: () => waitingRequests() > MANY_REQUESTS || (isFull && now() - sinceMs < MEASURED_MS),
  };
}
