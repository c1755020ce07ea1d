import { Prisma } from '@longyuan/prisma/geospatial/client/client.ts';

/** The columns of a table that may be read, each with the SQL that reads it. */
export type SqlColumns = Readonly<Record<string, Prisma.Sql>>;

/** A column as it is. The name is one of ours, never a caller's. */
const plain = (name: string): [string, Prisma.Sql] => [name, Prisma.raw(`t."${name}"`)];

/** A geometry as GeoJSON with 7 digits (a centimetre) and, as RFC 7946 wants it, without `crs`. */
const geometry = (name: string): [string, Prisma.Sql] => [name, Prisma.raw(`ST_AsGeoJSON(t."${name}", 7, 0)::json AS "${name}"`)];

export const divisionSql: SqlColumns = Object.fromEntries([
  ...['code', 'name', 'pinyin', 'level', 'parent', 'validFrom', 'validTo', 'replacedBy', 'confirmedAt'].map(plain),
  geometry('seat'),
]);

export const addressSql: SqlColumns = Object.fromEntries([
  ...['id', 'code', 'fullText', 'division', 'street', 'number', 'building', 'room', 'state', 'confirmedAt'].map(plain),
  geometry('location'),
]);

export const poiSql: SqlColumns = Object.fromEntries([
  ...['code', 'name', 'category', 'division', 'addressText', 'phone', 'confirmedAt'].map(plain),
  geometry('location'),
]);

/**
 * The select list of these columns, each once.
 * @throws Error for a column that is not of the table.
 */
export function listColumns(known: SqlColumns, columns: readonly string[]): Prisma.Sql {
  return Prisma.join(
    [...new Set(columns)].map((column) => {
      const sql = Object.hasOwn(known, column) ? known[column] : undefined;
      if (!sql) throw new Error(`there is no column ${column}`);
      return sql;
    }),
    ', ',
  );
}

/** A point in degrees of CGCS2000. */
export function pointSql(point: Readonly<{ lon: number; lat: number }>): Prisma.Sql {
  return Prisma.sql`ST_SetSRID(ST_MakePoint(${point.lon}::float8, ${point.lat}::float8), 4490)`;
}
