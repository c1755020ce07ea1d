import type { DocumentNode } from 'graphql';
import { LRUCache } from 'lru-cache';
import { costOfDocument } from './cost-of-document.ts';
import type { KeptBounds } from './keep-documents.ts';
import { countKept } from './kept-sizes.ts';

/** Hands out what was worked out of a document in one of its variants, and works it out where it is not kept. */
type ByDocument<Value extends object> = (document: DocumentNode, variant: string, workOut: () => Value) => Value;

/**
 * Keeps what is worked out of documents, bounded over all of them: what has not been asked for longest goes first. A value may be as large as
 * its document, and counts as that. What a document left behind that is gone is never found again, and goes the same way.
 */
export function keepByDocument<Value extends object>({ most, mostBytes, what = 'documents' }: KeptBounds): ByDocument<Value> {
  const kept = countKept(what, new LRUCache<string, Value>({ max: most, maxSize: mostBytes }));
  const numbers = new WeakMap<DocumentNode, number>();
  let last = 0;
  return (document, variant, workOut) => {
    let number = numbers.get(document);
    if (number === undefined) {
      last += 1;
      number = last;
      numbers.set(document, number);
    }
    const name = `${number} ${variant}`;
    const known = kept.get(name);
    if (known) return known;
    const value = workOut();
    kept.set(name, value, { size: costOfDocument(document) + 2 * name.length });
    return value;
  };
}
