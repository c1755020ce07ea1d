import type { IncomingHttpHeaders } from 'node:http';
import type { Settings } from '@longyuan/settings/environment.ts';
import { plainAddress, readProxies } from '../request/place-of-caller.ts';

/** Where a request came from, as far as its address is concerned. */
type Sent = Readonly<{ headers: IncomingHttpHeaders; socket: Readonly<{ remoteAddress?: string | undefined }> }>;

/** The one place that makes addresses of the hub for others to use. */
export type PublicAddress = Readonly<{
  /** The hub's address as the sender of this request knows it, without a slash at its end. */
  of: (request: Sent) => string;
  /** Headers that it is read from: what is made with it differs by them (`Vary`). */
  readFrom: readonly string[];
}>;

/**
 * Makes the hub's own address: `HUB_PUBLIC_URL` where it is set, else what a trusted proxy says that it was asked under, else this machine
 * and the port. Never what a `Host` header says: anybody may send one, and what is made from it is kept by others.
 */
export function makePublicAddress(
  settings: Pick<Settings, 'publicUrl' | 'trustedProxies' | 'forwardedHeader'>,
  port: () => number,
): PublicAddress {
  const { publicUrl, trustedProxies, forwardedHeader } = settings;
  if (publicUrl !== null) return { of: () => publicUrl, readFrom: [] };
  const onThisMachine = () => `http://localhost:${port()}`;
  if (trustedProxies.length === 0) return { of: onThisMachine, readFrom: [] };
  const isTrusted = readProxies(trustedProxies);
  const isStandard = forwardedHeader === 'forwarded';
  const read = isStandard ? readForwarded : readExtended;
  return {
    of: ({ headers, socket }) => (isTrusted(plainAddress(socket.remoteAddress ?? '')) ? read(headers) : null) ?? onThisMachine(),
    readFrom: isStandard ? ['Forwarded'] : ['X-Forwarded-Host', 'X-Forwarded-Proto'],
  };
}

/** `Forwarded: for=…;host=data.example;proto=https` (RFC 7239). */
function readForwarded({ forwarded }: IncomingHttpHeaders): string | null {
  const parameters = new Map(
    nearest(forwarded)
      .split(';')
      .map((pair) => {
        const [name = '', value = ''] = pair.split('=', 2).map((part) => part.trim());
        return [name.toLowerCase(), value.replace(/^"(.*)"$/, '$1')] as const;
      }),
  );
  return originOf(parameters.get('host'), parameters.get('proto'));
}

function readExtended(headers: IncomingHttpHeaders): string | null {
  return originOf(nearest(headers['x-forwarded-host']), nearest(headers['x-forwarded-proto']));
}

/** What the proxy at the other end of the connection said: the last of a list. Whatever stands before it may be the client's own. */
function nearest(header: string | readonly string[] | undefined): string {
  return (
    String(header ?? '')
      .split(',')
      .at(-1) ?? ''
  ).trim();
}

/** Null where it is no host, perhaps with a port, or no scheme of HTTP; it is read once, and in one spelling. */
function originOf(host = '', scheme = ''): string | null {
  if (scheme === '') return originOf(host, 'http');
  if (!/^[\w.-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i.test(host) || !/^https?$/i.test(scheme)) return null;
  return URL.parse(`${scheme.toLowerCase()}://${host}`)?.origin ?? null;
}
