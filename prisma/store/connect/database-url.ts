import { join } from 'node:path';
import type { Settings } from '@longyuan/settings/environment.ts';
import { openSecretFile } from '@longyuan/trust/key-file.ts';
import type { ClientConfig } from 'pg';
import { databaseOf } from './library-names.ts';

type Where = Pick<Settings, 'port' | 'postgres'>;

/** The embedded PostgreSQL listens on the hub's port plus this. */
export const EMBEDDED_OFFSET = 21;

/** Where the embedded PostgreSQL of a hub listens. */
export function embeddedAddress(settings: Pick<Settings, 'port'>): Readonly<{ host: string; port: number }> {
  return { host: '127.0.0.1', port: settings.port + EMBEDDED_OFFSET };
}

/** Whether a library's data is in the embedded PostgreSQL: no URL was given for it, and none for all. */
export function isEmbedded(settings: Where, library: string): boolean {
  return settings.postgres.urlByLibrary[library] === undefined && settings.postgres.serverUrl === null;
}

/** The one user of the embedded PostgreSQL. */
export const EMBEDDED_USER = 'longyuan';

/** Where the password of the embedded PostgreSQL lies, for the hub's account alone to read. */
function embeddedPasswordPath(dataDir: string): string {
  return join(dataDir, 'keys', 'postgres.secret');
}

/** The password of the embedded PostgreSQL, made on first use (mode 0600). @throws KeyFault that names the file when what it holds is no such password. */
export async function openEmbeddedPassword(dataDir: string): Promise<string> {
  return (await openSecretFile(embeddedPasswordPath(dataDir))).toString('base64url');
}

/** How a library's database is connected to, as `pg` takes it. The embedded PostgreSQL's password is read for each connection. */
export function connectionTo(settings: Where & Pick<Settings, 'dataDir'>, library: string): ClientConfig {
  if (!isEmbedded(settings, library)) return { connectionString: databaseUrl(settings, library) };
  return {
    ...embeddedAddress(settings),
    user: EMBEDDED_USER,
    // The embedded server does not read it; it is there for whoever looks.
    database: databaseOf(library),
    password: () => openEmbeddedPassword(settings.dataDir),
  };
}

/** The URL of a library's database: its own, else its database on the one server for all, else the embedded PostgreSQL (without its password). */
export function databaseUrl(settings: Where, library: string): string {
  const own = settings.postgres.urlByLibrary[library];
  if (own !== undefined) return own;
  const { host, port } = embeddedAddress(settings);
  const url = new URL(settings.postgres.serverUrl ?? `postgresql://${EMBEDDED_USER}@${host}:${port}`);
  url.pathname = `/${databaseOf(library)}`;
  return url.href;
}
