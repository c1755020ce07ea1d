import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { arrivalLimits } from './arrival-limits.ts';

const REQUEST_TIMEOUT_MS = 200;
/** Node's own times are 30 and 60 seconds; a busy machine may be late by some. */
const SOON_MS = 25_000;

const server = createServer({ requestTimeout: REQUEST_TIMEOUT_MS, ...arrivalLimits(REQUEST_TIMEOUT_MS) });
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
afterAll(() => {
  server.close();
});

test.each([
  ['whose headers never end', 'POST / HTTP/1.1\r\nHost: localhost\r\n'],
  ['whose body never ends', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{'],
])('a request %s is waited for as long as a request may take', async (_name, sent) => {
  const started = performance.now();
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(sent);
  expect(await text(socket)).toContain('408');
  expect(performance.now() - started).toBeGreaterThanOrEqual(REQUEST_TIMEOUT_MS);
  expect(performance.now() - started).toBeLessThan(SOON_MS);
});
