import { clearTimeout, setTimeout } from 'node:timers';
import type { Place } from '../request/place-of-caller.ts';

/** A call that wants one of the connections of a library. */
type ArrivingCall = Readonly<{
  place: Place;
  /** Whether it may well take the library long. */
  isLarge: boolean;
  /** How long it is of use to anyone. */
  timeoutMs: number;
  /** Holds the way to end its waiting while it waits. */
  cancellations: Set<() => void>;
}>;

/** May go, and says by `leave` that it is over; or may not: nobody waits in a queue that is full, or longer than the answer is of use. */
export type Pass = Readonly<{ kind: 'go'; leave: () => void }> | Readonly<{ kind: 'full' | 'late' | 'cancelled' }>;

export type LibraryRooms = Readonly<{
  enter(call: ArrivingCall): Pass | Promise<Pass>;
  /** Calls that run and wait, and in how many rooms. */
  load(): Readonly<{ rooms: number; running: number; waiting: number }>;
  /** Requests that wait, however many calls of each. */
  waitingRequests(): number;
}>;

/** Calls that wait, in all and of one room: an operation of the public with the most fetches there may be still fits. */
const MOST_WAITING = 512;
const MOST_WAITING_OF_ROOM = 160;
/** Part of the connections that one room holds at most, so that others find some free: of a department, and of whoever weighs less. */
const PART_OF_DEPARTMENT = 3 / 4;
const PART_OF_OTHERS = 1 / 4;
/** Part of a room's connections that its large calls hold at most, so that small ones come past them. */
const PART_OF_LARGE = 1 / 2;
/** While others wait, the public has one turn in so many. */
const TURNS_FOR_PUBLIC = 8;

type Waiting = { readonly isLarge: boolean; end(pass: Pass): void };
type Room = {
  readonly place: Place;
  running: number;
  runningLarge: number;
  waiting: number;
  turns: number;
  readonly lanes: Map<string, Waiting[]>;
};

/**
 * Shares a library's connections. Callers wait in rooms of their own (`Place`), in each of which its callers stand in lanes; rooms are served
 * in turns, by weight, and lanes of a room in turns. The public comes last: it has few turns while others wait, and few connections at any time.
 */
export function openRooms(connections: number): LibraryRooms {
  // In the order of their turns. A room stands here while it has calls that run or wait.
  const rooms = new Map<string, Room>();
  let running = 0;
  let waiting = 0;
  /** Calls that wait, of each request: by its way to end them. */
  const requests = new Map<unknown, number>();
  let sincePublic = 0;

  const mostOf = ({ weight }: Place): number => Math.max(1, Math.floor(connections * (weight > 1 ? PART_OF_DEPARTMENT : PART_OF_OTHERS)));
  const mayGo = (room: Room, isLarge: boolean): boolean => {
    const most = mostOf(room.place);
    return running < connections && room.running < most && (!isLarge || room.runningLarge < Math.max(1, Math.floor(most * PART_OF_LARGE)));
  };

  function start(room: Room, isLarge: boolean): Pass {
    running += 1;
    room.running += 1;
    if (isLarge) room.runningLarge += 1;
    let isOver = false;
    const leave = (): void => {
      if (isOver) return;
      isOver = true;
      running -= 1;
      room.running -= 1;
      if (isLarge) room.runningLarge -= 1;
      forgetIfEmpty(room);
      serve();
    };
    return { kind: 'go', leave };
  }

  function forgetIfEmpty(room: Room): void {
    if (room.running === 0 && room.waiting === 0) rooms.delete(room.place.room);
  }

  /** Lets go whoever may, until nobody may. */
  function serve(): void {
    while (waiting > 0 && running < connections) {
      const next = findNext();
      if (!next) return;
      next.waiting.end(start(next.room, next.waiting.isLarge));
    }
  }

  function findNext(): { room: Room; waiting: Waiting } | null {
    const [others, ofPublic] = [find(false), find(true)];
    const isForPublic = ofPublic !== null && (others === null || sincePublic >= TURNS_FOR_PUBLIC - 1);
    const found = isForPublic ? ofPublic : others;
    if (!found) return null;
    sincePublic = isForPublic || !ofPublic ? 0 : sincePublic + 1;
    const { room, lane, name } = found;
    // Its turn is over once it had as many calls as it weighs; the lane's after one.
    room.turns += 1;
    if (room.turns >= room.place.weight) {
      room.turns = 0;
      rooms.delete(room.place.room);
      rooms.set(room.place.room, room);
    }
    room.lanes.delete(name);
    room.lanes.set(name, lane);
    return { room, waiting: found.first };
  }

  function find(isPublic: boolean): { room: Room; name: string; lane: Waiting[]; first: Waiting } | null {
    for (const room of rooms.values()) {
      if (room.waiting === 0 || room.place.isPublic !== isPublic) continue;
      for (const [name, lane] of room.lanes) {
        const [first] = lane;
        if (first && mayGo(room, first.isLarge)) return { room, name, lane, first };
      }
    }
    return null;
  }

  function wait(room: Room, { place, isLarge, timeoutMs, cancellations }: ArrivingCall): Promise<Pass> {
    const { promise, resolve } = Promise.withResolvers<Pass>();
    const name = isLarge ? `large ${place.who}` : `small ${place.who}`;
    const lane = room.lanes.getOrInsertComputed(name, () => []);
    const cancel = (): void => waits.end({ kind: 'cancelled' });
    const waits: Waiting = {
      isLarge,
      end: (pass) => {
        clearTimeout(timer);
        cancellations.delete(cancel);
        lane.splice(lane.indexOf(waits), 1);
        if (lane.length === 0) room.lanes.delete(name);
        room.waiting -= 1;
        waiting -= 1;
        const others = (requests.get(cancellations) ?? 1) - 1;
        if (others === 0) requests.delete(cancellations);
        else requests.set(cancellations, others);
        forgetIfEmpty(room);
        resolve(pass);
      },
    };
    const timer = setTimeout(() => waits.end({ kind: 'late' }), timeoutMs);
    cancellations.add(cancel);
    lane.push(waits);
    room.waiting += 1;
    waiting += 1;
    requests.set(cancellations, (requests.get(cancellations) ?? 0) + 1);
    return promise;
  }

  return {
    enter: (call) => {
      const { place, isLarge } = call;
      const room = rooms.getOrInsertComputed(place.room, () => ({
        ...{ place, running: 0, runningLarge: 0, waiting: 0, turns: 0 },
        lanes: new Map<string, Waiting[]>(),
      }));
      // Whoever waits in the same room goes first; nobody waits of another who could go.
      const isNext = !room.lanes.has(isLarge ? `large ${place.who}` : `small ${place.who}`);
      if (isNext && mayGo(room, isLarge)) return start(room, isLarge);
      if (waiting < MOST_WAITING && room.waiting < MOST_WAITING_OF_ROOM) return wait(room, call);
      forgetIfEmpty(room);
      return { kind: 'full' };
    },
    load: () => ({ rooms: rooms.size, running, waiting }),
    waitingRequests: () => requests.size,
  };
}
