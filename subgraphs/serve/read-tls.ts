import { readFileSync } from 'node:fs';
import type { TlsFiles } from '@longyuan/settings/environment.ts';

/** What Node's HTTPS server is given; null where the library answers over plain HTTP. */
export type ServerTls = Readonly<{
  cert: Buffer;
  key: Buffer;
  ca?: Buffer;
  requestCert?: true;
  rejectUnauthorized?: true;
  minVersion: 'TLSv1.2';
}>;

/** Reads the library's end of TLS. With an authority for gateways, a connection that shows no certificate of it is not answered at all. */
export function readTls({ own, ca }: TlsFiles): ServerTls | null {
  if (!own) return null;
  return {
    cert: readFileSync(own.cert),
    key: readFileSync(own.key),
    minVersion: 'TLSv1.2',
    ...(ca !== null && { ca: readFileSync(ca), requestCert: true, rejectUnauthorized: true }),
  };
}
