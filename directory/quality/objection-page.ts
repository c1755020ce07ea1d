import { isCalendarDay } from '@longyuan/schema/src/check-digits.ts';
import { decodeCursor, refuseCursor } from '@longyuan/schema/src/paging/cursor.ts';
import { type KeysetPage, keysetPage } from '@longyuan/schema/src/paging/keyset-page.ts';
import { dayInProvince } from '@longyuan/schema/src/province-day.ts';
import type { ObjectionFilter, ObjectionPlace, ObjectionRow, ObjectionStore } from './objection-store.ts';

const OBJECTIONS = { field: 'Query.objections' };

/** @throws GraphQLError for a cursor that no page gave. */
export function pageOfObjections(
  store: ObjectionStore,
  filter: ObjectionFilter,
  { first, after }: Readonly<{ first: number; after: string | null }>,
): KeysetPage<ObjectionRow> {
  const today = dayInProvince(Date.now());
  const place = after === null ? null : readPlace(after);
  return keysetPage({
    ...{ list: OBJECTIONS, first, after },
    fetch: (limit) => store.list(filter, today, place, limit),
    placeOf: ({ dueOn, id }) => [dueOn, id],
    count: () => store.count(filter, today),
  });
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function readPlace(cursor: string): ObjectionPlace {
  const [dueOn, id] = decodeCursor(cursor, OBJECTIONS, 2).map(String);
  if (dueOn && id && isCalendarDay(dueOn) && UUID.test(id)) return { dueOn, id };
  throw refuseCursor(OBJECTIONS);
}
