import { expect, test } from 'vitest';
import { makePublicAddress } from './public-address.ts';

const from = (remoteAddress: string, headers: Record<string, string> = {}) => ({ headers, socket: { remoteAddress } });
const PROXIES = { publicUrl: null, trustedProxies: ['127.0.0.1', '10.0.0.0/8'] } as const;
const HERE = 'http://localhost:4000';
const make = (settings: Parameters<typeof makePublicAddress>[0]) => makePublicAddress(settings, () => 4000);

const everything = {
  host: 'evil.example',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
  forwarded: 'host=evil.example;proto=https',
};

test('the address that was set is the address, whatever a request says', () => {
  for (const forwardedHeader of ['x-forwarded-for', 'forwarded'] as const) {
    const address = make({ ...PROXIES, publicUrl: 'https://data.example/hub', forwardedHeader });
    expect(address.of(from('127.0.0.1', everything))).toBe('https://data.example/hub');
    expect(address.readFrom).toEqual([]);
  }
});

test('nobody but a trusted proxy says under which address the hub was asked, and a Host header never does', () => {
  for (const forwardedHeader of ['x-forwarded-for', 'forwarded'] as const) {
    expect(make({ ...PROXIES, forwardedHeader }).of(from('198.51.100.7', everything))).toBe(HERE);
    expect(make({ ...PROXIES, trustedProxies: [], forwardedHeader }).of(from('127.0.0.1', everything))).toBe(HERE);
    expect(make({ ...PROXIES, forwardedHeader }).of(from('127.0.0.1', { host: 'evil.example' }))).toBe(HERE);
  }
});

test.each([
  ['data.example', 'https', 'https://data.example'],
  ['Data.Example:8443', 'HTTPS', 'https://data.example:8443'],
  ['data.example:443', 'https', 'https://data.example'],
  ['[2001:db8::1]:8443', 'https', 'https://[2001:db8::1]:8443'],
  ['data.example', '', 'http://data.example'],
  ['evil.example, data.example', 'http, https', 'https://data.example'],
  ['data.example/path', 'https', HERE],
  ['me@data.example', 'https', HERE],
  ['data.example"><script>', 'https', HERE],
  ['data.example?x', 'https', HERE],
  ['data.example:99999', 'https', HERE],
  ['data.example', 'javascript', HERE],
  ['', 'https', HERE],
])('a trusted proxy that was asked as %s by %s has the hub known as %s', (host, scheme, expected) => {
  const extended = make({ ...PROXIES, forwardedHeader: 'x-forwarded-for' });
  const headers = { 'x-forwarded-host': host, 'x-forwarded-proto': scheme };
  expect(extended.of(from('10.1.2.3', { ...headers, forwarded: 'host=evil.example;proto=https' }))).toBe(expected);
  expect(extended.readFrom).toEqual(['X-Forwarded-Host', 'X-Forwarded-Proto']);
});

test.each([
  ['for=203.0.113.9;host=data.example;proto=https', 'https://data.example'],
  ['For="[2001:db8::7]:47"; Host="data.example:8443" ;Proto=https', 'https://data.example:8443'],
  ['host=evil.example;proto=https, for=203.0.113.9;host=data.example;proto=https', 'https://data.example'],
  ['for="x, host=data.example;proto=https', 'https://data.example'],
  ['host=data.example;proto=https, for=203.0.113.9', HERE],
  ['host="data.example/";proto=https', HERE],
  ['', HERE],
])('where proxies speak by Forwarded, %s is %s', (forwarded, expected) => {
  const standard = make({ ...PROXIES, forwardedHeader: 'forwarded' });
  expect(standard.of(from('::ffff:127.0.0.1', { forwarded, 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }))).toBe(
    expected,
  );
  expect(standard.readFrom).toEqual(['Forwarded']);
});
