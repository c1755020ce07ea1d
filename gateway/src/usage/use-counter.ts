import type { ItemUse } from '@longyuan/inner/hub-stores.ts';

/** Counts in memory until they are taken. Holds item, day, caller, outcome and a number: nothing else of a request comes in. */
export type UseCounter = Readonly<{
  count(use: Readonly<{ items: Iterable<string>; day: string; caller: string; outcome: string }>): void;
  /** Hands out what was counted since, and begins anew. */
  take(): readonly ItemUse[];
  /** Takes back what could not be stored. */
  putBack(uses: readonly ItemUse[]): void;
  /** Counts that found no room, since it was asked last. */
  takeLost(): number;
}>;

/**
 * A counter that keeps at most `most` numbers. Items, days, callers and outcomes are few, so they fill it only where many callers meet a
 * store that is away for days; what comes then is not counted, and how much that was is.
 */
export function makeUseCounter(most: number): UseCounter {
  let calls = new Map<string, Map<string, number>>();
  let kept = 0;
  let lost = 0;

  function add(ofCalls: Map<string, number>, item: string, number: number): void {
    const before = ofCalls.get(item);
    if (before !== undefined) ofCalls.set(item, before + number);
    else if (kept < most) {
      ofCalls.set(item, number);
      kept += 1;
    } else lost += number;
  }
  function callsOf(day: string, caller: string, outcome: string): Map<string, number> {
    const name = `${day}\n${caller}\n${outcome}`;
    let found = calls.get(name);
    if (!found) {
      found = new Map();
      // An empty one is not kept where there is no room for its first number.
      if (kept < most) calls.set(name, found);
    }
    return found;
  }

  return {
    count({ items, day, caller, outcome }) {
      const ofCalls = callsOf(day, caller, outcome);
      for (const item of items) add(ofCalls, item, 1);
    },
    take() {
      const taken = [...calls].flatMap(([name, ofCalls]) => {
        const [day = '', caller = '', outcome = ''] = name.split('\n');
        return [...ofCalls].map(([item, number]) => ({ item, day, caller, outcome, calls: number }));
      });
      calls = new Map();
      kept = 0;
      return taken;
    },
    putBack(uses) {
      for (const { item, day, caller, outcome, calls: number } of uses) add(callsOf(day, caller, outcome), item, number);
    },
    takeLost() {
      const told = lost;
      lost = 0;
      return told;
    },
  };
}
