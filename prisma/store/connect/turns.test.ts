import { expect, test } from 'vitest';
import { type Call, duringCall, openCall, outlivingCall } from './call.ts';
import { openTurns, StoreRefusal, type Turns } from './turns.ts';

/** A database in which each question runs until it is told to end; `asked` is what was put to it, in order. */
function openDatabase(turns: Turns) {
  const asked: string[] = [];
  const running: { name: string; end: () => void }[] = [];
  const refused: string[] = [];
  const ask = (call: Call | null, name: string): void => {
    const put = () =>
      turns.take(async () => {
        asked.push(name);
        await new Promise<void>((resolve) => void running.push({ name, end: resolve }));
      });
    void (call ? duringCall(call, put) : put()).catch((error) => refused.push(`${name} ${error.code ?? error.message}`));
  };
  /** Ends the question that runs longest, and lets the next begin. */
  const step = async (): Promise<void> => {
    running.shift()?.end();
    await settled();
  };
  return { asked, running, refused, ask, step };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a call of ninety questions takes its turn with calls of one, its own room’s and others’, and never has every connection', async () => {
  const { asked, running, ask, step } = openDatabase(openTurns(4));
  const heavy = openCall('public');
  for (let n = 0; n < 90; n += 1) ask(heavy, `heavy ${n}`);
  await settled();
  // One of four is the hub's, and one of the three others is left for other rooms.
  expect(running.length).toBe(2);
  ask(openCall('department A'), 'A');
  ask(openCall('public'), 'another of the public');
  await settled();
  expect(asked).toEqual(['heavy 0', 'heavy 1', 'A']);
  await step();
  expect(asked[3]).toBe('another of the public');
});

test('rooms are served in turn, however much one of them has waiting', async () => {
  const { asked, ask, step } = openDatabase(openTurns(2));
  for (let n = 0; n < 5; n += 1) for (const room of ['A', 'A', 'A', 'B', 'C']) ask(openCall(room), room);
  for (let n = 0; n < 9; n += 1) await step();
  expect(asked.slice(0, 9).join('')).toBe('AABCABCAB');
});

test('the hub’s own questions have a connection that callers do not get, and where there is but one, the next turn', async () => {
  const many = openDatabase(openTurns(4));
  const one = openDatabase(openTurns(1));
  for (const { ask } of [many, one]) {
    for (const room of ['A', 'B', 'C', 'D']) for (let n = 0; n < 20; n += 1) ask(openCall(room), `${room}${n}`);
    await settled();
    ask(null, 'the hub’s');
    await settled();
  }
  expect(many.asked).toEqual(['A0', 'A1', 'B0', 'the hub’s']);
  await one.step();
  expect(one.asked).toEqual(['A0', 'the hub’s']);
});

test('what waits for a call that is over leaves at once and is never put; what others wait for too goes on', async () => {
  const turns = openTurns(2);
  const { asked, refused, running, ask, step } = openDatabase(turns);
  const call = openCall('A');
  ask(openCall('B'), 'B');
  for (let n = 0; n < 3; n += 1) ask(call, `A${n}`);
  const kept = duringCall(call, () => outlivingCall(() => turns.take(async () => void asked.push('kept'))));
  await settled();
  call.end();
  await settled();
  expect([refused, turns.waiting()]).toEqual([['A0 CALL_OVER', 'A1 CALL_OVER', 'A2 CALL_OVER'], 1]);
  ask(call, 'later');
  await settled();
  expect(refused.at(-1)).toBe('later CALL_OVER');
  await step();
  await kept;
  expect([asked, running.length]).toEqual([['B', 'kept'], 0]);
});

test('a full room refuses at once and leaves the others theirs; all of them together are bounded as well', async () => {
  const turns = openTurns(2, { mostOfRoom: 3, mostWaiting: 5 });
  const { refused, ask } = openDatabase(turns);
  for (const room of ['A', 'B', 'C']) for (let n = 0; n < 5; n += 1) ask(openCall(room), room);
  for (let n = 0; n < 5; n += 1) ask(null, 'hub');
  await settled();
  // The first of A and of the hub run.
  expect(refused).toEqual(['A STORE_BUSY', ...Array(3).fill('B STORE_BUSY'), ...Array(5).fill('C STORE_BUSY'), 'hub STORE_BUSY']);
});

test('a call that was let into a room is not refused its second half when the room is full', async () => {
  const { refused, ask } = openDatabase(openTurns(2, { mostOfRoom: 3, mostWaiting: 9 }));
  const [first, second] = [openCall('A'), openCall('A')];
  for (let n = 0; n < 6; n += 1) ask(first, 'first');
  for (let n = 0; n < 2; n += 1) ask(second, 'second');
  for (let n = 0; n < 2; n += 1) ask(first, 'first');
  await settled();
  expect(refused).toEqual(['second STORE_BUSY', 'second STORE_BUSY']);
});

test('a database that cannot be used has nobody wait for it; nothing is left behind, and it goes on when it is back', async () => {
  const turns = openTurns(2);
  const { asked, refused, running, ask } = openDatabase(turns);
  for (const room of ['A', 'A', 'B']) ask(openCall(room), room);
  await settled();
  turns.close(new Error('down'));
  ask(null, 'hub');
  await settled();
  expect([asked, refused, turns.waiting()]).toEqual([['A'], ['hub down', 'A down', 'B down'], 0]);
  turns.open();
  running.shift()?.end();
  ask(openCall('C'), 'C');
  await settled();
  expect(asked).toEqual(['A', 'C']);
});

test('each question of a store waits for its turn; closing it waits for nobody', async () => {
  const turns = openTurns(2);
  const store = turns.ofStore({ people: async (name: string) => [name], close: async () => 'closed' });
  turns.close(new StoreRefusal('STORE_BUSY'));
  await expect(store.people('王')).rejects.toThrow(StoreRefusal);
  expect(await store.close()).toBe('closed');
  turns.open();
  expect(await store.people('王')).toEqual(['王']);
});
