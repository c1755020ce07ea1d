import { shortDivisionCode } from '@longyuan/schema/src/division-prefix.ts';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../serve/call/context.ts';
import type { ResolverMap } from '../serve/define-library.ts';
import { everyRow } from '../serve/rows/asked-rows.ts';
import { holds } from '../serve/rows/row-rule.ts';
import { asked, hasToBeRead } from './columns.ts';
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
    division: (_: unknown, { code }: { code: string }, ctx: Ctx, info: Info) =>
      ctx.loaders.division.load(shortDivisionCode(code), asked.division(ctx, info)),
    divisions: (_: unknown, args: DivisionsArguments, ctx: Ctx, info: Info) => ctx.loaders.findDivisions(args, asked.division(ctx, info)),
    address: (_: unknown, { code }: { code: string }, ctx: Ctx, info: Info) =>
      ctx.loaders.addressByCode.load(code, asked.address(ctx, info)),
    matchAddress: (_: unknown, args: MatchArguments, ctx: Ctx, info: Info) =>
      ctx.loaders.findMatches({ ...args, comparesRooms: mayCompareRooms(ctx) }, asked.matchedAddress(ctx, info)),
    locate: (_: unknown, point: Point, ctx: Ctx, info: Info) => ctx.loaders.locate(point, asked.division(ctx, info)),
    pois: (_: unknown, args: PoisArguments, ctx: Ctx, info: Info) => ctx.loaders.findPois(args, asked.poi(ctx, info)),
    realEstateUnit: (_: unknown, { no }: { no: string }, ctx: Ctx, info: Info) => ctx.loaders.unitByNo.load(no, asked.unit(ctx, info)),
  },
  AdministrativeDivision: {
    __resolveReference: ({ code }: DivisionRow, ctx: Ctx, info: Info) => ctx.loaders.division.load(code, asked.division(ctx, info)),
    parent: ({ path, parent }: DivisionRow, _: unknown, ctx: Ctx, info: Info) =>
      inScope(path?.at(-2) ?? (parent ? { code: parent } : null), ctx, info),
    path: ({ path }: DivisionRow, _: unknown, ctx: Ctx, info: Info) => path?.filter((row) => inScope(row, ctx, info) !== null),
    children: ({ code }: DivisionRow, _: unknown, ctx: Ctx, info: Info) =>
      ctx.loaders.children.load(code, asked.division(ctx, info), undefined),
    boundary: async ({ code }: DivisionRow, { tolerance }: { tolerance: number | null }, { loaders }: Ctx) =>
      (await loaders.boundary.load(code, everyRow([]), tolerance ?? 0.001))[0]?.boundary ?? null,
    replacedBy: ({ replacedBy }: DivisionRow, _: unknown, ctx: Ctx, info: Info) => replacedBy?.map((code) => divisionOf(code, ctx, info)),
  },
  StandardAddress: {
    __resolveReference: ({ id }: AddressRow, ctx: Ctx, info: Info) => ctx.loaders.address.load(id, asked.address(ctx, info)),
    division: ({ division }: AddressRow, _: unknown, ctx: Ctx, info: Info) => divisionOf(division, ctx, info),
  },
  Poi: {
    division: ({ division }: PoiRow, _: unknown, ctx: Ctx, info: Info) => divisionOf(division, ctx, info),
  },
  RealEstateUnit: {
    __resolveReference: ({ id }: UnitRow, ctx: Ctx, info: Info) => ctx.loaders.unit.load(id, asked.unit(ctx, info)),
    address: ({ address }: UnitRow, _: unknown, ctx: Ctx, info: Info) => addressOf(address, ctx, info),
    areaSquareMetres: ({ areaSquareMetres }: UnitRow) => areaSquareMetres?.toNumber(),
    owners: async ({ id }: UnitRow, _: unknown, ctx: Ctx, info: Info) =>
      sharesShown(await ctx.loaders.owners.load(id, asked.ownership(ctx, info), undefined), ctx),
    encumbrances: ({ id }: UnitRow, _: unknown, ctx: Ctx, info: Info) =>
      ctx.loaders.encumbrances.load(id, asked.encumbrance(ctx, info), undefined),
  },
  Ownership: {
    person: ({ person }: OwnershipRow) => (person ? { id: person } : null),
    entity: ({ entity }: OwnershipRow) => (entity ? { uscc: entity } : null),
  },
  Person: {
    __resolveReference: ({ id }: { id: string }) => ({ id }),
    realEstate: ({ id }: { id: string }, _: unknown, ctx: Ctx, info: Info) =>
      ctx.loaders.unitsOfPerson.load(id, asked.unit(ctx, info), undefined),
  },
};

/** A person is shown their own share of what is theirs: who owns it with them is no affair of theirs here. */
function sharesShown(shares: readonly OwnershipRow[], { access }: Ctx): readonly OwnershipRow[] {
  const { caller } = access.standing;
  return caller.kind === 'citizen' ? shares.filter(({ person }) => person === caller.person) : shares;
}

/** A match by building and room tells them: it is for those who may have them in every row. */
function mayCompareRooms({ access }: Ctx): boolean {
  return ['building', 'room'].every((field) => access.ofField('StandardAddress', field).visible.rows === 'ALL');
}

/** A division above one that was read. */
function inScope(row: DivisionRow | null, ctx: Ctx, info: Info): DivisionRow | null {
  return row && holds(asked.division(ctx, info).rows, row) ? row : null;
}

/** The division that a row lies in; its code alone is known already. */
function divisionOf(code: string | undefined, ctx: Ctx, info: Info) {
  const rows = asked.division(ctx, info);
  if (code === undefined || !hasToBeRead('code', rows)) return code === undefined ? null : { code };
  return ctx.loaders.division.load(code, rows);
}

/** The address of a unit; its key alone is known already. */
function addressOf(id: string | undefined, ctx: Ctx, info: Info) {
  const rows = asked.address(ctx, info);
  if (id === undefined || !hasToBeRead('id', rows)) return id === undefined ? null : { id };
  return ctx.loaders.address.load(id, rows);
}
