import { type Call, callNow } from './call.ts';

/** Whose turn it is to ask a database: what waits is bounded, shared out between callers, and leaves when its call is over. */
export type Turns = Readonly<{
  /** Does it when the turn comes of the call on whose behalf this runs; the hub's own comes first. @throws StoreRefusal where it never comes. */
  take<Answer>(act: () => Promise<Answer>): Promise<Answer>;
  /** The store, each of whose questions waits for its turn. It is one object of functions; `close` waits for nobody. */
  ofStore<Store extends object>(store: Store): Store;
  /** From here on nobody has a turn, those who wait included: each is refused with this. */
  close(because: Error): void;
  open(): void;
  waiting(): number;
}>;

/** Why a question was not put to the database. Its code tells it from others, also when Prisma passes it on as an error of its own. */
export class StoreRefusal extends Error {
  readonly code: 'STORE_BUSY' | 'CALL_OVER';

  constructor(code: 'STORE_BUSY' | 'CALL_OVER') {
    super(code === 'STORE_BUSY' ? 'Too many questions wait for the database.' : 'Nobody waits for this answer any more.');
    this.code = code;
  }
}

/** Some seconds of a database's work: who comes to a room that has so much waiting would be given up before its turn. */
const MOST_OF_ROOM = 2_000;
/** Half a kilobyte each. */
const MOST_WAITING = 8_000;

type Waiter = Readonly<{ go: () => void; refuse: (error: Error) => void }>;
/** One call, or the hub: what it has of the database now, and what waits, the first first. */
type Line = { held: number; readonly waiters: Set<Waiter> };
/** Lines that wait or hold, the one that was served longest ago first. */
type Room = { held: number; waiting: number; readonly lines: Map<Call, Line> };

/**
 * Shares out `places` connections. One is for the hub's own questions alone, which come first; of the others no room has all, as long as there
 * are two. A free place goes to the room that has fewest, within it to the call that has fewest, and where these are alike in turn: so a call of a
 * hundred questions takes every second place beside one of a single question, and not the hundred before it.
 */
export function openTurns(places: number, bounds = { mostOfRoom: MOST_OF_ROOM, mostWaiting: MOST_WAITING }): Turns {
  const forCallers = Math.max(1, places - 1);
  const forRoom = Math.max(1, forCallers - 1);
  const hub: Line = { held: 0, waiters: new Set() };
  const rooms = new Map<string, Room>();
  /** Calls that were let in: a full room refuses whole calls, and not the second half of one. */
  const letIn = new WeakSet<Call>();
  let [heldByCallers, waiting] = [0, 0];
  let closedBecause: Error | null = null;

  /** Lets those go whose turn it is. */
  function serve(): void {
    while (closedBecause === null && waiting > 0 && hub.held + heldByCallers < places) {
      const [own] = hub.waiters;
      if (own) {
        hub.waiters.delete(own);
        waiting -= 1;
        own.go();
        continue;
      }
      const next = heldByCallers < forCallers ? nextOfCallers() : null;
      if (!next) return;
      next.go();
    }
  }

  function nextOfCallers(): Waiter | null {
    let chosen: [string, Room] | null = null;
    for (const [name, room] of rooms)
      if (room.waiting > 0 && room.held < forRoom && (!chosen || room.held < chosen[1].held)) chosen = [name, room];
    if (!chosen) return null;
    const [name, room] = chosen;
    let served: [Call, Line] | null = null;
    for (const [call, line] of room.lines) if (line.waiters.size > 0 && (!served || line.held < served[1].held)) served = [call, line];
    if (!served) return null;
    const [call, line] = served;
    const [waiter] = line.waiters;
    if (!waiter) return null;
    line.waiters.delete(waiter);
    room.waiting -= 1;
    waiting -= 1;
    // Served now, it stands behind the others.
    rooms.delete(name);
    rooms.set(name, room);
    room.lines.delete(call);
    room.lines.set(call, line);
    return waiter;
  }

  function takeOfHub(): Promise<() => void> {
    if (hub.waiters.size >= bounds.mostOfRoom) return Promise.reject(new StoreRefusal('STORE_BUSY'));
    return new Promise((resolve, reject) => {
      waiting += 1;
      const go = (): void => {
        hub.held += 1;
        resolve(() => {
          hub.held -= 1;
          serve();
        });
      };
      hub.waiters.add({ go, refuse: reject });
      serve();
    });
  }

  function takeOfCall(call: Call): Promise<() => void> {
    if (call.isOver()) return Promise.reject(new StoreRefusal('CALL_OVER'));
    const isFull = waiting >= bounds.mostWaiting || ((rooms.get(call.room)?.waiting ?? 0) >= bounds.mostOfRoom && !letIn.has(call));
    if (isFull) return Promise.reject(new StoreRefusal('STORE_BUSY'));
    const room = rooms.getOrInsertComputed(call.room, () => ({ held: 0, waiting: 0, lines: new Map() }));
    letIn.add(call);
    const line = room.lines.getOrInsertComputed(call, () => ({ held: 0, waiters: new Set() }));
    const forgetWhereDone = (): void => {
      if (line.held === 0 && line.waiters.size === 0) room.lines.delete(call);
      if (room.lines.size === 0) rooms.delete(call.room);
    };
    return new Promise((resolve, reject) => {
      const go = (): void => {
        forgetEnd();
        room.held += 1;
        line.held += 1;
        heldByCallers += 1;
        resolve(() => {
          room.held -= 1;
          line.held -= 1;
          heldByCallers -= 1;
          forgetWhereDone();
          serve();
        });
      };
      const refuse = (error: Error): void => {
        forgetEnd();
        forgetWhereDone();
        reject(error);
      };
      const waiter = { go, refuse };
      const forgetEnd = call.onEnd(() => {
        if (!line.waiters.delete(waiter)) return;
        room.waiting -= 1;
        waiting -= 1;
        refuse(new StoreRefusal('CALL_OVER'));
      });
      room.waiting += 1;
      waiting += 1;
      line.waiters.add(waiter);
      serve();
    });
  }

  async function take<Answer>(act: () => Promise<Answer>): Promise<Answer> {
    if (closedBecause) throw closedBecause;
    const call = callNow();
    const giveBack = await (call ? takeOfCall(call) : takeOfHub());
    try {
      return await act();
    } finally {
      giveBack();
    }
  }

  return {
    take,
    ofStore<Store extends object>(store: Store): Store {
      const inTurn = Object.entries(store).map(([name, question]) =>
        typeof question !== 'function' || name === 'close'
          ? [name, question]
          : [name, (...asked: unknown[]) => take(async () => Reflect.apply(question, store, asked))],
      );
      // The same names with functions of the same types.
      return Object.fromEntries(inTurn) as Store;
    },
    close(because) {
      closedBecause = because;
      const all = [hub, ...[...rooms.values()].flatMap(({ lines }) => [...lines.values()])].flatMap(({ waiters }) => [...waiters]);
      for (const { waiters } of [hub, ...[...rooms.values()].flatMap(({ lines }) => [...lines.values()])]) waiters.clear();
      for (const room of rooms.values()) room.waiting = 0;
      waiting = 0;
      for (const { refuse } of all) refuse(because);
    },
    open() {
      closedBecause = null;
    },
    waiting: () => waiting,
  };
}
