import type { QualityCheck } from '@longyuan/schema/src/quality/quality-checks.ts';
import type { qualityRoutes } from '@longyuan/trust/routes/quality.ts';
import type { AnswerOf } from '@longyuan/trust/routes/route.ts';
import { beyond, keyOf, type Measuring, MOST_SAMPLES, ROWS_A_STATEMENT, type Tally } from './measure-rows.ts';
import { quoted } from './stored-tables.ts';

/**
 * Reads the next values of a column in their order and counts the rows that share theirs with another: equal values are neighbours. The
 * place carries the last value and whether its row was counted, so that neighbours are seen across statements too.
 */
export async function measureUnique(
  way: Measuring,
  check: QualityCheck,
  after: readonly (string | null)[] | null,
): Promise<AnswerOf<(typeof qualityRoutes)['unique']>> {
  const { ask, table, places, isSayable } = way;
  const order = [...new Set([check.column, ...table.key])];
  const [before = null, beforeKey = null, wasCounted = null, ...place] = after ?? [];
  const values = order.map((column, number) => `${quoted(column)}::text AS v${number}`);
  const keys = table.key.map((column, number) => `${quoted(column)}::text AS k${number}`);
  const rows = await ask<Record<string, string>>(
    `SELECT ${[...values, ...keys].join(', ')} FROM ${table.sqlName}
     WHERE ${quoted(check.column)} IS NOT NULL ${after ? `AND ${beyond(table, order)}` : ''}
     ORDER BY ${order.map(quoted).join(', ')} LIMIT ${ROWS_A_STATEMENT}`,
    place,
  );
  const tally: Tally = { id: check.id, rows: rows.length, failing: 0, samples: [] };
  const fail = (key: string | null) => {
    tally.failing += 1;
    if (isSayable && key !== null && tally.samples.length < MOST_SAMPLES) tally.samples.push(key);
  };
  let last = { value: before, key: beforeKey, isCounted: wasCounted === 'counted' };
  for (const row of rows) {
    const value = row['v0'] ?? null;
    const key = keyOf(table, row);
    const isRepeated = value === last.value;
    if (isRepeated && !last.isCounted) fail(last.key);
    if (isRepeated) fail(key);
    last = { value, key, isCounted: isRepeated };
  }
  const end = rows.length === ROWS_A_STATEMENT ? rows.at(-1) : undefined;
  const next = end
    ? await places.seal(
        JSON.stringify([last.value, last.key, last.isCounted ? 'counted' : null, ...order.map((_, number) => end[`v${number}`] ?? null)]),
      )
    : null;
  return { tally, next };
}
