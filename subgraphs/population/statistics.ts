import type { HeadCount, StatDimension } from './store.ts';

/** Cells with fewer people behind them are not told. */
const LEAST_PEOPLE = 5;

export type StatCell = Readonly<{ labels: readonly string[]; count: number | null; suppressed: boolean }>;

/** Head counts as cells: ages as bands (`0-9` … `90+`), cells under 5 without their count, none for nobody. */
export function cellsOf(counts: readonly HeadCount[], by: readonly StatDimension[]): readonly StatCell[] {
  return counts
    .filter(({ count }) => count > 0)
    .map(({ codes, count }) => {
      const suppressed = count < LEAST_PEOPLE;
      const labels = codes.map((code, place) => (by[place] === 'AGE_BAND' ? ageBand(Number(code)) : code));
      return { labels, count: suppressed ? null : count, suppressed };
    });
}

function ageBand(decade: number): string {
  return decade >= 9 ? '90+' : `${decade * 10}-${decade * 10 + 9}`;
}
