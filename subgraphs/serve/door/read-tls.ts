import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { TlsFiles } from '@longyuan/settings/environment.ts';
import { isLoopback } from '@longyuan/settings/loopback.ts';
import { readTlsFiles } from '@longyuan/trust/read-tls-files.ts';

/** What Node's HTTPS server is given; null where the library answers over plain HTTP. */
export type ServerTls = Readonly<{
  cert: string;
  key: string;
  ca?: string;
  requestCert?: true;
  rejectUnauthorized?: true;
  minVersion: 'TLSv1.2';
}>;

/** Tells a library's own names: those of this machine, and those of its certificate, by which gateways elsewhere call it. */
export function ownHosts(tls: ServerTls | null): (name: string) => boolean {
  if (!tls) return isLoopback;
  const certificate = new X509Certificate(tls.cert);
  return (name) => {
    if (isLoopback(name)) return true;
    if (name === '') return false;
    const address = name.replace(/^\[(.*)\]$/, '$1');
    return (isIP(address) ? certificate.checkIP(address) : certificate.checkHost(name)) !== undefined;
  };
}

/** Reads the library's end of TLS. With an authority for gateways, a connection that shows no certificate of it is not answered at all. @throws KeyFault */
export async function readTls(files: TlsFiles): Promise<ServerTls | null> {
  const { own, ca } = await readTlsFiles(files);
  if (!own) return null;
  return {
    ...own,
    minVersion: 'TLSv1.2',
    ...(ca !== null && { ca, requestCert: true, rejectUnauthorized: true }),
  };
}
