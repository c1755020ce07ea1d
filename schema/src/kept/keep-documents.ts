import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { costOfDocument } from './cost-of-document.ts';
import { countKept } from './kept-sizes.ts';

/** How many things are kept at most, and how many bytes of heap they may take together. */
export type KeptBounds = Readonly<{ most: number; mostBytes: number /** What is kept, as it is counted. */; what?: string }>;

/** Parsed documents, as Apollo Server asks for them and hands them over. */
export type DocumentStore = Readonly<{
  get(key: string): Promise<DocumentNode | undefined>;
  set(key: string, document: DocumentNode): Promise<void>;
  delete(key: string): Promise<boolean>;
}>;

/** What hangs from a document for as long as it is kept (what is remembered by its nodes) is never more than it. */
const WITH_WHAT_HANGS_FROM_IT = 2;

/**
 * Keeps parsed documents by what they cost in heap; those not asked for longest go first. What is handed over waits, held by nobody, until
 * `keep` says that it was let in: of a document that is refused nothing stays.
 */
export function keepDocuments({ most, mostBytes, what = 'documents' }: KeptBounds) {
  const kept = new LRUCache<string, DocumentNode>({
    max: most,
    maxSize: mostBytes,
    sizeCalculation: (document, key) => key.length + WITH_WHAT_HANGS_FROM_IT * costOfDocument(document),
  });
  countKept(what, kept);
  const waiting = new WeakMap<DocumentNode, string>();
  const store: DocumentStore = {
    get: async (key) => kept.get(key),
    set: async (key, document) => {
      waiting.set(document, key);
    },
    delete: async (key) => kept.delete(key),
  };
  return {
    store,
    /** Of a document that was let in. Does nothing where it is kept already, or did not come through `store`. */
    keep(document: DocumentNode): void {
      const key = waiting.get(document);
      if (key === undefined) return;
      waiting.delete(document);
      kept.set(key, document);
    },
    size: () => ({ documents: kept.size, bytes: kept.calculatedSize }),
  };
}

export type KeptDocuments = ReturnType<typeof keepDocuments>;
