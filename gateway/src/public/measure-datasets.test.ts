import { composeSupergraph } from '@longyuan/schema/src/compose-supergraph.ts';
import { publicSchema } from '@longyuan/schema/src/public-schema.ts';
import { readLibraries } from '@longyuan/schema/src/read-libraries.ts';
import { expect, test } from 'vitest';
import { findOpenResources } from './find-datasets.ts';
import { FRESH_SECONDS, keepMeasures } from './measure-datasets.ts';
import type { Ask, Row } from './read-rows.ts';

const libraries = readLibraries();
const open = findOpenResources(libraries, publicSchema(libraries, composeSupergraph(libraries).apiSdl));
const datasetOf = (code: string) => {
  const dataset = open.find(({ resource }) => resource.code === code)?.dataset;
  if (!dataset) throw new Error(`There is no file of ${code}.`);
  return dataset;
};
const penalties = datasetOf('104002/1');
const divisions = datasetOf('103001/1');

/** A list of one page. */
const pageOf =
  (...nodes: Row[]): Ask =>
  async () => ({ rows: { nodes, pageInfo: { endCursor: null, hasNextPage: false } } });

test('rows are counted as they pass: when they were confirmed, what days they tell of, what is empty and how long the rest is', async () => {
  const rows = [
    { id: '1', decidedOn: '2024-05-06', categories: ['01', '02'], fine: 12.5, facts: '超范围经营', confirmedAt: '2026-06-29T08:00:00Z' },
    { id: '12', decidedOn: '2023-01-02', categories: [], fine: null, facts: null, confirmedAt: '2026-06-28T08:00:00Z' },
  ];
  const found = await keepMeasures(pageOf(...rows)).fresh(penalties);
  expect(found).toMatchObject({
    ...{ rows: 2, oldestAt: '2026-06-28T08:00:00Z', newestAt: '2026-06-29T08:00:00Z', firstDay: '2023-01-02', lastDay: '2024-05-06' },
    withoutGeometry: null,
  });
  expect(['id', 'categories', 'fine', 'facts', 'subject.uscc'].map((name) => found?.columns.get(name))).toEqual([
    { empty: 0, longest: 2 },
    { empty: 1, longest: 2 },
    { empty: 1, longest: 4 },
    { empty: 1, longest: 5 },
    { empty: 2, longest: 0 },
  ]);
});

test('of a map it is counted for how many no place is known', async () => {
  const seat = { type: 'Point', coordinates: [103.8, 36] };
  const ask: Ask = async (query) => ({ rows: query.includes('level: 1') ? [{ code: '620000', seat }, { code: '620100' }] : [] });
  expect(await keepMeasures(ask).fresh(divisions)).toMatchObject({ rows: 2, withoutGeometry: 1, firstDay: null, lastDay: null });
});

test('while rows cannot be read again, what was measured last is the latest, and nothing is fresh', async () => {
  let nowMs = 0;
  let isDown = false;
  const answer = pageOf({ id: '1', confirmedAt: '2026-06-29T08:00:00Z' });
  const measuring = keepMeasures(
    async (...asked) => {
      if (isDown) throw new Error('The library is down.');
      return answer(...asked);
    },
    () => nowMs,
  );
  isDown = true;
  expect([await measuring.fresh(penalties), await measuring.latest(penalties)]).toEqual([null, null]);
  isDown = false;
  expect((await measuring.latest(penalties))?.rows).toBe(1);
  isDown = true;
  expect((await measuring.fresh(penalties))?.rows).toBe(1);
  nowMs = FRESH_SECONDS * 1000 + 1;
  expect(await measuring.fresh(penalties)).toBeNull();
  expect((await measuring.latest(penalties))?.newestAt).toBe('2026-06-29T08:00:00Z');
});
