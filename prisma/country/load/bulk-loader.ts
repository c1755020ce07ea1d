import type { EncodedRows, Encoding } from './encode-rows.ts';

/** A way to fill the store of one library. */
export interface BulkLoader {
  readonly encoding: Encoding;
  /** Empties the store and makes it ready for rows. */
  begin(): Promise<void>;
  write(rows: EncodedRows): Promise<void>;
  /** From here on the store is complete. */
  finish(): Promise<void>;
  /** After an error: what was begun is left for the next start to repair. */
  abandon(): Promise<void>;
}

/** What a loader is told of the library it fills. */
export type Filling = Readonly<{ library: string; schema: string; persons: number; tables: Readonly<Record<string, readonly string[]>> }>;

/** `"credit"."Penalty"`. */
export function tableName({ schema }: Pick<Filling, 'schema'>, table: string): string {
  return `"${schema}"."${table}"`;
}

/** `"id", "name"`. */
export function columnList(columns: readonly string[]): string {
  return columns.map((column) => `"${column}"`).join(', ');
}

/** Empties all tables of the library at once. */
export function truncateStatement(filling: Filling): string {
  return `TRUNCATE ${Object.keys(filling.tables)
    .map((table) => tableName(filling, table))
    .join(', ')}`;
}
