import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP, isIPv6, SocketAddress } from 'node:net';
import type { Caller } from '@longyuan/access/caller.ts';

/** Whom a caller shares with: a room for each department, each person and each firm, and one for everybody without a token. */
export type Place = Readonly<{
  room: string;
  /** Who it is within the room. */
  who: string;
  /** Its part beside the other rooms': a department asks for many people, a person for themselves. */
  weight: number;
  /** Comes last: everybody without a token. */
  isPublic: boolean;
}>;

/** What a department may take beside one person, one firm, or the public as a whole. */
export const DEPARTMENT_WEIGHT = 4;

/** Where a caller stands; `address` is where a caller without a token asks from. */
export function placeOf(caller: Caller, address: string): Place {
  switch (caller.kind) {
    case 'public':
      return { room: 'public', who: address, weight: 1, isPublic: true };
    case 'citizen':
      return { room: `person ${caller.person}`, who: caller.sub, weight: 1, isPublic: false };
    case 'agent':
      return { room: `firm ${caller.uscc}`, who: caller.sub, weight: 1, isPublic: false };
    case 'department':
      return { room: `department ${caller.uscc}`, who: caller.sub, weight: DEPARTMENT_WEIGHT, isPublic: false };
    case 'auditor':
      return { room: 'auditors', who: caller.sub, weight: DEPARTMENT_WEIGHT, isPublic: false };
    default:
      return caller satisfies never;
  }
}

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

/**
 * Which header the proxies in front name a client in, and with it what it asked for. One alone is read: a proxy passes the other on as its
 * client sent it.
 */
export type ForwardingHeader = 'x-forwarded-for' | 'forwarded';

/** Whether an address is that of a proxy whose word counts: one of these addresses and networks (`10.0.0.0/8`), which the settings have checked. */
export function readProxies(texts: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const text of texts) {
    const [address = '', bits] = text.split('/');
    const isLong = isIPv6(address);
    list.addSubnet(address, bits === undefined ? (isLong ? 128 : 32) : Number(bits), isLong ? 'ipv6' : 'ipv4');
  }
  return (address) => isIP(address) !== 0 && list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** Without brackets, port and zone, and an IPv4 address in IPv6 as the IPv4 address that it is. */
export function plainAddress(text: string): string {
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const [address = ''] = bare.split('%', 1);
  // One address has many spellings in IPv6.
  const plain = isIPv6(address) ? new SocketAddress({ address, family: 'ipv6' }).address : address;
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(plain)?.[1] ?? plain;
}
