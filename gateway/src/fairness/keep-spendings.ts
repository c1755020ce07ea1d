import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { LRUCache } from 'lru-cache';
import type { Place } from './place-of-caller.ts';

/** What was spent lately, in cost: by a caller, by all of its room, and by everybody; and who else there is. */
export type Standing = Readonly<{
  own: number;
  room: number;
  all: number;
  /** Weights of the rooms that asked in the last second, this one included, and callers of this room that did, this one included. */
  weights: number;
  callers: number;
}>;

/** Where it stands what callers spent. Answers may be promised, so that several gateways can keep it in one place. */
export type Spendings = Readonly<{
  spend(place: Place, cost: number): void | Promise<void>;
  standingOf(place: Place): Standing | Promise<Standing>;
}>;

/** What was spent counts less with every moment: after this time some 37 % of it. A steady cost a second stands at this many seconds of it. */
export const FADES_SECONDS = 2;
/** Callers and rooms that are kept, some 200 bytes each; the one that asked longest ago goes first, and has long been forgiven. */
export const MOST_KEPT = 20_000;
/** Who asked longer ago is not there, and leaves its part to the others. */
const PRESENT_MS = 1_000;
/** How long a count of who is there is good for: it looks at everyone who asked lately. */
const COUNTED_MS = 100;

/** An amount that fades; `atMs` is when it was that much. */
type Fading = { amount: number; atMs: number };
type SpendingRoom = Fading & { readonly weight: number; callers: number };
type SpendingCaller = Fading & { readonly room: SpendingRoom };

/**
 * Keeps what callers spent in this process's memory. A package's counters would do for fixed limits alone: shares need to know of everybody
 * who spends beside a caller, and theirs are kept by key, with a timer each and without a bound.
 */
export function keepSpendings(now: () => number = () => performance.now()): Spendings {
  const rooms = new LRUCache<string, SpendingRoom>({ max: MOST_KEPT });
  const callers = countKept('spendings', new LRUCache<string, SpendingCaller>({ max: MOST_KEPT }));
  const all: Fading = { amount: 0, atMs: now() };
  let weights = 0;
  let countedAtMs = Number.NEGATIVE_INFINITY;

  function callerAt({ room, who, weight }: Place, atMs: number): SpendingCaller {
    const name = `${room} ${who}`;
    const known = callers.get(name);
    const itsRoom = rooms.get(room) ?? { amount: 0, atMs, weight, callers: 0 };
    const caller = known?.room === itsRoom ? known : { amount: 0, atMs, room: itsRoom };
    if (caller !== known) {
      rooms.set(room, itsRoom);
      callers.set(name, caller);
    }
    for (const each of [caller, itsRoom, all]) fade(each, atMs);
    return caller;
  }

  /** Counts who is there. Both caches tell those first that asked last, so the others are not looked at. */
  function count(atMs: number): void {
    if (atMs - countedAtMs < COUNTED_MS) return;
    countedAtMs = atMs;
    weights = 0;
    for (const room of rooms.values()) {
      if (atMs - room.atMs > PRESENT_MS) break;
      weights += room.weight;
      room.callers = 0;
    }
    for (const caller of callers.values()) {
      if (atMs - caller.atMs > PRESENT_MS) break;
      caller.room.callers += 1;
    }
  }

  return {
    spend: (place, cost) => {
      const atMs = now();
      const caller = callerAt(place, atMs);
      for (const each of [caller, caller.room, all]) each.amount += cost;
    },
    standingOf: (place) => {
      const atMs = now();
      const caller = callerAt(place, atMs);
      count(atMs);
      return {
        ...{ own: caller.amount, room: caller.room.amount, all: all.amount },
        ...{ weights: Math.max(weights, place.weight), callers: Math.max(caller.room.callers, 1) },
      };
    },
  };
}

function fade(fading: Fading, atMs: number): void {
  fading.amount *= Math.exp((fading.atMs - atMs) / (1_000 * FADES_SECONDS));
  fading.atMs = atMs;
}

/** How long until an amount has faded to another, in seconds. */
export function secondsUntil(from: number, to: number): number {
  return FADES_SECONDS * Math.log(from / to);
}
