import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { boundUntaken } from './make-http-server.ts';

const MEGABYTE = 'x'.repeat(1_000_000);
const close: (() => void)[] = [];
afterEach(() => close.splice(0).forEach((each) => void each()));

/** A server that answers everybody with so much, no more than `mostBytes` of which may wait. */
async function serve({ mostBytes, body }: { mostBytes: number; body: string }) {
  const note = boundUntaken(mostBytes);
  const ends: string[] = [];
  const server = createServer(({ url }, response) => {
    note(response, body.length);
    response.once('close', () => ends.push(`${url} ${response.writableFinished ? 'taken' : 'broken off'}`));
    response.end(body);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  close.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = async (path: string): Promise<IncomingMessage> => {
    const [answer] = await once(get(`${url}${path}`), 'response');
    answer.on('error', () => {});
    return answer;
  };
  return { ask, ends };
}

test('who does not read is broken off when more comes than may wait, the first of them first; who reads is answered whole', async () => {
  // Larger than what a connection's own buffers hold.
  const { ask, ends } = await serve({ mostBytes: 70_000_000, body: MEGABYTE.repeat(20) });
  for (const path of ['/first', '/second', '/third']) await ask(path);
  expect(ends).toEqual([]);
  expect(await text(await ask('/reader'))).toHaveLength(20_000_000);
  await expect.poll(() => ends).toEqual(['/first broken off', '/reader taken']);
  await ask('/fourth');
  await expect.poll(() => ends).toEqual(['/first broken off', '/reader taken']);
  await ask('/fifth');
  await expect.poll(() => ends).toEqual(['/first broken off', '/reader taken', '/second broken off']);
});

test('an answer that is larger than all that may wait is sent nevertheless', async () => {
  const { ask } = await serve({ mostBytes: 1_000, body: MEGABYTE });
  expect(await text(await ask('/alone'))).toHaveLength(1_000_000);
});
