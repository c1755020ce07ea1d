import { expect, test } from 'vitest';
import { type Place, placeOf } from '../request/place-of-caller.ts';
import type { Account } from '../request/request-budget.ts';
import { keepSpendings, limitCost, MOST_KEPT } from './limit-cost.ts';
import { watchLoad } from './watch-load.ts';

const developer = (uscc: string, sub = 'program') =>
  placeOf({ kind: 'department', sub, uscc, role: 'developer', region: null }, '127.0.0.1');
const citizen = (person: string) => placeOf({ kind: 'citizen', sub: `account of ${person}`, person }, '127.0.0.1');
const anyone = (address: string) => placeOf({ kind: 'public' }, address);

/** A limiter whose clock and load a test sets. */
function open(settings: { rateCostPerSecond?: number; ratePublicCostPerSecond?: number } = {}) {
  let nowMs = 1_000;
  let isBusy = true;
  const spendings = keepSpendings(() => nowMs);
  const limiter = limitCost({
    settings: { rateCostPerSecond: 0, ratePublicCostPerSecond: 0, ...settings },
    spendings,
    load: { arrive: () => {}, isBusy: () => isBusy },
  });
  return {
    limiter,
    spendings,
    calm: () => {
      isBusy = false;
    },
    pass: (seconds: number) => {
      nowMs += seconds * 1_000;
    },
    /** Requests that come together, none of which is over yet: how many may run, and when the first that may not is to come again. */
    together: async (place: Place, requests: number, cost: number) => {
      const waits: (number | null)[] = [];
      const accounts: Account[] = [];
      for (let n = 0; n < requests; n += 1) {
        const account = limiter.open(place);
        accounts.push(account);
        waits.push(await account.take(cost));
      }
      return {
        run: waits.filter((wait) => wait === null).length,
        again: waits.find((wait) => wait !== null) ?? null,
        end: () => {
          for (const account of accounts) account.close();
        },
      };
    },
    spend: (place: Place, cost: number) => limiter.open(place).spend(cost),
    mayAsk: async (place: Place, cost = 100) => {
      const account = limiter.open(place);
      const wait = await account.take(cost);
      account.close();
      return wait;
    },
  };
}

test('a hub that is not busy limits nobody', async () => {
  const hub = open();
  hub.calm();
  expect(await hub.together(citizen('p1'), 300, 2_001)).toMatchObject({ run: 300, again: null });
  hub.spend(anyone('203.0.113.9'), 10_000_000);
  expect(await hub.mayAsk(anyone('203.0.113.9'))).toBeNull();
});

test('a citizen who asks for a thousand people thirty times at once is told to wait, and may ask again once some are over', async () => {
  const hub = open();
  const asked = await hub.together(citizen('p1'), 30, 2_001);
  expect(asked).toMatchObject({ run: 19, again: 1 });
  expect(await hub.mayAsk(citizen('p1'), 2_001)).toBe(1);
  // What is small still finds room, and so does everybody else.
  expect(await hub.mayAsk(citizen('p1'), 100)).toBeNull();
  expect(await hub.mayAsk(citizen('p2'), 2_001)).toBeNull();
  asked.end();
  expect(await hub.mayAsk(citizen('p1'), 2_001)).toBeNull();
});

test('who has nothing under way may ask, however large it is and however many others there are', async () => {
  const hub = open();
  for (let n = 0; n < 100; n += 1) await hub.together(citizen(`p${n}`), 1, 500_000);
  expect(await hub.mayAsk(citizen('another'), 500_000)).toBeNull();
  expect(await hub.mayAsk(developer('A'), 500_000)).toBeNull();
});

test('a department may have more under way than a person, the public as a whole as much as one person, shared by address', async () => {
  const hub = open();
  expect((await hub.together(developer('A'), 500, 1_000)).run).toBe(160);
  expect((await hub.together(anyone('203.0.113.9'), 500, 1_000)).run).toBe(40);
  expect((await hub.together(anyone('203.0.113.10'), 500, 1_000)).run).toBe(20);
  // Beyond twice its part the room is closed even for whoever has nothing under way.
  for (let n = 0; n < 100; n += 1) await hub.together(anyone(`198.51.100.${n}`), 1, 1_000);
  expect(await hub.mayAsk(anyone('192.0.2.1'), 1_000)).toBe(1);
});

