import { expect, test } from 'vitest';
import { foreignHeader, isLoopback, isOwnHostHeader } from './loopback.ts';

test('only names of this machine are loopback', () => {
  expect(['127.0.0.1', '127.8.8.8', '::1', 'localhost'].filter((host) => !isLoopback(host))).toEqual([]);
  expect(['0.0.0.0', '::', '10.0.0.1', '127.evil.example', 'localhost.example', ''].filter(isLoopback)).toEqual([]);
});

test('a Host header names this machine with any port, and nothing else does', () => {
  const isOwn = (header: string | undefined) => isOwnHostHeader(header, null);
  expect(['localhost:4000', 'LOCALHOST', '127.0.0.1:80', '[::1]:4000'].filter((header) => !isOwn(header))).toEqual([]);
  expect(['hub.example:4000', 'localhost:4000.example', '###', undefined].filter(isOwn)).toEqual([]);
});

test('the address under which the world knows the hub is its own too, and no other that looks like it', () => {
  const isOwn = (header: string) => isOwnHostHeader(header, 'https://data.example:8443/hub');
  expect(['data.example', 'Data.Example:8443', 'data.example:443', 'localhost'].filter((header) => !isOwn(header))).toEqual([]);
  expect(['data.example.evil', 'x.data.example', 'data.example@evil', 'data.example/hub', 'evil.example'].filter(isOwn)).toEqual([]);
});

test('a call of a page is given away by a Host that is not the server’s own, or by its Origin', () => {
  const own = (host: string) => host === 'credit.example';
  expect(foreignHeader({ host: 'localhost:4001' })).toBeNull();
  expect(foreignHeader({ host: 'Credit.Example:443' }, own)).toBeNull();
  expect(foreignHeader({ host: 'localhost:4001' }, own)).toBe('Host');
  for (const host of ['evil.example', 'localhost.evil.example', 'localhost@evil.example', '127.0.0.1.evil.example', '', undefined]) {
    expect(foreignHeader({ host }), host).toBe('Host');
  }
  for (const origin of ['https://evil.example', 'null', 'http://localhost:4001', '']) {
    expect(foreignHeader({ host: 'localhost:4001', origin }), origin).toBe('Origin');
  }
});
