import { isCalendarDay } from '@longyuan/schema/src/check-digits.ts';
import { decodeCursor, refuseCursor } from '@longyuan/schema/src/paging/cursor.ts';
import { type KeysetPage, keysetPage } from '@longyuan/schema/src/paging/keyset-page.ts';
import type { AskedRows } from '../serve/rows/asked-rows.ts';
import { isRowNumber } from './published-list.ts';
import type { CreditStore, DishonestCondition, DishonestPlace, DishonestRow } from './store.ts';

/** A page of the list of the courts: at most `first` rows behind the cursor `after`. */
export type ListAsked = Readonly<{
  condition: Omit<DishonestCondition, 'on'>;
  first: number;
  after: string | null;
  asked: AskedRows;
}>;

/** The list of the courts as it is public on a day, in the order of publication. */
export function pageDishonestList(store: CreditStore, on: Date, { asked, ...list }: ListAsked): KeysetPage<DishonestRow> {
  const condition = { ...list.condition, on };
  const after = list.after === null ? null : placeIn(list.after);
  return keysetPage({
    list: DISHONEST,
    first: list.first,
    after: list.after,
    fetch: (limit) => store.findDishonest({ condition, after, limit, asked }),
    placeOf: (row) => [row.publishedOn.toISOString().slice(0, 10), row.id],
    count: () => store.countDishonest(condition, asked.rows),
  });
}

const DISHONEST = { field: 'Query.dishonestList' };

function placeIn(cursor: string): DishonestPlace {
  const [day, id] = decodeCursor(cursor, DISHONEST, 2);
  if (!isCalendarDay(String(day)) || !isRowNumber(id)) throw refuseCursor(DISHONEST);
  return { publishedOn: new Date(String(day)), id };
}
