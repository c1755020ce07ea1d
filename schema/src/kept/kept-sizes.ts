/** Something that is kept: `calculatedSize` is its bytes of heap, where each entry has its own. */
type Kept = { readonly size: number; readonly calculatedSize?: number; readonly maxSize?: number };

/** How much is kept of one kind in this process; `bytes` null: its entries are alike, and only counted. */
export type KeptSize = Readonly<{ what: string; entries: number; bytes: number | null }>;

/** By kind; what nobody uses any more counts no more. */
const all = new Map<string, Set<WeakRef<Kept>>>();

/** Has what is kept counted under a name, one of a few, as long as it is in use. */
export function countKept<Each extends Kept>(what: string, kept: Each): Each {
  all.getOrInsertComputed(what, () => new Set()).add(new WeakRef(kept));
  return kept;
}

/** What this process keeps, by kind. */
export function keptSizes(): readonly KeptSize[] {
  return [...all].map(([what, each]) => {
    let [entries, bytes, isSized] = [0, 0, false];
    for (const reference of each) {
      const kept = reference.deref();
      if (!kept) {
        each.delete(reference);
        continue;
      }
      entries += kept.size;
      bytes += kept.calculatedSize ?? 0;
      isSized ||= (kept.maxSize ?? 0) > 0;
    }
    return { what, entries, bytes: isSized ? bytes : null };
  });
}
