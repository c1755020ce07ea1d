import { describe, expect, inject, test } from 'vitest';
import { askWell } from './ask.ts';
import { openDatabase } from './open-database.ts';

type Cell = Readonly<{ labels: readonly string[]; count: number | null; suppressed: boolean }>;

const hubs = [['embedded', inject('embedded')] as const, ...(inject('postgresql') ? [['PostgreSQL', inject('postgresql')] as const] : [])];

/** How SQL says each dimension. */
const COLUMNS: Readonly<Record<string, string>> = {
  SEX: 'sex',
  ETHNICITY: 'ethnicity',
  MARITAL: `coalesce((SELECT m.state FROM population."Marriage" m WHERE m."personId" = p.id), '10')`,
  AGE_BAND: `least(9, extract(year FROM age((now() AT TIME ZONE 'Asia/Shanghai')::date, "birthDate"))::int / 10)::text`,
};
const questions: readonly (readonly string[])[] = [
  [],
  ['DIVISION'],
  ['DIVISION', 'SEX'],
  ['ETHNICITY'],
  ['MARITAL', 'AGE_BAND'],
  ['ETHNICITY', 'DIVISION'],
  ['ETHNICITY', 'AGE_BAND', 'MARITAL'],
];

describe.each(hubs)('over %s', (_name, given) => {
  const hub = given ?? inject('embedded');
  const ask = async (division: string, by: readonly string[]): Promise<readonly Cell[]> =>
    (await askWell(hub, `{ populationStatistics(division: "${division}", by: [${by.join(', ')}]) { labels count suppressed } }`))[
      'populationStatistics'
    ];

  test.each([
    ['620000', 4],
    ['620100', 6],
    ['620102', 9],
  ] as const)('in %s what is told agrees with the rows, and what is kept back cannot be worked out', async (division, digits) => {
    const prefix = division.replace(/(00)+$/, '');
    const database = await openDatabase(hub, 'population');
    for (const by of questions) {
      const columns = by.map((dimension) =>
        dimension === 'DIVISION' ? `rpad(left("registeredDivision", ${digits}), ${Math.max(6, digits)}, '0')` : COLUMNS[dimension],
      );
      const rows = await database.rows(
        `SELECT ARRAY[${columns.join(', ')}]::text[] AS codes, count(*)::int AS people FROM population."Person" p
         WHERE "lifeStatus" = 'ALIVE' AND "registeredDivision" LIKE '${prefix}%' ${by.length > 0 ? 'GROUP BY 1' : ''}`,
      );
      const people = new Map(rows.map((row) => [labelsOf(row['codes'], by).join(), Number(row['people'])]));
      const cells = await ask(division, by);
      const peopleOf = ({ labels }: Cell) => people.get(labels.join()) ?? 0;
      const told = cells.filter(({ suppressed }) => !suppressed);
      const kept = cells.filter(({ suppressed }) => suppressed);
      expect(told.map(({ labels, count }) => [labels, count])).toEqual(told.map((cell) => [cell.labels, peopleOf(cell)]));
      expect(told.filter(({ count }) => (count ?? 0) < 5)).toEqual([]);
      expect(kept.filter(({ count }) => count !== null)).toEqual([]);
      expect([...people.keys()].filter((labels) => !cells.some((cell) => cell.labels.join() === labels))).toEqual([]);
      // Total less parts: in no line is one cell missing alone, nor fewer than five people, where its total is told.
      for (const dimension of by) {
        const place = by.indexOf(dimension);
        const rest = by.filter((other) => other !== dimension);
        const lineOf = ({ labels }: Cell) => labels.filter((_, at) => at !== place).join();
        for (const total of await ask(division, rest)) {
          const missing = kept.filter((cell) => lineOf(cell) === total.labels.join());
          if (total.suppressed || missing.length === 0) continue;
          const people = missing.reduce((sum, cell) => sum + peopleOf(cell), 0);
          // Children are single: who is of their age is of their age and single, and their number is told already.
          if (missing.length === 1 && people === total.count) continue;
          expect([by, total.labels, missing.length > 1]).toEqual([by, total.labels, true]);
          expect(people).toBeGreaterThanOrEqual(5);
        }
      }
    }
    await database.close();
  });

  test('a prefecture less its counties does not give one away', async () => {
    for (const by of [[], ['SEX'], ['ETHNICITY'], ['AGE_BAND'], ['MARITAL']]) {
      const totals = await ask('620100', by);
      const parts = await ask('620100', ['DIVISION', ...by]);
      for (const total of totals.filter(({ suppressed }) => !suppressed)) {
        const line = parts.filter(({ labels }) => labels.slice(1).join() === total.labels.join());
        const missing = line.filter(({ suppressed }) => suppressed);
        expect(missing.length).not.toBe(1);
        const left = (total.count ?? 0) - line.reduce((sum, { count }) => sum + (count ?? 0), 0);
        expect([total.labels, left === 0 || left >= 5]).toEqual([total.labels, true]);
      }
    }
  });

  test('the same cell is kept back however it is asked for, and most people are still told of', async () => {
    const sorted = (cells: readonly Cell[]) => cells.map(({ labels, count }) => [[...labels].sort().join(), count].join(' ')).sort();
    expect(sorted(await ask('620000', ['SEX', 'DIVISION', 'MARITAL']))).toEqual(
      sorted(await ask('620000', ['MARITAL', 'SEX', 'DIVISION'])),
    );
    const inPrefectures = (await ask('620000', ['DIVISION', 'ETHNICITY'])).filter(({ labels }) => labels[0] === '620100');
    const ofLanzhou = await ask('620100', ['ETHNICITY']);
    expect(inPrefectures.map(({ labels, count }) => [labels[1], count])).toEqual(ofLanzhou.map(({ labels, count }) => [labels[0], count]));
    const [all] = await ask('620000', []);
    const told = (await ask('620000', ['DIVISION', 'SEX'])).reduce((sum, { count }) => sum + (count ?? 0), 0);
    expect(told / (all?.count ?? 0)).toBeGreaterThan(0.9);
  });
});

function labelsOf(codes: unknown, by: readonly string[]): readonly string[] {
  if (!Array.isArray(codes)) throw new Error('SQL answered no codes.');
  return codes.map((code: unknown, place) => {
    if (by[place] !== 'AGE_BAND') return String(code);
    return code === '9' ? '90+' : `${String(code)}0-${String(code)}9`.replace(/^00/, '0').replace('-09', '-9');
  });
}
