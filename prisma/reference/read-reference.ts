import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codesOfTable } from '@longyuan/schema/src/code-tables.ts';
import { type Division, readDivisions } from '@longyuan/schema/src/division-table.ts';

export type { Division };

type Seat = Readonly<{ code: string; lon: number; lat: number }>;
/** Rings of a MultiPolygon as in GeoJSON. */
export type Boundary = Readonly<{ code: string; polygons: readonly (readonly (readonly Position[])[])[] }>;
export type Position = readonly [lon: number, lat: number];
export type Reference = Readonly<{
  divisions: readonly Division[];
  seats: ReadonlyMap<string, Seat>;
  boundaries: ReadonlyMap<string, Boundary>;
  /** Residents of each prefecture in the census of 2020. */
  residents: Readonly<Record<string, number>>;
}>;

/** The real divisions down to the villages, and what lies beside this file: seats, approximate boundaries, census counts. */
export function readReference(): Reference {
  const seats: readonly Seat[] = readJson('county-seats.json');
  const { features }: { features: readonly Feature[] } = readJson('boundaries-approximate.geojson');
  return {
    divisions: readDivisions(),
    seats: new Map(seats.map((seat) => [seat.code, seat])),
    boundaries: new Map(features.map(({ id, geometry }) => [id, { code: id, polygons: polygonsOf(geometry) }])),
    residents: readResidents(),
  };
}

function readResidents(): Reference['residents'] {
  // The table counts residents; a test reads it.
  return codesOfTable('gansuCensus2020') as Reference['residents'];
}

type Geometry =
  | Readonly<{ type: 'Polygon'; coordinates: readonly (readonly Position[])[] }>
  | Readonly<{ type: 'MultiPolygon'; coordinates: readonly (readonly (readonly Position[])[])[] }>;
type Feature = Readonly<{ id: string; geometry: Geometry }>;

function polygonsOf(geometry: Geometry): Boundary['polygons'] {
  return geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
}

function readJson<Shape>(name: string): Shape {
  // The files stand beside the code and change only with it; a test reads every one of them.
  return JSON.parse(readFileSync(join(import.meta.dirname, name), 'utf8')) as Shape;
}
