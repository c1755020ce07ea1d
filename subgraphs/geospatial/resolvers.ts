import type { GraphQLResolveInfo } from 'graphql';
import { askedColumns, askedColumnsBelow } from '../serve/asked-columns.ts';
import type { Context } from '../serve/context.ts';
import type { ResolverMap } from '../serve/define-library.ts';
import {
  addressColumns,
  askedDivisionColumns,
  encumbranceColumns,
  needsMoreThan,
  ownershipColumns,
  poiColumns,
  unitColumns,
} from './columns.ts';
import type { DivisionsArguments } from './find-divisions.ts';
import type { MatchArguments } from './find-matches.ts';
import type { PoisArguments } from './find-pois.ts';
import type { GeospatialLoaders } from './loaders.ts';
import type { AddressRow, DivisionRow, OwnershipRow, Point, PoiRow, UnitRow } from './store/rows.ts';

type Ctx = Context<GeospatialLoaders>;
type Info = GraphQLResolveInfo;

/** Which loader answers which field. */
export const resolvers: ResolverMap = {
  Query: {
    division: (_: unknown, { code }: { code: string }, { loaders }: Ctx, info: Info) =>
      loaders.division.load(code, askedDivisionColumns(info)),
    divisions: (_: unknown, args: DivisionsArguments, { loaders }: Ctx, info: Info) =>
      loaders.findDivisions(args, askedDivisionColumns(info)),
    address: (_: unknown, { code }: { code: string }, { loaders }: Ctx, info: Info) =>
      loaders.addressByCode.load(code, askedAddressColumns(info)),
    matchAddress: (_: unknown, args: MatchArguments, { loaders }: Ctx, info: Info) =>
      loaders.findMatches(args, askedAddressColumns(info, ['address'])),
    locate: (_: unknown, point: Point, { loaders }: Ctx, info: Info) => loaders.locate(point, askedDivisionColumns(info)),
    pois: (_: unknown, args: PoisArguments, { loaders }: Ctx, info: Info) =>
      loaders.findPois(args, askedColumnsBelow(info, ['nodes'], 'Poi', poiColumns)),
    realEstateUnit: (_: unknown, { no }: { no: string }, { loaders }: Ctx, info: Info) => loaders.unitByNo.load(no, askedUnitColumns(info)),
  },
  AdministrativeDivision: {
    __resolveReference: ({ code }: DivisionRow, { loaders }: Ctx, info: Info) => loaders.division.load(code, askedDivisionColumns(info)),
    parent: ({ path, parent }: DivisionRow) => path?.at(-2) ?? (parent ? { code: parent } : null),
    children: ({ code }: DivisionRow, _: unknown, { loaders }: Ctx, info: Info) =>
      loaders.children.load(code, askedDivisionColumns(info), undefined),
    boundary: async ({ code }: DivisionRow, { tolerance }: { tolerance: number | null }, { loaders }: Ctx) =>
      (await loaders.boundary.load(code, [], tolerance ?? 0.001))[0]?.boundary ?? null,
    replacedBy: ({ replacedBy }: DivisionRow, _: unknown, ctx: Ctx, info: Info) => replacedBy?.map((code) => divisionOf(code, ctx, info)),
  },
  StandardAddress: {
    __resolveReference: ({ id }: AddressRow, { loaders }: Ctx, info: Info) => loaders.address.load(id, askedAddressColumns(info)),
    division: ({ division }: AddressRow, _: unknown, ctx: Ctx, info: Info) => divisionOf(division, ctx, info),
  },
  Poi: {
    division: ({ division }: PoiRow, _: unknown, ctx: Ctx, info: Info) => divisionOf(division, ctx, info),
  },
  RealEstateUnit: {
    __resolveReference: ({ id }: UnitRow, { loaders }: Ctx, info: Info) => loaders.unit.load(id, askedUnitColumns(info)),
    address: ({ address }: UnitRow, _: unknown, ctx: Ctx, info: Info) => addressOf(address, ctx, info),
    areaSquareMetres: ({ areaSquareMetres }: UnitRow) => areaSquareMetres?.toNumber(),
    owners: ({ id }: UnitRow, _: unknown, { loaders }: Ctx, info: Info) =>
      loaders.owners.load(id, askedColumns(info, 'Ownership', ownershipColumns), undefined),
    encumbrances: ({ id }: UnitRow, _: unknown, { loaders }: Ctx, info: Info) =>
      loaders.encumbrances.load(id, askedColumns(info, 'Encumbrance', encumbranceColumns), undefined),
  },
  Ownership: {
    person: ({ person }: OwnershipRow) => (person ? { id: person } : null),
    entity: ({ entity }: OwnershipRow) => (entity ? { uscc: entity } : null),
  },
  Person: {
    __resolveReference: ({ id }: { id: string }) => ({ id }),
    realEstate: ({ id }: { id: string }, _: unknown, { loaders }: Ctx, info: Info) =>
      loaders.unitsOfPerson.load(id, askedUnitColumns(info), undefined),
  },
};

const askedAddressColumns = (info: Info, below: readonly string[] = []) =>
  askedColumnsBelow(info, below, 'StandardAddress', addressColumns);
const askedUnitColumns = (info: Info) => askedColumns(info, 'RealEstateUnit', unitColumns);

/** The division that a row lies in; its code alone is known already. */
function divisionOf(code: string | undefined, { loaders }: Ctx, info: Info) {
  const columns = askedDivisionColumns(info);
  if (code === undefined || !needsMoreThan('code', columns)) return code === undefined ? null : { code };
  return loaders.division.load(code, columns);
}

/** The address of a unit; its key alone is known already. */
function addressOf(id: string | undefined, { loaders }: Ctx, info: Info) {
  const columns = askedAddressColumns(info);
  if (id === undefined || !needsMoreThan('id', columns)) return id === undefined ? null : { id };
  return loaders.address.load(id, columns);
}
