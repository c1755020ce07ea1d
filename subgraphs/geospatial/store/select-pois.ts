import { Prisma } from '@longyuan/prisma/geospatial/client/client.ts';
import type { AskedRows } from '../../serve/rows/asked-rows.ts';
import { divisionRange } from '../../serve/rows/division-range.ts';
import type { RowRule } from '../../serve/rows/row-rule.ts';
import type { Point, PoisAsked } from './rows.ts';
import { listColumns, pointSql, poiSql } from './sql-columns.ts';
import { andRows } from './sql-rows.ts';

/** Reads at most `limit` points of interest in the order of the walk: by code, or by distance and code where `near` was given. */
export function selectPois(asked: PoisAsked, { columns, rows }: AskedRows, limit: number): Prisma.Sql {
  const listed = listColumns(poiSql, ['code', ...columns.filter((column) => column !== 'distanceMetres')]);
  if (!asked.near) {
    return Prisma.sql`SELECT ${listed}, NULL::float8 AS "distanceMetres" FROM geospatial."Poi" t
      WHERE ${wherePois(asked, rows)} ${asked.after ? Prisma.sql`AND t.code > ${asked.after.code}` : Prisma.empty} ORDER BY t.code LIMIT ${limit}`;
  }
  return selectNearest({ asked, near: asked.near, rows }, listed, limit);
}

/** How many there are on all pages together. */
export function countPois(asked: PoisAsked, rows: RowRule): Prisma.Sql {
  return Prisma.sql`SELECT count(*)::int AS total FROM geospatial."Poi" t WHERE ${wherePois(asked, rows)}`;
}

/**
 * The index knows degrees only, in which east and north are not alike. So the `limit` nearest by degrees say how many metres
 * are enough, and what lies in the box of so many metres is put in the order of true distance: both steps use the index.
 */
function selectNearest(
  { asked, near, rows }: { asked: PoisAsked; near: Point; rows: RowRule },
  listed: Prisma.Sql,
  limit: number,
): Prisma.Sql {
  const metres = metresFrom(near);
  const where = asked.after
    ? Prisma.sql`${wherePois(asked, rows)} AND (${metres}, t.code) > (${asked.after.distanceMetres}::float8, ${asked.after.code})`
    : wherePois(asked, rows);
  return Prisma.sql`
    WITH enough AS (SELECT max(near.metres) AS metres FROM (
      SELECT ${metres} AS metres FROM geospatial."Poi" t WHERE ${where} ORDER BY t.location <-> ${pointSql(near)} LIMIT ${limit}) near)
    SELECT ${listed}, ${metres} AS "distanceMetres" FROM geospatial."Poi" t
    WHERE ${where} AND t.location && ${boxAround(near, Prisma.sql`(SELECT metres FROM enough)`)}
    ORDER BY ${metres}, t.code LIMIT ${limit}`;
}

function wherePois({ category, within, near, radiusMetres }: PoisAsked, rows: RowRule): Prisma.Sql {
  const conditions = [Prisma.sql`t.category = ${category}::geospatial."PoiCategory"`];
  if (within !== null) {
    const { gte, lt } = divisionRange(within);
    conditions.push(Prisma.sql`t.division >= ${gte} AND t.division < ${lt}`);
  }
  if (near && radiusMetres !== null) {
    const radius = Prisma.sql`${radiusMetres}::float8`;
    conditions.push(Prisma.sql`t.location && ${boxAround(near, radius)} AND ${metresFrom(near)} <= ${radius}`);
  }
  return Prisma.sql`${Prisma.join(conditions, ' AND ')}${andRows(rows)}`;
}

function metresFrom(near: Point): Prisma.Sql {
  return Prisma.sql`ST_Distance(t.location::geography, ${pointSql(near)}::geography)`;
}

/** A box that holds everything so many metres away. A degree is taken a little too short, and the box as wide as its narrowest parallel needs. */
function boxAround({ lon, lat }: Point, metres: Prisma.Sql): Prisma.Sql {
  const degreesNorth = Prisma.sql`${metres} / 110000`;
  const degreesEast = Prisma.sql`${metres} / (111000 * cosd(least(abs(${lat}::float8) + ${degreesNorth}, 89)))`;
  return Prisma.sql`ST_Expand(${pointSql({ lon, lat })}, ${degreesEast}, ${degreesNorth})`;
}
