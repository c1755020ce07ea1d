import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { LRUCache } from 'lru-cache';

/** Texts kept at most, and bytes of heap that they may take: as many as documents are kept of both doors. */
const KEPT = { most: 1_000, mostBytes: 8_000_000 };
/** Heap of an entry without its text, rounded up. */
const ENTRY_BYTES = 512;
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * What Apollo Server is given to keep texts in: nothing. It hands them over before anything was looked at, and finds them for whoever names
 * the hash; with it, it holds hashes against texts and says what is not known.
 */
export const FORGETS_ALL = {
  cache: { get: async () => undefined, set: async () => {}, delete: async () => false },
} satisfies ApolloServerOptions<BaseContext>['persistedQueries'];

/** The hash that an operation is named by (Apollo's automatic persisted queries); null where it is none. */
export function hashIn(extensions: Readonly<Record<string, unknown>> | undefined): string | null {
  const named = extensions?.['persistedQuery'];
  const hash = typeof named === 'object' && named !== null && 'sha256Hash' in named ? named.sha256Hash : null;
  return typeof hash === 'string' && SHA256.test(hash) ? hash : null;
}

/**
 * Keeps the texts of operations by their sha256, so that a client that has sent one once sends its hash from then on. A text is kept of an
 * operation that was let in, for the room of who sent it: nobody finds out by a hash what others ask. A hash opens nothing: its text goes the
 * way of every other.
 */
export function keepPersisted({ most, mostBytes } = KEPT) {
  const kept = countKept(
    'persisted operations',
    new LRUCache<string, string>({
      max: most,
      maxSize: mostBytes,
      sizeCalculation: (text, key) => ENTRY_BYTES + 2 * (text.length + key.length),
    }),
  );
  return {
    find: (room: string, hash: string): string | undefined => kept.get(`${hash} ${room}`),
    keep: (room: string, hash: string, text: string): void => {
      kept.set(`${hash} ${room}`, text);
    },
    size: () => ({ texts: kept.size, bytes: kept.calculatedSize }),
  };
}

export type PersistedOperations = ReturnType<typeof keepPersisted>;
