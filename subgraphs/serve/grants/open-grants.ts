import { type Ask, openGrantStore } from '@longyuan/prisma/grants/grant-store.ts';
import { serviceItems } from '@longyuan/prisma/service-items.ts';
import { readDirectory } from '@longyuan/schema/src/read-directory.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { SigningKeys } from '@longyuan/trust/follow-keys.ts';
import type { FastifyInstance } from 'fastify';
import { openGrantOffice } from './grant-office.ts';
import { keepGrants, type OwnGrants } from './keep-grants.ts';
import { serveGrants } from './serve-grants.ts';

type GrantRoutes = Parameters<typeof serveGrants>[1];
/** A library's grants, and the routes under which the gateway asks for them. */
export type LibraryGrants = OwnGrants &
  Readonly<{ serve(app: FastifyInstance, door: Pick<GrantRoutes, 'warrantOf' | 'isReady' | 'readToken' | 'doubt'>): void }>;

/**
 * Opens the grants that a library's owner keeps in its own database. Waits for nothing: until the first look at the database has succeeded,
 * and whenever looks fail for longer than `maxAgeMs`, the list is stale and empty.
 */
export function openGrants(parts: {
  library: Library;
  ask: Ask;
  keys: SigningKeys;
  log: Pick<Logger, 'warn' | 'error' | 'info'>;
  maxAgeMs: number;
}): LibraryGrants {
  const { library, ask, keys, log, maxAgeMs } = parts;
  const store = openGrantStore(library.name, ask);
  const grants = keepGrants({ library: library.name, store, keys, log, intervalMs: INTERVAL_MS, maxAgeMs });
  const rules = { resources: readDirectory([library]).resources, purposes: new Set(serviceItems.map(({ implCode }) => implCode)) };
  const office = openGrantOffice({ library, store, grants, keys, rules });
  return { ...grants, serve: (app, door) => serveGrants(app, { ...door, library, grants, store, office, log }) };
}

/** What another process of the same library writes is in force here after this long at most, and the time of one statement. */
const INTERVAL_MS = 400;
