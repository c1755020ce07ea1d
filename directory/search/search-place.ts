import { decodeCursor, type PagedList, refuseCursor } from '@longyuan/schema/src/paging/cursor.ts';

/**
 * Where a row stands in a walk through the directory, and so what a cursor holds. Tier 0: its code or name is the text itself;
 * 1: its name holds the text, shorter names first; 2: something around it does; 3: nothing is searched for. Within those by code.
 */
export type SearchPlace = Readonly<{ tier: 0 | 1 | 2 | 3; length: number; code: string }>;

/** @throws GraphQLError `BAD_USER_INPUT` for anything that no page gave out, and for the cursor of another kind of walk. */
export function readPlace(cursor: string, list: PagedList, isSearch: boolean): SearchPlace {
  const [tier, length, code] = decodeCursor(cursor, list, 3);
  const isTier = tier === 0 || tier === 1 || tier === 2 || tier === 3;
  if (!isTier || !Number.isSafeInteger(length) || typeof length !== 'number' || typeof code !== 'string' || (tier === 3) === isSearch) {
    throw refuseCursor(list);
  }
  return { tier, length: Math.min(length, 10_000), code };
}
