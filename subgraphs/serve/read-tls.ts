import type { TlsFiles } from '@longyuan/settings/environment.ts';
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
