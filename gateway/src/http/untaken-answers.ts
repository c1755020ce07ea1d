import type { ServerResponse } from 'node:http';

/** Answers smaller than this find room in the buffers of a connection: they wait for nobody. */
const SMALL_BYTES = 16_384;

/**
 * Bounds what answers take that clients do not take off the hub: past `mostBytes` together, those that wait longest are broken off, with
 * their connections. Whoever reads at all is done long before. Told of each answer as it is sent.
 */
export function boundUntaken(mostBytes: number): (response: ServerResponse, bytes: number) => void {
  // In the order in which they were sent.
  const waiting = new Map<ServerResponse, number>();
  let total = 0;
  const forget = (response: ServerResponse): void => {
    total -= waiting.get(response) ?? 0;
    waiting.delete(response);
  };
  return (response, bytes) => {
    if (bytes < SMALL_BYTES || waiting.has(response)) return;
    waiting.set(response, bytes);
    total += bytes;
    response.once('close', () => forget(response));
    for (const oldest of waiting.keys()) {
      if (total <= mostBytes || oldest === response) return;
      forget(oldest);
      oldest.destroy();
    }
  };
}
