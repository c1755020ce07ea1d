import type { Listener } from '@longyuan/prisma/store/connect/open-listener.ts';
import { type Ask, openGrantStore } from '@longyuan/prisma/store/grants/grant-store.ts';
import { readDirectory } from '@longyuan/schema/src/read-directory.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import type { Logger } from '@longyuan/settings/log.ts';
import type { Purposes } from '@longyuan/settings/purposes.ts';
import type { SigningKeys } from '@longyuan/trust/follow-keys.ts';
import type { HeadMarks } from '@longyuan/trust/head-marks.ts';
import type { Doubt } from '../../door/answer-trouble.ts';
import type { Serve } from '../../door/serve-route.ts';
import { openGrantOffice } from './grant-office.ts';
import { listenForChanges } from './listen-changes.ts';
import { keepOwnGrants, type OwnGrants } from './own-grants.ts';
import { serveGrants } from './serve-grants.ts';

type GrantRoutes = Parameters<typeof serveGrants>[1];
/** A library's grants, and the answers to the gateway's questions about them. */
export type LibraryGrants = OwnGrants &
  Readonly<{ answerBy(serve: Serve, door: Pick<GrantRoutes, 'isReady' | 'readToken' | 'doubt'>): void }>;

/**
 * Opens the grants that a library's owner keeps in its own database. Waits for nothing: until the first look at the database has succeeded,
 * and whenever looks fail for longer than `maxAgeMs`, the list is stale and empty.
 */
export function openLibraryGrants(parts: {
  library: Library;
  ask: Ask;
  /** Opens a connection to listen on. */
  connect: () => Promise<Listener>;
  /** Resolves once the tables are there; nothing is looked for before. */
  prepared: Promise<void>;
  keys: SigningKeys;
  marks: HeadMarks;
  purposes: Purposes;
  log: Pick<Logger, 'warn' | 'error' | 'info'>;
  maxAgeMs: number;
  /** Told of what a look meets, as a caller's statement would tell it. */
  doubt: Doubt;
}): LibraryGrants {
  const { library, ask, keys, marks, purposes, log, maxAgeMs, prepared } = parts;
  const store = openGrantStore(library.name, ask);
  // Looks wait for no caller's statement.
  const ownStore = openGrantStore(library.name, (sql, values) => (listener.ask ?? ask)(sql, values));
  const grants = keepOwnGrants({
    ...{ library: library.name, store: ownStore, keys, marks, log, maxAgeMs, prepared },
    intervalMs: ({ isWell, isAsked }) => {
      if (!isWell || !listener.isListening()) return DEAF_MS;
      return isAsked ? Math.min(ASKED_MS, IDLE_PART * maxAgeMs) : IDLE_PART * maxAgeMs;
    },
    onTrouble: (error) => void parts.doubt(error ?? null),
  });
  const listener = listenForChanges({
    library: library.name,
    connect: parts.connect,
    prepared,
    // What goes wrong is told, and the next look tries again.
    onChange: () => void grants.refresh().catch(() => {}),
  });
  const rules = { resources: readDirectory([library]).resources, purposes };
  const office = openGrantOffice({ library, store, grants, keys, rules });
  return {
    ...grants,
    answerBy: (serve, door) => serveGrants(serve, { ...door, library, grants, store, office, keys, log }),
    close: () => {
      grants.close();
      listener.close();
    },
  };
}

/**
 * The pause between looks while nobody asks and what other processes write is heard of, as a part of the age at which the list is stale: the
 * rest is for a look that fails and those that follow. What nobody told of, as a hand in the database, is found then.
 */
const IDLE_PART = 0.8;
/** The same while somebody asks, because a busy machine may take its time for a look. */
const ASKED_MS = 1_000;
/** And while it is not: still in force here within half a second and the time of one statement. */
const DEAF_MS = 400;
