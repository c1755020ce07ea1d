import type { QuotaStore } from '@longyuan/inner/hub-stores.ts';
import type { Quotas } from '@longyuan/inner/quotas.ts';
import { expect, test } from 'vitest';
import { keepQuotas } from './keep-quotas.ts';
import { memoryQuotas } from './memory-quotas.ts';

/** 23:59 in the province. */
const LATE = Date.parse('2026-06-30T15:59:00Z');
const calls = (limit: number, amount = 1) => ({ name: 'calls credit-1', limit, amount });

/** A store that counts its statements and can be told to be away. */
function openStore() {
  const store = memoryQuotas();
  const told = { statements: 0, isAway: false };
  const through =
    <Given extends unknown[], Answer>(ask: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      told.statements += 1;
      if (told.isAway) throw new Error('away');
      return ask(...given);
    };
  const counted: QuotaStore = {
    take: through(store.take),
    change: through(store.change),
    read: through(store.read),
    forgetBefore: through(store.forgetBefore),
  };
  return Object.assign(told, { store: counted });
}
const open = (store: QuotaStore, now = () => LATE): Quotas => keepQuotas({ store, log: { warn: () => {} }, now });
const kindsOf = async (quotas: Quotas, limit: number, times: number): Promise<string[]> =>
  (await Promise.all(Array.from({ length: times }, () => quotas.spend([calls(limit)])))).map(({ kind }) => kind);
const usedOf = async (quotas: Quotas): Promise<number | undefined> => (await quotas.used(['calls credit-1']))[0];

test('a limit is spent so often a day as it says, also at once, and again after the province’s midnight', async () => {
  let nowMs = LATE;
  const quotas = open(memoryQuotas(), () => nowMs);
  expect((await kindsOf(quotas, 2, 5)).toSorted()).toEqual(['exceeded', 'exceeded', 'exceeded', 'spent', 'spent']);
  expect(await quotas.spend([calls(2)])).toEqual({
    ...{ kind: 'exceeded', want: calls(2), left: 0 },
    resetsAtMs: Date.parse('2026-06-30T16:00:00Z'),
  });
  nowMs += 60_000;
  expect(await usedOf(quotas)).toBe(0);
  expect(await kindsOf(quotas, 2, 1)).toEqual(['spent']);
});

test('what was spent outlives the gateway, also one that is killed', async () => {
  const { store } = openStore();
  expect(await kindsOf(open(store), 3, 3)).toEqual(['spent', 'spent', 'spent']);
  // Nothing was closed.
  const after = open(store);
  expect(await usedOf(after)).toBe(3);
  expect(await kindsOf(after, 3, 1)).toEqual(['exceeded']);
});

test('of a large limit a killed gateway loses one part of a thousand at most, and never brings anything back', async () => {
  const { store } = openStore();
  const killed = open(store);
  await kindsOf(killed, 5_000, 7);
  const after = open(store);
  const spent = (await kindsOf(after, 5_000, 5_000)).filter((kind) => kind === 'spent').length;
  expect(spent).toBeLessThanOrEqual(5_000 - 7);
  expect(spent).toBeGreaterThanOrEqual(5_000 - 7 - 5);
});

test('a gateway that ends gives back what it has not spent', async () => {
  const { store } = openStore();
  const first = open(store);
  await kindsOf(first, 5_000, 7);
  await first.close();
  const second = open(store);
  expect(await usedOf(second)).toBe(7);
  expect((await kindsOf(second, 5_000, 5_000)).filter((kind) => kind === 'spent')).toHaveLength(5_000 - 7);
});

test('gateways over one store spend no more than the limit together, and each tells what all have spent', async () => {
  const { store } = openStore();
  const gateways = [open(store), open(store), open(store)];
  const kinds = (await Promise.all(gateways.map((each) => kindsOf(each, 2_000, 900)))).flat();
  expect(kinds.filter((kind) => kind === 'spent').length).toBeLessThanOrEqual(2_000);
  expect(kinds.filter((kind) => kind === 'spent').length).toBeGreaterThan(2_000 - 3 * 2);
  await Promise.all(gateways.map((each) => each.close()));
  expect(await usedOf(open(store))).toBe(kinds.filter((kind) => kind === 'spent').length);
});

