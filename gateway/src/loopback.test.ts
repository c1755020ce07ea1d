import { expect, test } from 'vitest';
import { isLoopback, isLoopbackHostHeader } from './loopback.ts';

test('only names of this machine are loopback', () => {
  expect(['127.0.0.1', '127.8.8.8', '::1', 'localhost'].filter((host) => !isLoopback(host))).toEqual([]);
  expect(['0.0.0.0', '::', '10.0.0.1', '127.evil.example', 'localhost.example', ''].filter(isLoopback)).toEqual([]);
});

test('a Host header names this machine with any port, and nothing else does', () => {
  expect(['localhost:4000', 'LOCALHOST', '127.0.0.1:80', '[::1]:4000'].filter((header) => !isLoopbackHostHeader(header))).toEqual([]);
  expect(['hub.example:4000', 'localhost:4000.example', '###', undefined].filter(isLoopbackHostHeader)).toEqual([]);
});
