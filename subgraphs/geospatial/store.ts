import { type Prisma, PrismaClient } from '@longyuan/prisma/geospatial/client/client.ts';
import type { PrismaPg } from '@prisma/adapter-pg';
import type { AskedRows } from '../serve/rows/asked-rows.ts';
import { narrowed, prismaWhere, selectColumns } from '../serve/rows/put-to-prisma.ts';
import type { RowRule } from '../serve/rows/row-rule.ts';
import { linkPaths } from './store/link-paths.ts';
import type {
  AddressRow,
  AddressSearch,
  BoundaryRow,
  DivisionName,
  DivisionRow,
  DivisionsAsked,
  DivisionsPart,
  EncumbranceRow,
  OwnershipRow,
  PoiRow,
  PoisAsked,
  UnitRow,
} from './store/rows.ts';
import { selectAddresses, selectFoundAddresses } from './store/select-addresses.ts';
import { selectBoundaries, selectDivisions } from './store/select-divisions.ts';
import { countPois, selectPois } from './store/select-pois.ts';

/**
 * The questions of the geospatial library. Each is one statement and reads the asked-for columns alone (and the keys), of the asked-for rows.
 * Geometry is no column that Prisma knows: what holds it is read by SQL of our own, in the `select-*.ts` beside this file.
 */
export type GeospatialStore = Readonly<{
  divisions(asked: DivisionsAsked, rows: AskedRows, part?: DivisionsPart): Promise<readonly DivisionRow[]>;
  boundaries(codes: readonly string[], toleranceDegrees: number): Promise<readonly BoundaryRow[]>;
  /** Every division there is. */
  divisionNames(): Promise<readonly DivisionName[]>;
  addresses(by: 'id' | 'code', keys: readonly string[], rows: AskedRows): Promise<readonly AddressRow[]>;
  /** What the searches find, at most `limit` for each; an address may come more than once. */
  findAddresses(searches: readonly AddressSearch[], rows: AskedRows, limit: number): Promise<readonly AddressRow[]>;
  pois(asked: PoisAsked, rows: AskedRows, limit: number): Promise<readonly PoiRow[]>;
  countPois(asked: PoisAsked, rows: RowRule): Promise<number>;
  units(by: 'id' | 'no', keys: readonly string[], rows: AskedRows): Promise<readonly UnitRow[]>;
  /** All that a person owns, alone or with others. */
  unitsOwnedBy(person: string): Promise<readonly Readonly<{ id: string; address: string }>[]>;
  /** `rows` says which units' ownerships. */
  ownerships(by: 'unitId' | 'person', keys: readonly string[], rows: AskedRows): Promise<readonly OwnershipRow[]>;
  encumbrances(unitIds: readonly string[], rows: AskedRows): Promise<readonly EncumbranceRow[]>;
  close(): Promise<void>;
}>;

/** The store over PostgreSQL with PostGIS. */
export function openGeospatialStore(adapter: PrismaPg): GeospatialStore {
  const prisma = new PrismaClient({ adapter });
  // The row types say of each statement which columns it lists; the database's answer is not checked again.
  const ask = <Row>(sql: Prisma.Sql): Promise<Row[]> => prisma.$queryRaw<Row[]>(sql);
  return {
    divisions: async (asked, rows, part) => {
      const found = await ask<DivisionRow & { isAsked?: boolean }>(selectDivisions(asked, rows, part));
      return rows.columns.includes('path') ? linkPaths(found).filter((_, at) => found[at]?.isAsked) : found;
    },
    boundaries: (codes, toleranceDegrees) => ask<BoundaryRow>(selectBoundaries(codes, toleranceDegrees)),
    divisionNames: () => prisma.administrativeDivision.findMany({ select: { code: true, name: true, level: true } }),
    addresses: (by, keys, rows) => ask<AddressRow>(selectAddresses(by, keys, rows)),
    findAddresses: (searches, rows, limit) => ask<AddressRow>(selectFoundAddresses(searches, rows, limit)),
    pois: (asked, rows, limit) => ask<PoiRow>(selectPois(asked, rows, limit)),
    countPois: async (asked, rows) => (await ask<{ total: number }>(countPois(asked, rows)))[0]?.total ?? 0,
    units: (by, keys, { columns, rows }) =>
      prisma.realEstateUnit.findMany({
        where: narrowed({ [by]: { in: [...keys] } }, rows),
        select: selectColumns<UnitRow>(columns, ['id', 'no']),
        orderBy: { no: 'asc' },
      }),
    unitsOwnedBy: (person) =>
      prisma.realEstateUnit.findMany({ where: { owners: { some: { person } } }, select: { id: true, address: true } }),
    ownerships: (by, keys, { columns, rows }) =>
      prisma.ownership.findMany({
        where: { [by]: { in: [...keys] }, ...(rows.kind === 'all' ? {} : { unit: prismaWhere(rows) }) },
        select: selectColumns<OwnershipRow>(columns, ['unitId', 'person']),
        orderBy: [{ unitId: 'asc' }, { ordinal: 'asc' }],
      }),
    encumbrances: (unitIds, { columns }) =>
      prisma.encumbrance.findMany({
        where: { unitId: { in: [...unitIds] } },
        select: selectColumns<EncumbranceRow>(columns, ['unitId']),
        orderBy: [{ unitId: 'asc' }, { ordinal: 'asc' }],
      }),
    close: () => prisma.$disconnect(),
  };
}
