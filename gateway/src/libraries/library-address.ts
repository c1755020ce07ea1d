import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import { readTlsFiles } from '@longyuan/trust/read-tls-files.ts';

/** What undici's connections to libraries are made with. */
export type LibraryTls = Readonly<{ cert?: string; key?: string; ca?: string; minVersion: 'TLSv1.2' }>;

/** Where a library's subgraph is: at the address that is set for it, else on this machine, on the port of its order. */
export function libraryUrls(libraries: readonly Pick<Library, 'name' | 'order'>[], settings: Settings): (library: string) => string {
  const { urlByLibrary, tls } = settings.subgraphs;
  // Without a certificate a library speaks plain HTTP, and only on this machine.
  const scheme = tls.own ? 'https' : 'http';
  const urls = new Map(
    libraries.map(({ name, order }) => [name, urlByLibrary[name] ?? `${scheme}://127.0.0.1:${settings.port + order}`] as const),
  );
  return (library) => urls.get(library) ?? '';
}

/** The gateway's end of TLS to its libraries; certificates of theirs are always checked. @throws KeyFault for a file that cannot be used. */
export async function readLibraryTls({ subgraphs: { gatewayTls } }: Pick<Settings, 'subgraphs'>): Promise<LibraryTls> {
  const { own, ca } = await readTlsFiles(gatewayTls);
  return {
    minVersion: 'TLSv1.2',
    ...own,
    ...(ca !== null && { ca }),
  };
}
