import type { Block } from '../generate/block.ts';
import type { Country } from '../generate/country.ts';

/** A value of a column as PostgreSQL reads it from text: days as YYYY-MM-DD, geometry as EWKT, JSON as text, lists as lists. */
export type Cell = string | number | boolean | null | readonly string[];
export type Row = readonly Cell[];
/** Rows by table. */
export type Rows = Readonly<Record<string, Row[]>>;

/** What a library takes from the generated country; `seeds/<library>.ts` exports one as default. */
export type LibrarySeed = Readonly<{
  /** The columns of each table in the order in which rows give them; a table stands after those its foreign keys look at. */
  tables: Readonly<Record<string, readonly string[]>>;
  /** Rows that are there however many people there are. */
  reference?: (country: Country) => Rows;
  rows: (block: Block) => Rows;
}>;
