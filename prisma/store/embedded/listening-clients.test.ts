import { expect, test } from 'vitest';
import { ListeningClients, readListenCommand } from './listening-clients.ts';

test.each([
  ['LISTEN grants_changed', { kind: 'listen', channel: 'grants_changed' }],
  ['listen Grants;', { kind: 'listen', channel: 'grants' }],
  [' LISTEN "Say ""hub""" ; ', { kind: 'listen', channel: 'Say "hub"' }],
  ['LISTEN 变更', { kind: 'listen', channel: '变更' }],
  ['UNLISTEN grants', { kind: 'unlisten', channel: 'grants' }],
  ['UNLISTEN *', { kind: 'unlisten', channel: null }],
  ['LISTEN *', null],
  ['LISTEN a; LISTEN b', null],
  ['LISTEN a; DROP TABLE b', null],
  [`LISTEN ${'a'.repeat(64)}`, null],
])('%s', (sql, command) => {
  expect(readListenCommand(sql)).toEqual(command);
});

test('a channel is given up when the last who listened has left, and makes room for another', () => {
  const listening = new ListeningClients<string>(1);
  listening.take('gateway', { kind: 'listen', channel: 'grants' });
  listening.take('library', { kind: 'listen', channel: 'grants' });
  expect(listening.hasRoomFor('objections')).toBe(false);
  expect(listening.take('gateway', { kind: 'unlisten', channel: null })).toEqual(['grants']);
  listening.leave('library');
  expect(listening.dropUnheard()).toEqual(['grants']);
  expect(listening.hasRoomFor('objections')).toBe(true);
  expect(listening.isAny).toBe(false);
});
