import type { Settings } from '@longyuan/settings/environment.ts';
import { databaseOf } from './library-names.ts';

type Where = Pick<Settings, 'port' | 'postgres'>;

/** The embedded PostgreSQL listens on the hub's port plus this. */
const embeddedOffset = 21;

/** Where the embedded PostgreSQL of a hub listens. */
export function embeddedAddress(settings: Pick<Settings, 'port'>): Readonly<{ host: string; port: number }> {
  return { host: '127.0.0.1', port: settings.port + embeddedOffset };
}

/** Whether a library's data is in the embedded PostgreSQL: no URL was given for it, and none for all. */
export function isEmbedded(settings: Where, library: string): boolean {
  return settings.postgres.urlByLibrary[library] === undefined && settings.postgres.serverUrl === null;
}

/** The URL of a library's database: its own, else its database on the one server for all, else the embedded PostgreSQL. */
export function databaseUrl(settings: Where, library: string): string {
  const own = settings.postgres.urlByLibrary[library];
  if (own !== undefined) return own;
  const { host, port } = embeddedAddress(settings);
  // The embedded server reads neither user nor database; they are there for whoever reads the URL.
  const url = new URL(settings.postgres.serverUrl ?? `postgresql://longyuan@${host}:${port}`);
  url.pathname = `/${databaseOf(library)}`;
  return url.href;
}
