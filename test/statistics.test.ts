import { expect, inject, test } from 'vitest';
import { askWell } from './ask.ts';
import { openDatabase } from './open-database.ts';

const hub = inject('embedded');

test('head counts by prefecture and sex agree with the rows, and small cells are kept back', async () => {
  const database = await openDatabase(hub, 'population');
  const rows = await database.rows(
    `SELECT substr("registeredDivision", 1, 4) || '00' AS prefecture, sex, count(*)::int AS people
     FROM population."Person" WHERE "lifeStatus" = 'ALIVE' GROUP BY 1, 2`,
  );
  await database.close();
  const { populationStatistics } = await askWell(
    hub,
    '{ populationStatistics(division: "620000", by: [DIVISION, SEX]) { labels count suppressed } }',
  );
  const expected = rows.map((row) => ({
    labels: [row['prefecture'], row['sex']],
    count: Number(row['people']) < 5 ? null : row['people'],
    suppressed: Number(row['people']) < 5,
  }));
  const byLabels = (one: { labels: unknown[] }, other: { labels: unknown[] }) => (String(one.labels) < String(other.labels) ? -1 : 1);
  expect([...populationStatistics].sort(byLabels)).toEqual(expected.sort(byLabels));
});

test('no cell of any statistic says less than five', async () => {
  const { populationStatistics } = await askWell(
    hub,
    '{ populationStatistics(division: "620000", by: [ETHNICITY, AGE_BAND, MARITAL]) { count suppressed } }',
  );
  expect(populationStatistics.length).toBeGreaterThan(50);
  expect(populationStatistics.filter((cell: { count: number | null }) => cell.count !== null && cell.count < 5)).toEqual([]);
  expect(populationStatistics.some((cell: { suppressed: boolean }) => cell.suppressed)).toBe(true);
});
