import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import type { Settings } from '@longyuan/settings/environment.ts';
import { LRUCache } from 'lru-cache';
import { DEPARTMENT_WEIGHT, type Place } from '../request/place-of-caller.ts';
import type { Account } from '../request/request-budget.ts';
import type { Load } from './watch-load.ts';

export type CostLimiter = Readonly<{
  /** The account of a request that came in. */
  open(place: Place): Account;
  /** The same for a part of a request that is under way: what it spends counts, and nothing stops it. */
  openPart(place: Place): Account;
}>;

/** Costs are counted in values of an answer; a hub on two cores answers some 120,000 of them a second. What an HTTP request costs by itself, */
export const REQUEST_COST = 50;
/** a call to a library, */
export const FETCH_COST = 100;
/** and reading, checking and planning an operation that is not known yet, with as many bytes of it as cost one more. */
const READING_COST = 300;
const BYTES_READ = 4;
/** Bytes of a body that cost as much as a value to read. */
export const BYTES_OF_A_VALUE = 40;
/** Sizes of lists are guesses from above: one operation takes up no more than this, whatever its answer might become. */
const MOST_TAKEN = 10_000;
/** What may be under way at once while the hub is busy: the part of a person who is alone, or of the public, is 40,000, of a department 160,000. */
const ROOM_FOR_ALL = 240_000;
/** Least part, by weight, of what is under way. */
const LEAST_PART = 20_000;
/** What was spent lately is held against no room that spent less: 30,000 a second, a burst of a hundred plain questions. */
const LEAST_SPENT = 60_000;
/** Weight that parts are reckoned with while fewer are there, so that room is left for who comes next. */
const LEAST_WEIGHTS = DEPARTMENT_WEIGHT + 2;
/** What is small finds room half as long again: a plain question comes through beside its caller's large ones. */
const SMALL = 800;
const FOR_SMALL = 1.5;
/** Beyond its part, before anyone is told to wait. */
const TOLERANCE = 1.1;
/** Over twice its part a room is closed for all that are in it, however little each of them takes. */
const OVERFULL = 2;
/** Part of a fixed limit below which anything may begin: else what is larger than the limit never could. */
const NEARLY_NOTHING = 0.05;
const LONGEST_WAIT_SECONDS = 30;

/** What is under way now, as `Standing` tells what was spent. */
type UnderWay = Omit<Standing, 'all'>;
type Taken = { cost: number; running: number };
type TakenRoom = Taken & { readonly callers: Map<string, Taken> };

/**
 * Bounds what each caller costs. Settings give each a fixed cost a second. Without them a hub that is not busy limits nobody; while it is busy,
 * what is under way and what was spent lately are shared: by room in proportion to its weight, the public as one room of the least weight, and
 * within a room by caller. A caller that is alone may spend all there is.
 */
