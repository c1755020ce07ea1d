import type { AskedRows } from '../serve/rows/asked-rows.ts';
import { manyByKey, oneByKey } from '../serve/rows/batch.ts';
import { findDivisions } from './find-divisions.ts';
import { findMatches } from './find-matches.ts';
import { findPois } from './find-pois.ts';
import type { StoreWithGazetteer } from './keep-gazetteer.ts';
import type { BoundaryRow, DivisionRow, Point, UnitRow } from './store/rows.ts';

export type GeospatialLoaders = ReturnType<typeof makeGeospatialLoaders>;

/** What the resolvers of one request ask. */
export function makeGeospatialLoaders(store: StoreWithGazetteer) {
  return {
    division: oneByKey(
      (codes, asked) => store.divisions({ kind: 'codes', codes }, asked),
      ({ code }) => code,
    ),
    children: manyByKey<DivisionRow>(
      (parents, { columns, rows }) =>
        store.divisions({ kind: 'children', parents }, { columns: [...new Set([...columns, 'parent'])], rows }),
      ({ parent }) => parent ?? '',
    ),
    boundary: manyByKey<BoundaryRow, number>(
      (codes, _, toleranceDegrees) => store.boundaries(codes, toleranceDegrees),
      ({ code }) => code,
    ),
    address: oneByKey(
      (ids, asked) => store.addresses('id', ids, asked),
      ({ id }) => id,
    ),
    addressByCode: oneByKey(
      (codes, asked) => store.addresses('code', codes, asked),
      ({ code }) => code,
    ),
    unit: oneByKey(
      (ids, asked) => store.units('id', ids, asked),
      ({ id }) => id,
    ),
    unitByNo: oneByKey(
      (nos, asked) => store.units('no', nos, asked),
      ({ no }) => no,
    ),
    owners: manyByKey(
      (unitIds, asked) => store.ownerships('unitId', unitIds, asked),
      ({ unitId }) => unitId,
    ),
    encumbrances: manyByKey(
      (unitIds, asked) => store.encumbrances(unitIds, asked),
      ({ unitId }) => unitId,
    ),
    unitsOfPerson: manyByKey(
      (persons, asked) => findUnitsOf(store, persons, asked),
      ({ owner }) => owner,
    ),
    locate: async (point: Point, asked: AskedRows) => (await store.divisions({ kind: 'holding', point }, asked))[0] ?? null,
    findDivisions: findDivisions.bind(null, store),
    findPois: findPois.bind(null, store),
    findMatches: findMatches.bind(null, store),
  };
}

/**
 * Units with each of the persons who own them, by number: one statement for the ownerships and one for the units. Ownerships are those of
 * units in scope, so that a unit outside is as one that is not there, also by how much is read.
 */
async function findUnitsOf(
  store: StoreWithGazetteer,
  persons: readonly string[],
  asked: AskedRows,
): Promise<readonly (UnitRow & { owner: string })[]> {
  const ownerships = await store.ownerships('person', persons, { columns: [], rows: asked.rows });
  const ownersOf = Map.groupBy(ownerships, ({ unitId }) => unitId);
  if (ownersOf.size === 0) return [];
  const units = await store.units('id', [...ownersOf.keys()], asked);
  return units.flatMap((unit) => {
    const owners = new Set(ownersOf.get(unit.id)?.map(({ person }) => person ?? ''));
    return [...owners].map((owner) => ({ ...unit, owner }));
  });
}
