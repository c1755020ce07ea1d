import type { QualityCheck } from '@longyuan/schema/src/quality/quality-checks.ts';
import type { qualityRoutes } from '@longyuan/trust/routes/quality.ts';
import type { AnswerOf } from '@longyuan/trust/routes/route.ts';
import type { SealedCursors } from '@longyuan/trust/sealed-cursor.ts';
import { checkValue, columnsRead, isMeant, type RowText } from './check-value.ts';
import { type Ask, quoted, type StoredTable } from './stored-tables.ts';

/** Rows of one statement: few enough that it, and the look at its rows, take some milliseconds. */
export const ROWS_A_STATEMENT = 200;
/** Keys of failing rows that one answer names for each check. */
export const MOST_SAMPLES = 5;

/** How many of the rows that a check is about it saw, how many failed, and keys of some of these. */
export type Tally = { id: string; rows: number; failing: number; samples: string[] };
/** `next` is the place to go on from; null at the end of the table. */
export type MeasuredRows = AnswerOf<(typeof qualityRoutes)['rows']>;

/** Where a walk over rows stands: what orders it, of the last row. */
export type Place = readonly (string | null)[];

export type Measuring = Readonly<{
  ask: Ask;
  places: SealedCursors;
  table: StoredTable;
  /** Whether the table's own key may name a row. */
  isSayable: boolean;
}>;

/** Reads the next rows of a table by its primary key, in one statement and of the checked columns alone, and checks each. */
export async function measureRows(
  way: Measuring,
  checks: readonly QualityCheck[],
  after: Place | null,
  asOfMs: number,
): Promise<MeasuredRows> {
  const { ask, table, places } = way;
  const columns = [...new Set(checks.flatMap(columnsRead))];
  const select = [
    ...table.key.map((column, place) => `${quoted(column)}::text AS k${place}`),
    ...columns.map((column, place) => `${textOf(table, column, checks)} AS c${place}`),
  ];
  const rows = await ask<Record<string, string | null>>(
    `SELECT ${select.join(', ')} FROM ${table.sqlName} ${after ? `WHERE ${beyond(table, table.key)}` : ''}
     ORDER BY ${table.key.map(quoted).join(', ')} LIMIT ${ROWS_A_STATEMENT}`,
    after ?? [],
  );
  const tallies = new Map<string, Tally>();
  const references = new Map<string, { id: string; rows: number; keys: [string, string | null][] }>();
  for (const stored of rows) {
    const row: RowText = Object.fromEntries(columns.map((column, place) => [column, stored[`c${place}`] ?? null]));
    const key = way.isSayable ? keyOf(table, stored) : null;
    for (const check of checks) {
      if (check.rule === 'REFERS') {
        const value = isMeant(check, row) ? (row[check.column] ?? null) : null;
        if (value === null) continue;
        const found = references.get(check.id) ?? { id: check.id, rows: 0, keys: [] };
        references.set(check.id, found);
        found.rows += 1;
        found.keys.push([value, key]);
        continue;
      }
      const passes = checkValue(check, row, asOfMs);
      if (passes !== null) count(tallies, check.id, passes, key);
    }
  }
  const last = rows.length === ROWS_A_STATEMENT ? rows.at(-1) : undefined;
  return {
    rows: rows.length,
    next: last ? await places.seal(JSON.stringify(table.key.map((_, place) => last[`k${place}`] ?? null))) : null,
    tallies: [...tallies.values()],
    references: [...references.values()],
  };
}

function count(tallies: Map<string, Tally>, id: string, passes: boolean, key: string | null): void {
  const tally = tallies.get(id) ?? { id, rows: 0, failing: 0, samples: [] };
  tallies.set(id, tally);
  tally.rows += 1;
  if (passes) return;
  tally.failing += 1;
  if (key !== null && tally.samples.length < MOST_SAMPLES) tally.samples.push(key);
}

/** Whether rows lie beyond a place: `("uscc", "ordinal") > ($1::character(18), $2::smallint)`. */
export function beyond(table: StoredTable, columns: readonly string[]): string {
  const values = columns.map((column, place) => `$${place + 1}::${table.columns.get(column) ?? 'text'}`);
  return `(${columns.map(quoted).join(', ')}) > (${values.join(', ')})`;
}

/** The parts of a row's own key, joined by slashes. */
export function keyOf(table: StoredTable, stored: Readonly<Record<string, unknown>>): string {
  return table.key.map((_, place) => String(stored[`k${place}`] ?? '')).join('/');
}

/** A column as `RowText` has it. Of one that is asked only whether it is there, nothing more is read. */
function textOf(table: StoredTable, column: string, checks: readonly QualityCheck[]): string {
  const name = quoted(column);
  const type = table.columns.get(column) ?? '';
  const readers = checks.filter((check) => columnsRead(check).includes(column));
  if (readers.every((check) => check.rule === 'COMPLETE' && check.column === column && check.of?.column !== column)) {
    const isText = /^(character|text)/.test(type);
    return `CASE WHEN ${name} IS NULL${isText ? ` OR btrim(${name}) = ''` : ''} THEN NULL ELSE '1' END`;
  }
  if (type.startsWith('timestamp')) return `to_char(${name} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
  return type.endsWith('[]') ? `array_to_json(${name})::text` : `${name}::text`;
}
