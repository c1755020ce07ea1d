import { decodeCursor, type PagedList, refuseCursor } from '@longyuan/schema/src/paging/cursor.ts';
import { type KeysetPage, keysetPage } from '@longyuan/schema/src/paging/keyset-page.ts';
import { badUserInput } from '@longyuan/schema/src/refuse.ts';
import type { AskedRows } from '../serve/rows/asked-rows.ts';
import { refuseUnknownDivision } from './refuse-unknown-division.ts';
import type { PoiCategory, Point, PoiRow, PoisAsked } from './store/rows.ts';
import type { GeospatialStore } from './store.ts';

export type PoisArguments = Readonly<{
  category: PoiCategory;
  within?: string | null;
  near?: Point | null;
  radius?: number | null;
  first?: number | null;
  after?: string | null;
}>;

/**
 * A page of points of interest: the nearest first where `near` is given, else by code.
 * @throws GraphQLError `BAD_USER_INPUT` for `radius` without `near`, a cursor of another order, a division that does not exist.
 */
export function findPois(store: GeospatialStore, args: PoisArguments, rows: AskedRows): KeysetPage<PoiRow> {
  const list = listOf(args.near ?? null);
  const asked = readArguments(args, list);
  return keysetPage({
    list,
    // A caller may write null in place of the SDL's default.
    first: args.first ?? 20,
    after: args.after ?? null,
    fetch: async (limit) => {
      const found = await store.pois(asked, rows, limit);
      if (found.length === 0) await refuseUnknownDivision(store, 'Query.pois(within:)', asked.within);
      return found;
    },
    placeOf: ({ distanceMetres, code }) => (distanceMetres === null ? [code] : [distanceMetres, code]),
    count: () => store.countPois(asked, rows.rows),
  });
}

/** Distances from one point are another order than those from the next. */
function listOf(near: Point | null): PagedList {
  return { field: 'Query.pois', order: near === null ? 'code' : `from ${near.lon} ${near.lat}` };
}

function readArguments({ category, within = null, near = null, radius = null, after = null }: PoisArguments, list: PagedList): PoisAsked {
  if (radius !== null && near === null) throw badUserInput('Query.pois(radius:)', 'NEEDS_NEAR');
  return { category, within, near, radiusMetres: radius, after: after === null ? null : readPlace(after, near !== null, list) };
}

function readPlace(after: string, isByDistance: boolean, list: PagedList): PoisAsked['after'] {
  const values = decodeCursor(after, list, isByDistance ? 2 : 1);
  const [distanceMetres, code] = isByDistance ? values : [0, values[0]];
  if (typeof distanceMetres !== 'number' || typeof code !== 'string') throw refuseCursor(list);
  return { distanceMetres, code };
}
