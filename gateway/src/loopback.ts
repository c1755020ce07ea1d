import { isIPv4 } from 'node:net';

/** Whether a host name or address means this machine and nothing else. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}

/**
 * Whether a `Host` header names this machine. A page of another site can make a browser call loopback under that site's own name
 * (DNS rebinding); such a call is refused.
 */
export function isLoopbackHostHeader(header: string | undefined): boolean {
  if (header === undefined) return false;
  return isLoopback(header.replace(/:\d{1,5}$/, '').toLowerCase());
}
