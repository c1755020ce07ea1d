import { refuseCursor } from '@longyuan/schema/src/paging/cursor.ts';
import { type KeysetPage, keysetPage } from '@longyuan/schema/src/paging/keyset-page.ts';
import type { SealedCursors } from '@longyuan/trust/sealed-cursor.ts';
import type { AskedRows } from '../serve/rows/asked-rows.ts';
import type { PersonFilter, PersonRow, PopulationStore } from './store.ts';

const PEOPLE = { field: 'Query.searchPersons' };

export type PersonSearch = PersonFilter & Readonly<{ first?: number | null; after?: string | null }>;

/**
 * A page of the people searched for, by their opaque key: an order that says nothing of them, in cursors that nobody else can read or make.
 * Ordered by citizen number, each page would tell whoever may not have the number where it lies. @throws GraphQLError `BAD_USER_INPUT`
 * for a cursor that no page gave.
 */
export async function searchPage(
  { first, after: cursor, ...filter }: PersonSearch,
  parts: Readonly<{ asked: AskedRows; store: PopulationStore; cursors: SealedCursors }>,
): Promise<KeysetPage<PersonRow>> {
  const { asked, store, cursors } = parts;
  const after = cursor ? await cursors.open(cursor) : null;
  if (cursor && after === null) throw refuseCursor(PEOPLE);
  return keysetPage({
    list: PEOPLE,
    first: first ?? 20,
    after: cursor ?? null,
    fetch: (limit) => store.searchPeople(filter, { asked, after, limit }),
    placeOf: (person) => [person.id],
    encode: ([id]) => cursors.seal(String(id)),
    count: () => store.countPeople(filter, asked.rows),
  });
}
