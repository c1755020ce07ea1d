import { BlockList, isIP, isIPv6, SocketAddress } from 'node:net';

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
