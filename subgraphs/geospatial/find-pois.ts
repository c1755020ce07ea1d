import { badUserInput } from '@longyuan/schema/src/error-codes.ts';
import { decodeCursor } from '@longyuan/schema/src/paging/cursor.ts';
import { type KeysetPage, keysetPage } from '@longyuan/schema/src/paging/keyset-page.ts';
import type { AskedRows } from '../serve/asked-rows.ts';
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
  const asked = readArguments(args);
  return keysetPage({
    // A caller may write null in place of the SDL's default.
    first: args.first ?? 20,
    after: args.after ?? null,
    fetch: async (limit) => {
      const found = await store.pois(asked, rows, limit);
      if (found.length === 0) await refuseUnknownDivision(store, 'within', asked.within);
      return found;
    },
    placeOf: ({ distanceMetres, code }) => (distanceMetres === null ? [code] : [distanceMetres, code]),
    count: () => store.countPois(asked, rows.rows),
  });
}

function readArguments({ category, within = null, near = null, radius = null, after = null }: PoisArguments): PoisAsked {
  if (radius !== null && near === null) throw badUserInput('radius', 'NEEDS_NEAR');
  return { category, within, near, radiusMetres: radius, after: after === null ? null : readPlace(after, near !== null) };
}

function readPlace(after: string, isByDistance: boolean): PoisAsked['after'] {
  const values = decodeCursor(after, isByDistance ? 2 : 1);
  const [distanceMetres, code] = isByDistance ? values : [0, values[0]];
  if (typeof distanceMetres !== 'number' || typeof code !== 'string') throw badUserInput('after', 'CURSOR');
  return { distanceMetres, code };
}
