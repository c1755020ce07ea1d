import { expect, test } from 'vitest';
import { type Place, placeOf } from '../request/place-of-caller.ts';
import { type LibraryRooms, openRooms, type Pass } from './library-rooms.ts';

const developer = (uscc: string, sub = 'program') => placeOf({ kind: 'department', sub, uscc, role: 'developer', region: null }, '');
const citizen = (person: string) => placeOf({ kind: 'citizen', sub: person, person }, '');
const anyone = (address = '203.0.113.9') => placeOf({ kind: 'public' }, address);

const CONNECTIONS = 32;

/** Rooms whose calls are over when a test says so. */
function open(connections = CONNECTIONS) {
  const rooms: LibraryRooms = openRooms(connections);
  const running: { name: string; leave: () => void }[] = [];
  const ended: string[] = [];
  const requests: Set<() => void>[] = [];
  const newRequest = () => {
    const request = new Set<() => void>();
    requests.push(request);
    return request;
  };
  const take = (name: string, pass: Pass) => {
    if (pass.kind === 'go') running.push({ name, leave: pass.leave });
    else ended.push(`${name} ${pass.kind}`);
  };
  return {
    rooms,
    ended,
    /** What would end the calls that wait. */
    cancellations: () => requests.flatMap((request) => [...request]),
    call: (name: string, place: Place, more: { isLarge?: boolean; timeoutMs?: number; cancellations?: Set<() => void> } = {}) => {
      const pass = rooms.enter({ place, isLarge: false, timeoutMs: 60_000, cancellations: newRequest(), ...more });
      if (pass instanceof Promise) void pass.then((settled) => take(name, settled));
      else take(name, pass);
    },
    running: () => running.map(({ name }) => name),
    /** Ends the first of the calls that run; what runs in its place. */
    endOne: async () => {
      running.shift()?.leave();
      await Promise.resolve();
      return running.at(-1)?.name;
    },
    endAll: async () => {
      while (running.length > 0) {
        running.shift()?.leave();
        await Promise.resolve();
      }
    },
  };
}

test('four hundred fetches of the public leave connections for everybody else, and do not grow without end', async () => {
  const library = open();
  for (let n = 0; n < 400; n += 1) library.call('public', anyone());
  expect(library.running()).toHaveLength(CONNECTIONS / 4);
  expect(library.rooms.waitingRequests()).toBe(160);
  expect(library.ended).toHaveLength(400 - 8 - 160);
  library.call('department', developer('A'));
  library.call('citizen', citizen('p1'));
  expect(library.running().slice(8)).toEqual(['department', 'citizen']);
  await library.endAll();
  expect(library.rooms.waitingRequests()).toBe(0);
});

test('a department does not hold all connections either, and rooms are served in turns, a department as often as four persons', async () => {
  const library = open(4);
  for (const name of ['A', 'B']) for (let n = 0; n < 8; n += 1) library.call(name, developer(name));
  for (let n = 0; n < 8; n += 1) library.call('p1', citizen('p1'));
  expect(library.running()).toEqual(['A', 'A', 'A', 'B']);
  const next = [];
  for (let n = 0; n < 9; n += 1) next.push(await library.endOne());
  // Where A holds as many as it may, B comes before its turn.
  expect(next).toEqual(['A', 'A', 'A', 'B', 'A', 'B', 'B', 'B', 'p1']);
});

test('while others wait the public has one turn in eight', async () => {
  const library = open(1);
  library.call('first', developer('A'));
  for (let n = 0; n < 40; n += 1) library.call('public', anyone());
  for (let n = 0; n < 40; n += 1) library.call('department', developer('A'));
  const next = [];
  for (let n = 0; n < 32; n += 1) next.push(await library.endOne());
  expect(next.filter((name) => name === 'public')).toHaveLength(4);
  expect(next.slice(0, 8)).toEqual([...Array(7).fill('department'), 'public']);
});

test('within a room callers have turns, so that one who asks for much does not hold up the others', async () => {
  const library = open(4);
  for (let n = 0; n < 100; n += 1) library.call('greedy', anyone('203.0.113.9'));
  library.call('modest', anyone('203.0.113.10'));
  await library.endOne();
  expect(await library.endOne()).toBe('modest');
});

test('large calls hold half of a room’s connections, and small ones of the same caller come past them', async () => {
  const library = open();
  for (let n = 0; n < 20; n += 1) library.call('large', anyone(), { isLarge: true });
  expect(library.running()).toHaveLength(4);
  library.call('small', anyone());
  expect(library.running().at(-1)).toBe('small');
});

test('whoever comes when the queue is full is refused at once, and nobody waits longer than the answer is of use', async () => {
  const library = open();
  for (let n = 0; n < 24; n += 1) library.call('runs', developer('A'));
  library.call('short of time', developer('A'), { timeoutMs: 5 });
  for (let n = 0; n < 159; n += 1) library.call('waits', developer('A'));
  library.call('one too many', developer('A'));
  expect(library.ended).toEqual(['one too many full']);
  // Other rooms have queues of their own, up to 512 in all.
  for (const name of ['B', 'C', 'D', 'E']) for (let n = 0; n < 184; n += 1) library.call(name, developer(name));
  expect(library.rooms.waitingRequests()).toBe(512);
  await expect.poll(() => library.ended).toContain('short of time late');
  expect(library.rooms.waitingRequests()).toBe(511);
});

test('a call whose client has left waits no longer, and leaves nothing behind', async () => {
  const library = open();
  for (let n = 0; n < 10; n += 1) library.call('public', anyone());
  expect(library.cancellations()).toHaveLength(2);
  for (const cancel of library.cancellations()) cancel();
  await Promise.resolve();
  expect(library.ended).toEqual(['public cancelled', 'public cancelled']);
  expect([library.rooms.waitingRequests(), library.cancellations().length]).toEqual([0, 0]);
  await library.endAll();
  library.call('later', anyone());
  expect(library.running()).toEqual(['later']);
});

test('calls of one request that wait are one request that waits', async () => {
  const library = open();
  const cancellations = new Set<() => void>();
  for (let n = 0; n < 100; n += 1) library.call('a', anyone(), { cancellations });
  expect(library.rooms.waitingRequests()).toBe(1);
  library.call('b', anyone());
  expect(library.rooms.waitingRequests()).toBe(2);
  await library.endAll();
  expect(library.rooms.waitingRequests()).toBe(0);
});
