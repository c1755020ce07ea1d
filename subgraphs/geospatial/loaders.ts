import { manyByKey, oneByKey } from '../serve/batch.ts';
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
      (codes, columns) => store.divisions({ kind: 'codes', codes }, columns),
      ({ code }) => code,
    ),
    children: manyByKey<DivisionRow>(
      (parents, columns) => store.divisions({ kind: 'children', parents }, [...new Set([...columns, 'parent'])]),
      ({ parent }) => parent ?? '',
    ),
    boundary: manyByKey<BoundaryRow, number>(
      (codes, _, toleranceDegrees) => store.boundaries(codes, toleranceDegrees),
      ({ code }) => code,
    ),
    address: oneByKey(
      (ids, columns) => store.addresses('id', ids, columns),
      ({ id }) => id,
    ),
    addressByCode: oneByKey(
      (codes, columns) => store.addresses('code', codes, columns),
      ({ code }) => code,
    ),
    unit: oneByKey(
      (ids, columns) => store.units('id', ids, columns),
      ({ id }) => id,
    ),
    unitByNo: oneByKey(
      (nos, columns) => store.units('no', nos, columns),
      ({ no }) => no,
    ),
    owners: manyByKey(
      (unitIds, columns) => store.ownerships('unitId', unitIds, columns),
      ({ unitId }) => unitId,
    ),
    encumbrances: manyByKey(
      (unitIds, columns) => store.encumbrances(unitIds, columns),
      ({ unitId }) => unitId,
    ),
    unitsOfPerson: manyByKey(
      (persons, columns) => findUnitsOf(store, persons, columns),
      ({ owner }) => owner,
    ),
    locate: async (point: Point, columns: readonly string[]) => (await store.divisions({ kind: 'holding', point }, columns))[0] ?? null,
    findDivisions: findDivisions.bind(null, store),
    findPois: findPois.bind(null, store),
    findMatches: findMatches.bind(null, store),
  };
}

/** Units with each of the persons who own them, by number: one statement for the ownerships and one for the units. */
async function findUnitsOf(
  store: StoreWithGazetteer,
  persons: readonly string[],
  columns: readonly string[],
): Promise<readonly (UnitRow & { owner: string })[]> {
  const ownerships = await store.ownerships('person', persons, []);
  const ownersOf = Map.groupBy(ownerships, ({ unitId }) => unitId);
  if (ownersOf.size === 0) return [];
  const units = await store.units('id', [...ownersOf.keys()], columns);
  return units.flatMap((unit) => {
    const owners = new Set(ownersOf.get(unit.id)?.map(({ person }) => person ?? ''));
    return [...owners].map((owner) => ({ ...unit, owner }));
  });
}
