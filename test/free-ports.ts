import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Ports a hub needs, counted from its first: gateway, libraries, and the embedded servers. */
const SPAN = 24;

/** The first of `SPAN` ports that are free right now. */
export async function findHubPort(): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const first = randomInt(20_000, 30_000);
    const ports = Array.from({ length: SPAN }, (_, offset) => first + offset);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return first;
  }
  throw new Error('No free ports were found between 20000 and 30000.');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
