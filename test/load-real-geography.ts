import { addressMaker } from '@longyuan/prisma/country/generate/addresses.ts';
import { openCountry } from '@longyuan/prisma/country/generate/country.ts';
import { Random } from '@longyuan/prisma/country/generate/random.ts';

type Pool = Readonly<{ query(sql: string, values?: unknown[]): Promise<unknown> }>;

const CONFIRMED = '2026-01-15T00:00:00Z';

/** For tests: fills an empty, migrated store with the real divisions, generated addresses and a school and a park by many of them. */
export async function loadRealGeography(pool: Pool, blocks: number): Promise<readonly LoadedAddress[]> {
  const { divisions, seats, boundaries } = openCountry().reference;
  const rows = divisions.map(({ code, name, pinyin, level, parent }) => {
    const seat = seats.get(code);
    return {
      code,
      name,
      pinyin,
      level,
      parent,
      seat: seat ? [seat.lon, seat.lat] : null,
      boundary: boundaries.get(code)?.polygons ?? null,
    };
  });
  await pool.query(insertDivisions, [JSON.stringify(rows), CONFIRMED]);
  const addresses = Array.from({ length: blocks }, (_, block) => makeBlock(block)).flat();
  for (let at = 0; at < addresses.length; at += 5000) {
    await pool.query(insertAddresses, [JSON.stringify(addresses.slice(at, at + 5000)), CONFIRMED]);
    await pool.query(insertPois, [JSON.stringify(addresses.slice(at, at + 5000)), CONFIRMED, at]);
  }
  await pool.query('ANALYZE geospatial."AdministrativeDivision", geospatial."StandardAddress", geospatial."Poi"');
  return addresses;
}

export type LoadedAddress = ReturnType<ReturnType<typeof addressMaker>>;

function makeBlock(block: number): LoadedAddress[] {
  const random = new Random(7, block);
  const opaqueKey = (_: string, code: string) => `00000000-0000-4000-8000-${code.slice(-12)}`;
  const next = addressMaker({ random, place: openCountry().placeOf(block), block, opaqueKey });
  return Array.from({ length: 60 }, next);
}

const geometryOf = (type: string, column: string) =>
  `CASE WHEN ${column} IS NULL OR ${column} = 'null' THEN NULL ELSE ST_SetSRID(ST_GeomFromGeoJSON(jsonb_build_object('type', '${type}', 'coordinates', ${column})), 4490) END`;

const insertDivisions = `
  INSERT INTO geospatial."AdministrativeDivision" (code, name, pinyin, level, parent, "replacedBy", seat, boundary, "confirmedAt")
  SELECT code, name, pinyin, level, parent, '{}', ${geometryOf('Point', 'seat')}, ${geometryOf('MultiPolygon', 'boundary')}, $2::timestamptz
  FROM jsonb_to_recordset($1::jsonb) AS t (code text, name text, pinyin text, level int, parent text, seat jsonb, boundary jsonb)`;

const insertAddresses = `
  INSERT INTO geospatial."StandardAddress" (id, code, "fullText", division, street, number, building, room, location, state, "confirmedAt")
  SELECT id, code, "fullText", division, street, number, building, room, ${geometryOf('Point', 'location')}, 'ACTIVE', $2::timestamptz
  FROM jsonb_to_recordset($1::jsonb) AS t (id uuid, code text, "fullText" text, division text, street text, number text, building text, room text, location jsonb)`;

const insertPois = `
  INSERT INTO geospatial."Poi" (code, name, category, division, "addressText", location, "confirmedAt")
  SELECT lpad(($3::int + at)::text, 14, '0'), 'POI ' || at,
    (CASE at % 6 WHEN 0 THEN 'SCHOOL' ELSE 'PARK' END)::geospatial."PoiCategory",
    address ->> 'division', address ->> 'fullText', ${geometryOf('Point', "(address -> 'location')")}, $2::timestamptz
  FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS t (address, at) WHERE at % 3 = 0`;
