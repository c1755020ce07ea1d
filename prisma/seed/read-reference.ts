import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** One division of the reference data. `statOnly`: kept by the statisticians alone, as a development zone is. */
export type Division = Readonly<{
  code: string;
  name: string;
  level: number;
  parent: string | null;
  pinyin: string | null;
  statOnly?: boolean;
}>;
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

const folder = join(import.meta.dirname, '../reference');

/** Reads `prisma/reference`: real divisions down to the villages, seats, approximate boundaries, census counts. */
export function readReference(): Reference {
  const upper: readonly Division[] = readJson('divisions.json');
  const seats: readonly Seat[] = readJson('county-seats.json');
  const { features }: { features: readonly Feature[] } = readJson('boundaries-approximate.geojson');
  const codes: { gansuCensus2020: { v: Readonly<Record<string, number>> } } = readJson('codes.json');
  return {
    divisions: [...upper, ...readVillages()],
    seats: new Map(seats.map((seat) => [seat.code, seat])),
    boundaries: new Map(features.map(({ id, geometry }) => [id, { code: id, polygons: polygonsOf(geometry) }])),
    residents: codes.gansuCensus2020.v,
  };
}

type Geometry =
  | Readonly<{ type: 'Polygon'; coordinates: readonly (readonly Position[])[] }>
  | Readonly<{ type: 'MultiPolygon'; coordinates: readonly (readonly (readonly Position[])[])[] }>;
type Feature = Readonly<{ id: string; geometry: Geometry }>;

function polygonsOf(geometry: Geometry): Boundary['polygons'] {
  return geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
}

function readVillages(): Division[] {
  const text = gunzipSync(readFileSync(join(folder, 'villages.csv.gz'))).toString('utf8');
  const [, ...lines] = text.trim().split(/\r?\n/);
  return lines.map((line) => {
    const [code = '', name = '', parent = ''] = line.split(',');
    return { code, name, level: 5, parent, pinyin: null };
  });
}

function readJson<Shape>(name: string): Shape {
  // The files stand beside the code and change only with it; a test reads every one of them.
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as Shape;
}
