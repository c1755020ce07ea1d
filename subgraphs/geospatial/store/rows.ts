import type {
  AdministrativeDivision,
  Encumbrance,
  Ownership,
  Poi,
  RealEstateUnit,
  StandardAddress,
} from '@longyuan/prisma/geospatial/client/client.ts';
import type { AskedRow } from '../../serve/rows/put-to-prisma.ts';

/** What a point of interest is. */
export type PoiCategory = Poi['category'];
/** A geometry as RFC 7946 writes it, in degrees of CGCS2000. */
type Geometry = Readonly<{ type: string; coordinates: readonly unknown[] }>;
export type Point = Readonly<{ lon: number; lat: number }>;

/** `path` goes from the province down to the division itself; it is there when it was asked for. */
export type DivisionRow = AskedRow<AdministrativeDivision, 'code'> & Readonly<{ seat?: Geometry | null; path?: readonly DivisionRow[] }>;
export type DivisionName = Pick<AdministrativeDivision, 'code' | 'name' | 'level'>;
export type BoundaryRow = Readonly<{ code: string; boundary: Geometry | null }>;
export type AddressRow = AskedRow<StandardAddress, 'id' | 'code'> & Readonly<{ location?: Geometry }>;
export type PoiRow = AskedRow<Poi, 'code'> & Readonly<{ location?: Geometry; distanceMetres: number | null }>;
export type UnitRow = AskedRow<RealEstateUnit, 'id' | 'no'>;
export type OwnershipRow = AskedRow<Ownership, 'unitId' | 'person'>;
export type EncumbranceRow = AskedRow<Encumbrance, 'unitId'>;

/** Which divisions: by code, right below these, all of a level inside one, or the lowest that holds a point. */
export type DivisionsAsked =
  | Readonly<{ kind: 'codes'; codes: readonly string[] }>
  | Readonly<{ kind: 'children'; parents: readonly string[] }>
  | Readonly<{ kind: 'belowProvince' }>
  | Readonly<{ kind: 'level'; level: number; inside: string | null }>
  | Readonly<{ kind: 'holding'; point: Point }>;

/** Which part of them, by code: those after `after`, `limit` at most; null: from the first, or all. */
export type DivisionsPart = Readonly<{ after: string | null; limit: number | null }>;

/** Which points of interest: `near` orders by distance, else the code does. `after` is the place of the last row already seen. */
export type PoisAsked = Readonly<{
  category: PoiCategory;
  within: string | null;
  near: Point | null;
  radiusMetres: number | null;
  after: Readonly<{ distanceMetres: number; code: string }> | null;
}>;

/** One way to look for an address: in these villages or inside this division, on this street, with one of these numbers and rooms. */
export type AddressSearch = Readonly<{
  where:
    | Readonly<{ kind: 'villages'; codes: readonly string[] }>
    | Readonly<{ kind: 'inside'; division: string }>
    | Readonly<{ kind: 'anywhere' }>;
  street: string | null;
  numbers: readonly string[] | null;
  rooms: readonly string[] | null;
}>;
