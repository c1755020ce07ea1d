import type { RecordName } from '@longyuan/schema/src/quality/quality-checks.ts';
import { keyOf } from './measure-rows.ts';
import { type Ask, quoted, type StoredTable } from './stored-tables.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Which of these keys no row has. What has not the form of a key is no row's. */
export async function findMissing(ask: Ask, table: StoredTable, column: string, keys: readonly string[]): Promise<readonly string[]> {
  const type = table.columns.get(column) ?? 'text';
  const [possible, impossible] = [
    keys.filter((key) => type !== 'uuid' || UUID.test(key)),
    keys.filter((key) => type === 'uuid' && !UUID.test(key)),
  ];
  if (possible.length === 0) return impossible;
  const rows = await ask<{ key: string }>(
    `SELECT asked.key FROM unnest($1::text[]) AS asked(key)
     WHERE NOT EXISTS (SELECT FROM ${table.sqlName} t WHERE t.${quoted(column)} = asked.key::${type})`,
    [possible],
  );
  return [...impossible, ...rows.map(({ key }) => key)];
}

/** The own key of the record that bears this name in one of the columns; null where none does, or where its key may not be said. */
export async function findRecord(
  ask: Ask,
  table: StoredTable,
  names: readonly RecordName[],
  record: string,
  isSayable: boolean,
): Promise<string | null> {
  if (names.length === 0) return null;
  const keys = table.key.map((column, place) => `${quoted(column)}::text AS k${place}`);
  const conditions = names.map(({ column }) => `${quoted(column)} = $1`);
  const [row] = await ask<Record<string, string>>(
    `SELECT ${keys.join(', ')} FROM ${table.sqlName} WHERE ${conditions.join(' OR ')} LIMIT 1`,
    [record],
  );
  return row && isSayable ? keyOf(table, row) : null;
}
