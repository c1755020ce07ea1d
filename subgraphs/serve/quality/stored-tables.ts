import { schemaOf } from '@longyuan/prisma/connect/library-names.ts';

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

type Described = Readonly<{ table: string; names: string[]; types: string[]; key: string[] | null; indexed: string[] | null }>;

/** Every table of a library's store, by name: one short look at the catalogue. */
export async function readStoredTables(ask: Ask, library: string): Promise<ReadonlyMap<string, StoredTable>> {
  const schema = schemaOf(library);
  const rows = await ask<Described>(
    `SELECT c.relname::text AS "table",
       (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a WHERE ${OF_TABLE}) AS names,
       (SELECT array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum) FROM pg_attribute a WHERE ${OF_TABLE}) AS types,
       (SELECT array_agg(a.attname::text ORDER BY k.place) FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY AS k(number, place), pg_attribute a
        WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid AND a.attnum = k.number) AS key,
       (SELECT array_agg(a.attname::text) FROM pg_index i, pg_attribute a
        WHERE i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL AND a.attrelid = c.oid AND a.attnum = i.indkey[0]) AS indexed
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind IN ('r', 'p')`,
    [schema],
  );
  return new Map(
    rows.map(({ table, names, types, key, indexed }) => [
      table,
      {
        name: table,
        sqlName: `${quoted(schema)}.${quoted(table)}`,
        columns: new Map(names.map((name, place) => [name, types[place] ?? ''])),
        key: key ?? [],
        indexed: new Set(indexed),
      },
    ]),
  );
}

const OF_TABLE = 'a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped';

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
