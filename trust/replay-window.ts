/** Counts that are remembered one by one; at 5,000 calls a second, more than the 30 seconds that a seal is valid. */
const SPAN = 262_144;

/**
 * Remembers which counts of one seal key have come (as IPsec does, RFC 4303, 3.4.3), in 32 KB that never grow: one that came before, or
 * that lies so far behind the highest that nobody remembers, is refused.
 */
export function openReplayWindow(span = SPAN): (count: number) => boolean {
  const words = new Uint32Array(span / 32);
  let highest = -1;
  /** Notes a count; false where it has to be refused. */
  return (count) => {
    if (!Number.isSafeInteger(count) || count < 0 || count <= highest - span) return false;
    if (count > highest) {
      forget(words, highest + 1, count, span);
      highest = count;
    }
    const [word, bit] = placeOf(count, span);
    const before = words[word] ?? 0;
    if ((before & bit) !== 0) return false;
    words[word] = before | bit;
    return true;
  };
}

/** Frees the places of the counts from `first` to `last`, which their forerunners of a span ago still hold. */
function forget(words: Uint32Array, first: number, last: number, span: number): void {
  if (last - first >= span) {
    words.fill(0);
    return;
  }
  for (let count = first; count <= last; count += 1) {
    const [word, bit] = placeOf(count, span);
    words[word] = (words[word] ?? 0) & ~bit;
  }
}

function placeOf(count: number, span: number): readonly [word: number, bit: number] {
  const place = count % span;
  return [Math.floor(place / 32), 2 ** (place % 32)];
}
