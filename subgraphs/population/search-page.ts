import { decodeCursor } from '@longyuan/schema/src/paging/cursor.ts';
import { type KeysetPage, keysetPage } from '@longyuan/schema/src/paging/keyset-page.ts';
import type { AskedRows } from '../serve/asked-rows.ts';
import type { FoundPerson, PersonFilter, PopulationStore } from './store.ts';

export type PersonSearch = PersonFilter & Readonly<{ first?: number | null; after?: string | null }>;

/** A page of the people searched for, by citizen number. @throws GraphQLError `BAD_USER_INPUT` for a cursor that no page gave. */
export async function searchPage(search: PersonSearch, asked: AskedRows, store: PopulationStore): Promise<KeysetPage<FoundPerson>> {
  const { first: firstAsked, after: cursor, ...filter } = search;
  const first = firstAsked ?? 20;
  const after = cursor ? String(decodeCursor(cursor, 1)[0]) : null;
  return keysetPage({
    first,
    fetch: (limit) => store.searchPeople(filter, { asked, after, limit }),
    placeOf: (person) => [person.idNumber],
    count: () => store.countPeople(filter, asked.rows),
  });
}
