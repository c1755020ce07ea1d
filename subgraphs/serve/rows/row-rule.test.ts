import { Random } from '@longyuan/prisma/country/generate/random.ts';
import { expect, test } from 'vitest';
import { absent, EVERY_ROW, every, holds, is, NO_ROW, oneOf, type RowRule, some, todayOrLater, within } from './row-rule.ts';

test('rules are joined flat, each once, and without what changes nothing', () => {
  expect(every([EVERY_ROW, is('a', true), every([is('a', true)])])).toEqual(is('a', true));
  expect(every([is('a', true), some([])])).toBe(NO_ROW);
  expect(some([NO_ROW, is('a', true), EVERY_ROW])).toBe(EVERY_ROW);
  expect(some([])).toBe(NO_ROW);
  expect(every([])).toBe(EVERY_ROW);
});

test('what another rule makes needless is left out: a division within another, and what a looser or stricter choice says again', () => {
  const [city, province] = [within('division', '620100'), within('division', '620000')];
  expect(every([province, city])).toEqual(city);
  expect(some([province, city])).toEqual(province);
  expect(every([city, some([is('isEntity', true), province])])).toEqual(city);
  expect(some([city, every([city, is('isEntity', true)])])).toEqual(city);
  expect(some([oneOf('key', ['a', 'b']), oneOf('key', ['b', 'a'])])).toEqual(oneOf('key', ['a', 'b']));
  expect(every([city, within('seat', '620000')])).toEqual({ kind: 'every', of: [city, within('seat', '620000')] });
});

test('joined rules hold for just the rows for which all of them do, or any', () => {
  const random = new Random(17, 0);
  const DAY_MS = 86_400_000;
  const leaf = (): RowRule =>
    random.pick<() => RowRule>([
      () => is('a', random.chance(0.5)),
      () => oneOf('key', random.pick([['x'], ['x', 'y'], ['z']])),
      () => within('division', random.pick(['620000', '620100', '620102'])),
      () => absent(random.pick(['division', 'until'])),
      () => todayOrLater('until'),
      () => random.pick([EVERY_ROW, NO_ROW]),
    ])();
  const rule = (depth: number): RowRule => {
    if (depth === 0 || random.chance(0.3)) return leaf();
    const of = Array.from({ length: random.between(0, 3) }, () => rule(depth - 1));
    return random.chance(0.5) ? every(of) : some(of);
  };
  const row = () => ({
    a: random.chance(0.5),
    key: random.pick(['x', 'y', 'z']),
    division: random.pick([null, '620102', '620103', '620502', '110000']),
    ...(random.chance(0.8) && { until: random.chance(0.3) ? null : new Date(Date.now() + random.pick([-2, 2]) * DAY_MS) }),
  });
  let told = 0;
  for (let round = 0; round < 3_000; round += 1) {
    const [of, one] = [Array.from({ length: random.between(2, 4) }, () => rule(2)), row()];
    const said = of.map((each) => holds(each, one));
    const [all, any] = [every(of), some(of)];
    expect(holds(all, one), JSON.stringify({ of, one })).toBe(said.every(Boolean));
    expect(holds(any, one), JSON.stringify({ of, one })).toBe(said.some(Boolean));
    if (JSON.stringify([all, any]).length < JSON.stringify(of).length) told += 1;
  }
  // Rules that never make each other needless would prove little.
  expect(told).toBeGreaterThan(300);
});

test('a column that was not read satisfies nothing', () => {
  expect(['a', 'b'].map((column) => holds(absent(column), { a: null }))).toEqual([true, false]);
  expect(holds(within('toString', '620100'), {})).toBe(false);
});
