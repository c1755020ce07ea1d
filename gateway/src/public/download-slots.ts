/** How many files are sent at the same time, and how many of them to one address. */
type SlotBounds = Readonly<{ most: number; mostOfOne: number }>;

/** A slot, and how to give it back (once, however often it is called); or whose slots are all taken. */
export type Slot = Readonly<{ kind: 'free'; giveBack: () => void } | { kind: 'full' | 'fullOfOne' }>;

/** Shares out slots for downloads: who reads slowly, or not at all, leaves some to others. */
export function makeDownloadSlots({ most, mostOfOne }: SlotBounds): (who: string) => Slot {
  // Of those who have any.
  const taken = new Map<string, number>();
  let all = 0;
  return (who) => {
    const own = taken.get(who) ?? 0;
    if (own >= mostOfOne) return { kind: 'fullOfOne' };
    if (all >= most) return { kind: 'full' };
    all += 1;
    taken.set(who, own + 1);
    let isOver = false;
    const giveBack = (): void => {
      if (isOver) return;
      isOver = true;
      all -= 1;
      const left = (taken.get(who) ?? 1) - 1;
      if (left > 0) taken.set(who, left);
      else taken.delete(who);
    };
    return { kind: 'free', giveBack };
  };
}
