import { expect, test } from 'vitest';
import { damaged, specimens } from '../../test/route-specimens.ts';
import { applicationPlace, grantRoutes } from './grants.ts';
import { holdingsRoute } from './holdings.ts';
import { ownRowsRoute } from './own-rows.ts';
import { qualityRoute, qualityRoutes } from './quality.ts';
import { subjectKeyRoute } from './subject-key.ts';

test('each route has a place of its own, and what opens one opens no other', () => {
  const routes = [...specimens.map(({ route }) => route), qualityRoute].filter(({ path }) => path !== '/quality').concat(qualityRoute);
  expect(new Set(routes.map(({ path }) => path)).size).toBe(routes.length);
  const named = routes.flatMap(({ items }) => items);
  expect(new Set(named).size).toBe(named.length);
  // The two that any warrant, or none, opens.
  expect(routes.filter(({ items }) => items.length === 0).map(({ path }) => path)).toEqual(['/seal', '/subject-key']);
});

test.each(specimens)('$name: what is missing or of another type is refused, what is told beside it is not read', ({ route, ...told }) => {
  for (const side of ['question', 'answer'] as const) {
    expect(route[side].parse(told[side])).toEqual(told[side]);
    expect(route[side].parse({ ...told[side], besides: 1 })).toEqual(told[side]);
    for (const [what, value] of damaged(told[side])) expect(route[side].safeParse(value).success, `${side} ${what}`).toBe(false);
    for (const none of [null, 'nothing', 1, []]) expect(route[side].safeParse(none).success, JSON.stringify(none)).toBe(false);
  }
});

test('what may be left out may be said, and is of its own type then', () => {
  const list = { epoch: 'e', version: 1 };
  expect(grantRoutes.list.question.parse({ ...list, holdMs: 5 })).toEqual({ ...list, holdMs: 5 });
  expect(grantRoutes.list.question.safeParse({ ...list, holdMs: '5' }).success).toBe(false);
  const page = { state: 'OPEN', limit: 0, count: true, after: { at: '2026-11-24T03:00:00.000Z', no: 'credit-1' } };
  expect(grantRoutes.applications.question.parse(page)).toEqual(page);
  for (const more of [{ count: 1 }, { after: 'x' }, { after: { at: page.after.at } }, { state: 'LOST' }, { limit: 0.5 }])
    expect(grantRoutes.applications.question.safeParse({ ...page, ...more }).success, JSON.stringify(more)).toBe(false);
  const answer = { no: 'credit-1', decision: 'GRANT', reason: null, terms: { division: '620102', purposes: null } };
  expect(grantRoutes.answer.question.parse(answer)).toEqual(answer);
  expect(grantRoutes.answer.question.safeParse({ ...answer, terms: { division: 620102 } }).success).toBe(false);
});

test('parts of an answer are looked at as well', () => {
  const tables = [{ resource: null, rows: 1, newestAt: null, oldestAt: null, overdue: null, items: {} }];
  const holdings = { measuredAt: null, asOf: null, unlisted: [], tables };
  expect(holdingsRoute.answer.safeParse(holdings).success).toBe(true);
  for (const lie of [{ rows: -1 }, { rows: undefined }, { items: { X001: '1' } }])
    expect(holdingsRoute.answer.safeParse({ ...holdings, tables: [{ ...tables[0], ...lie }] }).success, JSON.stringify(lie)).toBe(false);
  const rows = { rows: 1, next: null, tallies: [], references: [{ id: 'x', rows: 1, keys: [['1']] }] };
  expect(qualityRoutes.rows.answer.safeParse(rows).success).toBe(false);
});

test('only what can be a number of a person, a library or a moment is asked about', () => {
  expect(subjectKeyRoute.question.safeParse({ idNumber: '110105194912310021' }).success).toBe(false);
  for (const library of ['', 'Geospatial', '../x', 'a'.repeat(61)])
    expect(ownRowsRoute.question.safeParse({ library }).success).toBe(false);
  for (const at of [
    '+010000-01-01T00:00:00.000Z',
    '0000-01-01T00:00:00.000Z',
    '2026-01-01',
    'x',
    '2026-02-30T00:00:00.000Z',
    '2026-01-01T00:00:00Z',
  ])
    expect(applicationPlace.safeParse({ at, no: 'x' }).success, at).toBe(false);
});
