import type { IncomingHttpHeaders } from 'node:http';
import { isIP, isIPv6, SocketAddress } from 'node:net';
import { type ForwardingHeader, plainAddress, readProxies } from '../http/trusted-proxies.ts';

/** What is read of a request to find its client. */
type Arrival = Readonly<{ headers: IncomingHttpHeaders; socket: Readonly<{ remoteAddress?: string | undefined }> }>;

/** Makes the reading of whose share a request takes by where it comes from: its client's address, of IPv6 the network of it. */
export function makeClientAddress(proxies: readonly string[], header: ForwardingHeader): (request: Arrival) => string {
  const addressOf = makeWholeAddress(proxies, header);
  return (request) => groupOf(addressOf(request));
}

/**
 * Makes the reading of where a request comes from: the address at the other end of the connection or, as long as that is a proxy that is
 * trusted, the one that it says it forwards for. What an address that is not trusted says of itself counts for nothing.
 */
export function makeWholeAddress(proxies: readonly string[], header: ForwardingHeader): (request: Arrival) => string {
  const isTrusted = readProxies(proxies);
  return (request) => {
    let address = plainAddress(request.socket.remoteAddress ?? '');
    if (!isTrusted(address)) return address;
    const value = request.headers[header];
    const named = readNamed(Array.isArray(value) ? value.join(',') : (value ?? ''), header);
    for (const next of named.reverse()) {
      // Hidden or malformed: all that is known is the proxy that says so.
      if (isIP(next) === 0) break;
      address = next;
      if (!isTrusted(address)) break;
    }
    return address;
  };
}

/** The addresses that a header names, the nearest last, without ports. */
function readNamed(text: string, header: ForwardingHeader): string[] {
  const parts = text.split(',').slice(-MOST_HOPS);
  const named = header === 'forwarded' ? parts.map((part) => /(?:^|;)\s*for\s*=\s*("[^"]*"|[^;\s]*)/i.exec(part)?.[1] ?? '') : parts;
  return named.map((each) => plainAddress(each.trim().replaceAll('"', '')));
}

/** More proxies than any hub has one behind another. */
const MOST_HOPS = 32;

/** One household or firm holds a whole /64 of IPv6, and could ask from each of its addresses in turn. */
function groupOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [before = '', after = ''] = new SocketAddress({ address, family: 'ipv6' }).address.split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === '' ? [] : after.split(':');
  const whole = [...head, ...Array.from({ length: Math.max(0, 8 - head.length - tail.length) }, () => '0'), ...tail];
  return `${whole.slice(0, 4).join(':')}::/64`;
}
