import { decodeCursor, type PagedList, refuseCursor } from '@longyuan/schema/src/paging/cursor.ts';
import { type KeysetPage, keysetPage } from '@longyuan/schema/src/paging/keyset-page.ts';
import type { AskedRows } from '../serve/rows/asked-rows.ts';
import { every, type RowRule } from '../serve/rows/row-rule.ts';
import type { PublishedWalk } from './store.ts';

/** A page of records that are published (双公示): at most `first` rows behind the cursor `after`; `division` null: of the whole province. */
export type PublishedAsked = Readonly<{ division: string | null; first: number; after: string | null; asked: AskedRows }>;

/**
 * The records for which a predicate of the library holds, whoever asks: of records that it does not hold for nobody makes a list here. In
 * the order of their numbers.
 */
export function pagePublished<Row extends { readonly id: number }>(
  walk: PublishedWalk<Row>,
  published: RowRule,
  { division, first, after: cursor, asked, list }: PublishedAsked & Readonly<{ list: PagedList }>,
): KeysetPage<Row> {
  const rows = every([published, asked.rows]);
  const after = cursor === null ? null : placeIn(cursor, list);
  return keysetPage({
    ...{ list, first, after: cursor },
    fetch: (limit) => walk.find({ division, after, limit, asked: { columns: asked.columns, rows } }),
    placeOf: (row) => [row.id],
    count: () => walk.count(division, rows),
  });
}

function placeIn(cursor: string, list: PagedList): number {
  const [id] = decodeCursor(cursor, list, 1);
  if (!isRowNumber(id)) throw refuseCursor(list);
  return id;
}

/** PostgreSQL's integer. */
export function isRowNumber(value: unknown): value is number {
  return typeof value === 'number' && (value | 0) === value;
}