test('what was spent lately is shared while the hub is busy: who is alone may spend all, who is above its part beside others waits', async () => {
  const hub = open();
  hub.spend(anyone('203.0.113.9'), 400_000);
  expect(await hub.mayAsk(anyone('203.0.113.9'))).toBeNull();
  // Who has not asked for a second is not there.
  hub.spend(citizen('p1'), 50_000);
  hub.pass(1.5);
  expect(await hub.mayAsk(anyone('203.0.113.9'))).toBeNull();
  hub.spend(developer('A'), 100_000);
  hub.pass(0.2);
  const seconds = (await hub.mayAsk(anyone('203.0.113.9'))) ?? 0;
  expect(seconds).toBeGreaterThan(1);
  expect(await hub.mayAsk(developer('A'))).toBeNull();
  // Once that time has passed, in which the department goes on as before, it is let in again.
  for (let n = 0; n < seconds * 10; n += 1) {
    hub.pass(0.1);
    hub.spend(developer('A'), 5_000);
  }
  expect(await hub.mayAsk(anyone('203.0.113.9'))).toBeNull();
});

test('within a room whoever spends most waits, and a program does not take its colleagues’ part', async () => {
  const hub = open();
  hub.spend(developer('A', 'greedy'), 300_000);
  hub.spend(developer('A', 'modest'), 5_000);
  hub.spend(developer('B'), 200_000);
  hub.pass(0.2);
  expect(await hub.mayAsk(developer('A', 'greedy'))).toBeGreaterThan(0);
  expect(await hub.mayAsk(developer('A', 'modest'))).toBeNull();
});

test('a caller who spends little is never limited, however busy the hub is', async () => {
  const hub = open();
  for (let n = 0; n < 50; n += 1) hub.spend(developer(`${n}`), 60_000);
  hub.spend(citizen('p1'), 60_000);
  hub.pass(0.2);
  expect(await hub.mayAsk(citizen('p1'))).toBeNull();
});

test('a fixed limit holds each caller, busy or not: two seconds of it at once, and what is larger once nearly nothing is left', async () => {
  const hub = open({ rateCostPerSecond: 1_000, ratePublicCostPerSecond: 100 });
  hub.calm();
  expect(await hub.together(developer('A'), 30, 100)).toMatchObject({ run: 20, again: 1 });
  expect(await hub.together(anyone('203.0.113.9'), 30, 50)).toMatchObject({ run: 4 });
  expect(await hub.together(anyone('203.0.113.10'), 30, 50)).toMatchObject({ run: 4 });
  // What the request itself has taken and spent does not stop it.
  const account = hub.limiter.open(developer('B'));
  expect(await account.take(60)).toBeNull();
  account.spend(60);
  expect(await account.take(9_000)).toBeNull();
  account.spend(9_000);
  account.close();
  const seconds = (await hub.mayAsk(developer('B'))) ?? 0;
  expect(seconds).toBeGreaterThan(1);
  hub.pass(seconds);
  expect(await hub.mayAsk(developer('B'))).toBeNull();
});

test('parts of a request that is under way are counted and never stopped', async () => {
  const hub = open({ ratePublicCostPerSecond: 100 });
  const part = hub.limiter.openPart(anyone('203.0.113.9'));
  for (let page = 0; page < 100; page += 1) {
    expect(await part.take(1_000)).toBeNull();
    part.spend(1_000);
  }
  part.close();
  expect(await hub.mayAsk(anyone('203.0.113.9'))).toBeGreaterThan(1);
});

test('an account that was closed takes up nothing more', async () => {
  const hub = open();
  for (let n = 0; n < 100; n += 1) {
    const account = hub.limiter.open(citizen('p1'));
    const taking = account.take(10_000);
    account.close();
    await taking;
  }
  expect(await hub.mayAsk(citizen('p1'), 10_000)).toBeNull();
});

test('what is kept of callers is bounded, and those that ask stay', async () => {
  const hub = open();
  for (let n = 0; n < MOST_KEPT + 1_000; n += 1) hub.spend(anyone(`address ${n}`), 20);
  expect(hub.spendings.standingOf(anyone('address 0'))).toMatchObject({ own: 0, callers: MOST_KEPT });
  expect(hub.spendings.standingOf(anyone('address 5000'))).toMatchObject({ own: 20 });
});

test('the hub is busy while many requests wait, or its event loop had no time left in the last second', () => {
  let [waiting, nowMs, active] = [0, 0, 0];
  const load = watchLoad({
    waitingRequests: () => waiting,
    now: () => nowMs,
    utilization: (since) => ({ idle: nowMs - active, active, utilization: (active - (since?.active ?? 0)) / 1_000 }),
  });
  const after = (ms: number, worked: number) => {
    nowMs += ms;
    active += worked;
    load.arrive();
    return load.isBusy();
  };
  expect([after(1_000, 900), after(1_000, 990), after(500, 0), after(500, 0), after(1_000, 100)]).toEqual([
    false,
    true,
    true,
    false,
    false,
  ]);
  waiting = 8;
  expect(load.isBusy()).toBe(false);
  waiting = 9;
  expect(load.isBusy()).toBe(true);
});
