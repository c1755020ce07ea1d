import type { ApolloServerOptions, BaseContext } from '@apollo/server';
import { LRUCache } from 'lru-cache';

type PersistedQueries = Exclude<ApolloServerOptions<BaseContext>['persistedQueries'], false | undefined>;

/** Texts kept at most, and bytes of heap that they may take: as many as documents are kept of both doors. */
const KEPT = { most: 1_000, mostBytes: 8_000_000 };
/** Heap of an entry without its text, rounded up. */
const ENTRY_BYTES = 512;
const SHA256 = /[0-9a-f]{64}$/;

/**
 * Keeps the texts of operations by their sha256, so that a client that has sent one once sends its hash from then on (automatic persisted
 * queries). Apollo Server hands texts over before anything was looked at; here they are kept once `keep` says that they were let in: of an
 * operation that is refused nothing stays. A hash opens nothing: its text goes the way of every other.
 */
export function keepPersisted({ most, mostBytes } = KEPT) {
  const kept = new LRUCache<string, string>({
    max: most,
    maxSize: mostBytes,
    sizeCalculation: (text) => ENTRY_BYTES + 2 * text.length,
  });
  const options: PersistedQueries = {
    cache: {
      // Apollo puts words of its own before the hash.
      get: async (key) => kept.get(SHA256.exec(key)?.[0] ?? ''),
      set: async () => {},
      delete: async () => false,
    },
  };
  return {
    options,
    /** Of an operation that was let in; `hash` was held against the text. */
    keep: (hash: string, text: string): void => {
      kept.set(hash, text);
    },
    size: () => ({ texts: kept.size, bytes: kept.calculatedSize }),
  };
}

export type PersistedOperations = ReturnType<typeof keepPersisted>;
