import { expect, test } from 'vitest';
import { makeClientAddress } from './place-of-caller.ts';

const from = (remoteAddress: string, headers: Record<string, string> = {}) => ({ headers, socket: { remoteAddress } });
const PROXIES = ['127.0.0.1', '10.0.0.0/8', '2001:db8:1::/48'];

test('what an address that is not trusted says of itself counts for nothing', () => {
  const spoofed = { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9' };
  for (const proxies of [[], PROXIES]) {
    const addressOf = makeClientAddress(proxies, 'x-forwarded-for');
    expect(addressOf(from('198.51.100.7', spoofed))).toBe('198.51.100.7');
  }
  expect(makeClientAddress([], 'x-forwarded-for')(from('127.0.0.1', spoofed))).toBe('127.0.0.1');
});

test.each([
  ['its client', '127.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['its client through another proxy', '127.0.0.1', '203.0.113.9, 10.1.2.3', '203.0.113.9'],
  ['an address that the client itself put before it', '127.0.0.1', '192.0.2.1, 203.0.113.9', '203.0.113.9'],
  ['a thousand such addresses', '127.0.0.1', `${'192.0.2.1, '.repeat(1_000)}203.0.113.9`, '203.0.113.9'],
  ['another trusted proxy that is the client', '127.0.0.1', '10.1.2.3', '10.1.2.3'],
  ['nobody', '127.0.0.1', '', '127.0.0.1'],
  ['what is no address', '127.0.0.1', '203.0.113.9, unknown', '127.0.0.1'],
  ['an address with a port', '127.0.0.1', '203.0.113.9:4711', '203.0.113.9'],
  ['IPv6', '2001:db8:1::5', '2001:db8:2:3:4:5:6:7', '2001:db8:2:3::/64'],
  ['IPv6 with a port', '::ffff:10.0.0.1', '[2001:db8:2::7]:80', '2001:db8:2:0::/64'],
])('a trusted proxy names %s', (_name, proxy, header, expected) => {
  const addressOf = makeClientAddress(PROXIES, 'x-forwarded-for');
  expect(addressOf(from(proxy, { 'x-forwarded-for': header, forwarded: 'for=192.0.2.66' }))).toBe(expected);
});

test.each([
  ['for=203.0.113.9;proto=https;by=10.0.0.1', '203.0.113.9'],
  ['for=192.0.2.1, For="203.0.113.9:47"', '203.0.113.9'],
  ['proto=https; for="[2001:db8:2:3::1]:80"', '2001:db8:2:3::/64'],
  ['for=_hidden', '127.0.0.1'],
  ['by=10.0.0.1', '127.0.0.1'],
])('where proxies name clients in Forwarded, %s is %s', (forwarded, expected) => {
  const addressOf = makeClientAddress(PROXIES, 'forwarded');
  expect(addressOf(from('127.0.0.1', { forwarded, 'x-forwarded-for': '192.0.2.66' }))).toBe(expected);
});

test('all addresses of a /64 are one, and an IPv4 address is itself also in IPv6', () => {
  const addressOf = makeClientAddress([], 'x-forwarded-for');
  expect(new Set(['2001:db8::1', '2001:db8::ffff:1', '2001:DB8:0:0:1::'].map((address) => addressOf(from(address))))).toEqual(
    new Set(['2001:db8:0:0::/64']),
  );
  expect(addressOf(from('2001:db8:0:1::1'))).toBe('2001:db8:0:1::/64');
  expect(addressOf(from('::ffff:203.0.113.9'))).toBe('203.0.113.9');
  for (const spelling of ['::ffff:cb00:7109', '0:0:0:0:0:FFFF:203.0.113.9']) expect(addressOf(from(spelling))).toBe('203.0.113.9');
  expect(addressOf(from('fe80::1%eth0'))).toBe('fe80:0:0:0::/64');
});
