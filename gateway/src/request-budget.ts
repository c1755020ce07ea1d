/**
 * What one request may still spend, and what runs on its behalf. Travels with the request to every call to a library.
 * Times are milliseconds of `performance.now()`, which no change of the clock moves.
 */
export type RequestBudget = {
  readonly requestId: string;
  endsAtMs: number;
  /** Libraries that let this request wait once: they are not waited for a second time. */
  readonly silentLibraries: Set<string>;
  /** Ends each call that still runs. */
  readonly cancellations: Set<() => void>;
};

/** The budget of a request that came in now. */
export function openBudget(requestId: string, requestTimeoutMs: number): RequestBudget {
  return { requestId, endsAtMs: performance.now() + requestTimeoutMs, silentLibraries: new Set(), cancellations: new Set() };
}

/** Milliseconds that are left; 0 when none are. */
export function remainingMs(budget: RequestBudget): number {
  return Math.max(0, budget.endsAtMs - performance.now());
}

/** Ends every call that still runs for a request whose client has left, and begins no other. */
export function cancelCalls(budget: RequestBudget): void {
  budget.endsAtMs = 0;
  for (const cancel of [...budget.cancellations]) cancel();
}
