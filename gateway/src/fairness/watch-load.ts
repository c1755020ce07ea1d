/** How busy this gateway is. */
export type Load = Readonly<{
  /** To be told of each request: one that comes while none is being looked at has the event loop's turn measured. */
  arrive(): void;
  isBusy(): boolean;
}>;

/** A turn of the event loop that takes longer keeps everybody waiting who comes meanwhile. */
const LONG_TURN_MS = 200;
/** How long a turn says something of those after it: it counts half as much after each such time. */
const HALVED_MS = 500;

/**
 * Watches how busy this gateway is: whether calls wait for a library's connections, and how long a turn of the event loop takes. Measured with
 * the requests themselves, so it costs nothing while nobody asks.
 */
export function watchLoad(parts: { waitingCalls: () => number; now?: () => number; afterTurn?: (then: () => void) => void }): Load {
  const { waitingCalls, now = () => performance.now(), afterTurn = setImmediate } = parts;
  let turnMs = 0;
  let measuredAtMs = now();
  let isMeasuring = false;
  const lastTurnMs = (atMs: number): number => turnMs * 0.5 ** ((atMs - measuredAtMs) / HALVED_MS);
  return {
    arrive: () => {
      if (isMeasuring) return;
      isMeasuring = true;
      const fromMs = now();
      // Runs once everything is served that came together with this.
      afterTurn(() => {
        const atMs = now();
        turnMs = Math.max(atMs - fromMs, lastTurnMs(atMs));
        measuredAtMs = atMs;
        isMeasuring = false;
      });
    },
    isBusy: () => waitingCalls() > 0 || lastTurnMs(now()) > LONG_TURN_MS,
  };
}
