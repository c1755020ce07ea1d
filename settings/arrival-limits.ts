/** Longest that a connection whose time is over stays open. */
const MOST_LATE_MS = 1_000;

/**
 * What Node's HTTP server is made with, beside its `requestTimeout`, so that headers and body each end with that time, or a second later.
 * Left to itself it looks every thirty seconds, and takes the longer of the two times, a minute for headers, for the whole request.
 */
export function arrivalLimits(requestTimeoutMs: number): Readonly<{ headersTimeout: number; connectionsCheckingInterval: number }> {
  return { headersTimeout: requestTimeoutMs, connectionsCheckingInterval: Math.min(MOST_LATE_MS, requestTimeoutMs) };
}
