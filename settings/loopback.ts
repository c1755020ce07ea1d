import { isIPv4 } from 'node:net';

/** Whether a host name or address means this machine and nothing else. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || (isIPv4(host) && host.startsWith('127.'));
}

/** The host that a `Host` header names, in small letters and without its port; empty where there is none. */
function hostIn(header: string | undefined): string {
  return (header ?? '').replace(/:\d{1,5}$/, '').toLowerCase();
}

/**
 * Whether a `Host` header names this machine, or the address under which the world knows it, where that is said. A page of another site can
 * make a browser call loopback under that site's own name (DNS rebinding); such a call is refused.
 */
export function isOwnHostHeader(header: string | undefined, publicUrl: string | null): boolean {
  const host = hostIn(header);
  return isLoopback(host) || (publicUrl !== null && host === new URL(publicUrl).hostname);
}

/**
 * What gives away a call that a page had a browser make: a `Host` that is none of the server's own, or an `Origin`, where no page has any
 * business; null: neither. Programs send no `Origin`.
 */
export function foreignHeader(
  headers: Readonly<{ host?: string | undefined; origin?: string | undefined }>,
  isOwnHost: (host: string) => boolean = isLoopback,
): 'Host' | 'Origin' | null {
  if (!isOwnHost(hostIn(headers.host))) return 'Host';
  return headers.origin === undefined ? null : 'Origin';
}