export function limitCost(parts: {
  settings: Pick<Settings, 'rateCostPerSecond' | 'ratePublicCostPerSecond'>;
  spendings: Spendings;
  load: Load;
}): CostLimiter {
  const { settings, spendings, load } = parts;
  // Rooms and callers that have something under way, and no others.
  const rooms = new Map<string, TakenRoom>();
  let weights = 0;

  function takeUp(place: Place, cost: number): () => void {
    let room = rooms.get(place.room);
    if (!room) {
      room = { cost: 0, running: 0, callers: new Map() };
      rooms.set(place.room, room);
      weights += place.weight;
    }
    const caller = room.callers.getOrInsertComputed(place.who, () => ({ cost: 0, running: 0 }));
    const itsRoom = room;
    for (const each of [room, caller]) {
      each.cost += cost;
      each.running += 1;
    }
    return () => {
      for (const each of [itsRoom, caller]) {
        each.cost -= cost;
        each.running -= 1;
      }
      if (caller.running === 0) itsRoom.callers.delete(place.who);
      if (itsRoom.running > 0) return;
      rooms.delete(place.room);
      weights -= place.weight;
    };
  }

  /** What is under way beside the request that asks. */
  function underWay(place: Place, mine: number): UnderWay {
    const room = rooms.get(place.room);
    const caller = room?.callers.get(place.who);
    return {
      ...{ own: (caller?.cost ?? mine) - mine, room: (room?.cost ?? mine) - mine },
      weights: weights + (room ? 0 : place.weight),
      callers: (room?.callers.size ?? 0) + (caller ? 0 : 1),
    };
  }

  /** `mine` is what the request that asks has taken and spent until now: nobody is stopped by that. */
  async function decide(place: Place, cost: number, mine: Readonly<{ taken: number; spent: number }>): Promise<number | null> {
    const limit = place.isPublic ? settings.ratePublicCostPerSecond : settings.rateCostPerSecond;
    const isBusy = load.isBusy();
    if (limit === 0 && !isBusy) return null;
    const spent = await spendings.standingOf(place);
    const taken = underWay(place, mine.taken);
    const waits = limit > 0 ? beyondLimit(cost, Math.max(0, spent.own - mine.spent) + taken.own, limit) : null;
    return waits ?? (isBusy ? (beyondRoom(place, cost, taken) ?? beyondShare(place, spent, taken)) : null);
  }

  const accountOf = (place: Place, isBound: boolean): Account => {
    const mine = { taken: 0, spent: 0 };
    let giveBack: (() => void) | null = null;
    let isClosed = false;
    return {
      place,
      take: async (cost) => {
        const more = Math.min(cost, MOST_TAKEN);
        const waits = isBound ? await decide(place, more, mine) : null;
        if (waits !== null || isClosed) return waits;
        mine.taken += more;
        giveBack?.();
        giveBack = takeUp(place, mine.taken);
        return null;
      },
      spend: (cost) => {
        mine.spent += cost;
        void spendings.spend(place, cost);
      },
      taken: () => mine.taken,
      close: () => {
        isClosed = true;
        giveBack?.();
        giveBack = null;
      },
    };
  };
  return { open: (place) => accountOf(place, true), openPart: (place) => accountOf(place, false) };
}

/** A fixed limit holds what was spent and what is under way; what is larger than all of it begins once nearly nothing is left. */
function beyondLimit(cost: number, own: number, perSecond: number): number | null {
  const most = perSecond * FADES_SECONDS;
  if (own + cost <= most || own <= most * NEARLY_NOTHING) return null;
  return waitFor(secondsUntil(own, Math.max(most - cost, most * NEARLY_NOTHING)));
}

/** What is under way, against the part of the room and of the caller in it. Who has nothing under way may always begin. */
function beyondRoom(place: Place, cost: number, taken: UnderWay): number | null {
  const fair = (ROOM_FOR_ALL * place.weight) / Math.max(taken.weights, LEAST_WEIGHTS);
  const part = Math.max(fair, LEAST_PART * place.weight) * (cost <= SMALL ? FOR_SMALL : 1);
  if (taken.room === 0 || taken.room + cost <= part) return null;
  const isOwn = taken.own > 0 && taken.own + cost > part / taken.callers;
  // What is under way is over within the time of a request, and most of it long before.
  return isOwn || taken.room + cost > OVERFULL * part ? waitFor(1) : null;
}

/** What was spent lately: by the room against its part in what everybody spent, and by the caller against its part in the room's. */
function beyondShare({ weight }: Place, spent: Standing, taken: UnderWay): number | null {
  const share = (TOLERANCE * weight) / Math.max(spent.weights, taken.weights);
  const part = Math.max(LEAST_SPENT, share * spent.all);
  if (spent.room <= part) return null;
  const isOwn = spent.own > part / Math.max(spent.callers, taken.callers);
  if (!isOwn && spent.room <= OVERFULL * part) return null;
  // The others go on as they do now, while what this room spent fades. (Alone, a share is above one, and nobody is here.)
  const partThen = share < 1 ? (share * (spent.all - spent.room)) / (1 - share) : part;
  return waitFor(secondsUntil(spent.room, Math.max(LEAST_SPENT, partThen)));
}

/** What it costs to read an operation that is not known yet, or is not kept because it is refused. */
export function costOfReading(query: string | undefined): number {
  return READING_COST + Math.ceil((query?.length ?? 0) / BYTES_READ);
}

function waitFor(seconds: number): number {
  return Math.min(LONGEST_WAIT_SECONDS, Math.max(1, Math.ceil(seconds)));
}

/** What was spent lately, in cost: by a caller, by all of its room, and by everybody; and who else there is. */
type Standing = Readonly<{
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
const FADES_SECONDS = 2;
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
function secondsUntil(from: number, to: number): number {
  return FADES_SECONDS * Math.log(from / to);
}
