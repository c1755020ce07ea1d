import { setTimeout as wait } from 'node:timers/promises';
import { schemaOf } from '@longyuan/prisma/store/connect/library-names.ts';
import type { ModelColumn } from '@longyuan/prisma/store/read-models.ts';
import { oldestInTime } from '@longyuan/schema/src/update-cycles.ts';
import type { holdingsRoute } from '@longyuan/trust/routes/holdings.ts';
import type { AnswerOf } from '@longyuan/trust/routes/route.ts';
import type { TablePlan } from './plan-holdings.ts';

/** What one table holds. */
export type TableHoldings = NonNullable<AnswerOf<typeof holdingsRoute>['tables']>[number];

/** Asks one statement; values are given as text. */
export type AskRows = (sql: string, values: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;

/** Rows that one statement reads: a hundredth of a second of the embedded database, whose one session is everybody's. */
const CHUNK = 2_000;
/** The store belongs to those who ask: between two statements it is left alone for at least as long as the last one took. */
const LEAST_REST_MS = 5;

/** Counts a whole table in the order of its key, in short statements with rests between. Reads no values but keys and confirmations. */
export async function countRows(
  plan: TablePlan,
  way: Readonly<{ library: string; ask: AskRows; asOfMs: number; signal: AbortSignal }>,
): Promise<TableHoldings> {
  const before = plan.updateCycle === null || !plan.hasConfirmation ? null : oldestInTime(plan.updateCycle, way.asOfMs);
  const sql = (isFirst: boolean) => statementOf(plan, { library: way.library, isFirst });
  const totals = { rows: 0, overdue: 0, items: plan.counted.map(() => 0) };
  let newestAt: Date | null = null;
  let oldestAt: Date | null = null;
  for (let after: readonly string[] | null = null; ; ) {
    way.signal.throwIfAborted();
    const startedAtMs = performance.now();
    const [found] = await way.ask(sql(after === null), [before?.toISOString() ?? null, ...(after ?? [])]);
    const rows = Number(found?.['rows'] ?? 0);
    totals.rows += rows;
    totals.overdue += Number(found?.['overdue'] ?? 0);
    for (const place of plan.counted.keys()) totals.items[place] = (totals.items[place] ?? 0) + Number(found?.[`c${place}`] ?? 0);
    newestAt = later(newestAt, found?.['newest']);
    oldestAt = earlier(oldestAt, found?.['oldest']);
    if (rows < CHUNK) break;
    after = (found?.['last'] as readonly string[] | null) ?? null; // An array of text, as the statement says.
    if (after === null) break;
    await wait(Math.max(LEAST_REST_MS, performance.now() - startedAtMs), undefined, { signal: way.signal });
  }
  return {
    resource: plan.resource,
    rows: totals.rows,
    newestAt: newestAt?.toISOString() ?? null,
    oldestAt: oldestAt?.toISOString() ?? null,
    overdue: before === null ? null : totals.overdue,
    items: {
      ...Object.fromEntries(plan.whole.map((code) => [code, totals.rows])),
      ...Object.fromEntries(plan.counted.map(({ code }, place) => [code, totals.items[place] ?? 0])),
    },
  };
}

function later(one: Date | null, other: unknown): Date | null {
  return other instanceof Date && (one === null || other > one) ? other : one;
}

function earlier(one: Date | null, other: unknown): Date | null {
  return other instanceof Date && (one === null || other < one) ? other : one;
}

/** The first value is the moment before which a confirmation is overdue, those after it the key of the last row that was counted. */
function statementOf({ model, hasConfirmation, counted }: TablePlan, place: Readonly<{ library: string; isFirst: boolean }>): string {
  const keys = model.key.map((name) => `"${name}"`);
  const from = place.isFirst ? '' : `WHERE (${keys.join(', ')}) > (${keys.map((_, index) => `$${index + 2}`).join(', ')})`;
  const read = [
    ...keys,
    hasConfirmation ? '"confirmedAt" AS at' : 'NULL::timestamptz AS at',
    ...counted.map(({ columns }, index) => `(${columns.map(isHeld).join(' OR ')}) AS h${index}`),
  ];
  const told = [
    'count(*)::int AS rows',
    'max(at) AS newest',
    'min(at) AS oldest',
    'count(*) FILTER (WHERE at < $1::timestamptz)::int AS overdue',
    ...counted.map((_, index) => `count(*) FILTER (WHERE h${index})::int AS c${index}`),
    `(SELECT ARRAY[${keys.map((key) => `${key}::text`).join(', ')}] FROM page ORDER BY ${keys.map((key) => `${key} DESC`).join(', ')} LIMIT 1) AS last`,
  ];
  return `WITH page AS (SELECT ${read.join(', ')} FROM "${schemaOf(place.library)}"."${model.name}" ${from} ORDER BY ${keys.join(', ')} LIMIT ${CHUNK})
    SELECT ${told.join(', ')} FROM page`;
}

/** An empty list is nothing. */
function isHeld({ name, isList }: ModelColumn): string {
  return isList ? `cardinality("${name}") > 0` : `"${name}" IS NOT NULL`;
}
