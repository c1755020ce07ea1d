import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { openLog } from '@longyuan/settings/log.ts';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serveWire, type WireServer } from './serve-wire.ts';
import { encode } from './wire-messages.ts';

/** A session that knows one answer. What matters here is who gets as far as asking. */
let asked = 0;
const idle = Buffer.from('Z\0\0\0\x05I', 'latin1');
const session = {
  failedStatements: () => 0,
  run: (messages: Uint8Array): Buffer => {
    if (messages[0] === 0) return Buffer.concat([Buffer.from('R\0\0\0\x08\0\0\0\0', 'latin1'), idle]);
    asked += 1;
    return Buffer.concat([encode('C', 'SELECT 0\0'), idle]);
  },
};
const account = { user: 'longyuan', password: 'a-secret-of-the-hub-and-of-nobody-else' };
let server: WireServer;

beforeAll(async () => {
  const log = openLog('test', { logLevel: 'silent' });
  server = await serveWire(session, { host: '127.0.0.1', port: 0, account, maxConnections: 8, idleTransactionMs: 1_000, log });
});
afterAll(() => server.stop());

async function logIn(user: string, password: string): Promise<unknown> {
  const client = new pg.Client({ host: '127.0.0.1', port: server.port, user, password, database: 'any' });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT');
    return 'in';
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Says these bytes and returns what is said back until the server hangs up or says so many bytes. */
async function say(...messages: readonly Buffer[]): Promise<string> {
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  let heard = '';
  socket.on('data', (bytes) => (heard += bytes.toString('latin1')));
  socket.on('error', () => {});
  for (const message of messages) socket.write(message);
  await once(socket, 'close');
  return heard;
}

const startup = (user: string): Buffer => {
  const body = Buffer.from(`\0\x03\0\0user\0${user}\0database\0any\0\0`, 'latin1');
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + body.length);
  return Buffer.concat([length, body]);
};
const query = encode('Q', 'SELECT\0');

test('who knows the password comes in; a wrong one, none, and a user that is not there are refused alike', async () => {
  expect(await logIn('longyuan', account.password)).toBe('in');
  const before = asked;
  expect(await logIn('longyuan', 'another')).toBe('28P01');
  expect(await logIn('postgres', account.password)).toBe('28P01');
  expect(await logIn('postgres', 'another')).toBe('28P01');
  expect(asked).toBe(before);
});

test('nothing is run for who goes past the door: asks at once, answers in another way, or begins an exchange and asks', async () => {
  const before = asked;
  const first = Buffer.concat([Buffer.from('SCRAM-SHA-256\0\0\0\0\x0b', 'latin1'), Buffer.from('n,,n=,r=abc')]);
  expect(await say(startup('longyuan'), query)).not.toContain('Z\0\0\0');
  expect(await say(query)).toBe('');
  expect(await say(startup('longyuan'), encode('p', `${account.password}\0`))).toContain('28P01');
  expect(await say(startup('longyuan'), encode('p', first), query)).not.toContain('Z\0\0\0');
  expect(await say(startup('longyuan'), encode('p', first), encode('p', first))).toContain('28P01');
  expect(await say(startup('longyuan'), encode('p', Buffer.from('SCRAM-SHA-256-PLUS\0\0\0\0\0', 'latin1')))).toContain('28P01');
  expect(asked).toBe(before);
});

test('before a client is known, what it may send is bounded', async () => {
  const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
  expect(await say(sslRequest, sslRequest, sslRequest)).toBe('NN');
  expect(await say(Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'))).toBe('');
  expect(await say(Buffer.from([0, 0, 0x40, 0, 0, 3, 0, 0]))).toBe('');
  const tooLong = Buffer.from('p\0\0\x20\0', 'latin1');
  expect(await say(startup('longyuan'), tooLong)).toMatch(/SCRAM-SHA-256\0\0$/);
});

test('those who connect and say nothing keep nobody out', async () => {
  const silent: Socket[] = [];
  for (let count = 0; count < 300; count++)
    silent.push(
      connect(server.port, '127.0.0.1')
        .on('error', () => {})
        .resume(),
    );
  await Promise.all(silent.slice(0, 300 - 128).map((socket) => once(socket, 'close')));
  expect(await logIn('longyuan', account.password)).toBe('in');
  for (const socket of silent) socket.destroy();
});
