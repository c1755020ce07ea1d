import { schemaOf } from '@longyuan/prisma/store/connect/library-names.ts';

/** Puts one statement to the library's database. */
export type Ask = <Row extends Record<string, unknown>>(sql: string, values: readonly unknown[]) => Promise<readonly Row[]>;

/** A table as the database describes it. */
export type StoredTable = Readonly<{
  name: string;
  /** `"population"."Person"`, as SQL names it. */
  sqlName: string;
  /** SQL type by column. */
  columns: ReadonlyMap<string, string>;
  /** Columns of the primary key, in its order; empty where there is none. */
  key: readonly string[];
  /** Columns that an index begins with. */
  indexed: ReadonlySet<string>;
}>;

/** A table of a library's store as the catalogue describes it, in two short looks; null where there is none. */
export async function readStoredTable(ask: Ask, library: string, name: string): Promise<StoredTable | null> {
  const sqlName = `${quoted(schemaOf(library))}.${quoted(name)}`;
  const columns = await ask<{ number: number; name: string; type: string }>(
    `SELECT attnum AS number, attname::text AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [sqlName],
  );
  if (columns.length === 0) return null;
  const indexes = await ask<{ isPrimary: boolean; numbers: string }>(
    `SELECT indisprimary AS "isPrimary", indkey::text AS numbers FROM pg_index
     WHERE indrelid = to_regclass($1) AND indisvalid AND indpred IS NULL`,
    [sqlName],
  );
  const nameOf = new Map(columns.map((column) => [String(column.number), column.name]));
  const columnsOf = ({ numbers }: { numbers: string }) => numbers.split(' ').flatMap((number) => nameOf.get(number) ?? []);
  const primary = indexes.find(({ isPrimary }) => isPrimary);
  return {
    ...{ name, sqlName },
    columns: new Map(columns.map((column) => [column.name, column.type])),
    key: primary ? columnsOf(primary) : [],
    // An index over an expression begins with no column.
    indexed: new Set(indexes.flatMap(({ numbers }) => nameOf.get(numbers.split(' ')[0] ?? '') ?? [])),
  };
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