test('a large limit costs a statement now and then, a small one a statement each', async () => {
  const large = openStore();
  const quotas = open(large.store);
  for (let call = 0; call < 1_000; call += 1) await quotas.spend([calls(100_000)]);
  // Ten parts of a hundred; and days that are over were forgotten.
  expect(large.statements).toBe(11);
  expect(await usedOf(quotas)).toBe(1_000);
  const small = openStore();
  await kindsOf(open(small.store), 1_000, 20);
  expect(small.statements).toBe(21);
});

test('where one limit has too little left nothing is spent of the others', async () => {
  const { store } = openStore();
  const quotas = open(store);
  const rows = { name: 'rows credit-1', limit: 10, amount: 6 };
  expect(await quotas.spend([calls(5), rows])).toMatchObject({ kind: 'spent' });
  expect(await quotas.spend([calls(5), rows])).toMatchObject({ kind: 'exceeded', want: rows, left: 4 });
  expect(await quotas.spend([calls(5), { ...rows, amount: 11 }])).toMatchObject({ kind: 'exceeded', left: 4 });
  expect(await quotas.used([calls(5).name, rows.name])).toEqual([1, 6]);
  expect(await quotas.spend([calls(5), { ...rows, amount: 4 }])).toMatchObject({ kind: 'spent' });
});

test('what came to nothing is given back, to every gateway', async () => {
  const { store } = openStore();
  const first = open(store);
  const spending = await first.spend([calls(1)]);
  first.giveBack(spending.kind === 'spent' ? spending.day : '', [calls(1)]);
  expect(await usedOf(first)).toBe(0);
  await first.close();
  expect(await usedOf(open(store))).toBe(0);
  expect(await kindsOf(open(store), 1, 1)).toEqual(['spent']);
});

test('lines of the day before yesterday and earlier are forgotten, by a gateway that was just started, too', async () => {
  const store = memoryQuotas();
  const daysAgo = async (days: number) =>
    kindsOf(
      open(store, () => LATE - days * 86_400_000),
      1,
      1,
    );
  for (const days of [3, 2, 1, 0]) expect(await daysAgo(days)).toEqual(['spent']);
  const days = ['2026-06-27', '2026-06-28', '2026-06-29', '2026-06-30'];
  const known = await Promise.all(days.map(async (day) => (await store.read(day, ['calls credit-1'])).size));
  expect(known).toEqual([0, 0, 1, 1]);
});

test('what is given back of a day that is over is worth nothing', async () => {
  let nowMs = LATE;
  const quotas = open(memoryQuotas(), () => nowMs);
  const spending = await quotas.spend([calls(1)]);
  nowMs += 60_000;
  quotas.giveBack(spending.kind === 'spent' ? spending.day : '', [calls(1)]);
  expect(await kindsOf(quotas, 1, 2)).toEqual(['spent', 'exceeded']);
});

test('while the store is away what is held is spent, and nothing more', async () => {
  const away = openStore();
  const quotas = open(away.store);
  expect(await kindsOf(quotas, 5_000, 1)).toEqual(['spent']);
  away.isAway = true;
  expect(await kindsOf(quotas, 5_000, 4)).toEqual(['spent', 'spent', 'spent', 'spent']);
  await expect(quotas.spend([calls(5_000)])).rejects.toThrow('away');
  await expect(quotas.spend([{ name: 'calls credit-2', limit: 3, amount: 1 }])).rejects.toThrow('away');
  away.isAway = false;
  expect(await usedOf(quotas)).toBe(5);
  expect(await kindsOf(quotas, 5_000, 1)).toEqual(['spent']);
});
