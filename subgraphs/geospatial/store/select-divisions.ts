import { Prisma } from '@longyuan/prisma/geospatial/client/client.ts';
import type { AskedRows } from '../../serve/rows/asked-rows.ts';
import { divisionRange } from '../../serve/rows/division-range.ts';
import type { DivisionsAsked, DivisionsPart } from './rows.ts';
import { divisionSql, listColumns, pointSql } from './sql-columns.ts';
import { andRows } from './sql-rows.ts';

const WHOLE: DivisionsPart = { after: null, limit: null };

/**
 * Reads divisions ordered by code. With `path` among the columns the divisions above them come in the same statement;
 * `isAsked` tells them apart.
 */
export function selectDivisions(asked: DivisionsAsked, { columns, rows }: AskedRows, part: DivisionsPart = WHOLE): Prisma.Sql {
  const from = part.after === null ? Prisma.empty : Prisma.sql` AND t.code > ${part.after}`;
  const where = Prisma.sql`${whereDivisions(asked)}${from}${andRows(rows)}`;
  const inPart = Prisma.sql`ORDER BY t.code${part.limit === null ? Prisma.empty : Prisma.sql` LIMIT ${part.limit}`}`;
  if (!columns.includes('path')) {
    return Prisma.sql`SELECT ${listColumns(divisionSql, ['code', ...columns])} FROM geospatial."AdministrativeDivision" t WHERE ${where} ${inPart}`;
  }
  const listed = listColumns(divisionSql, ['code', 'parent', ...columns.filter((column) => column !== 'path')]);
  return Prisma.sql`
    WITH RECURSIVE asked AS MATERIALIZED (SELECT t.code, t.parent FROM geospatial."AdministrativeDivision" t WHERE ${where} ${inPart}),
    up AS (SELECT code, parent FROM asked
      UNION SELECT above.code, above.parent FROM geospatial."AdministrativeDivision" above JOIN up ON above.code = up.parent)
    SELECT ${listed}, t.code IN (SELECT code FROM asked) AS "isAsked"
    FROM geospatial."AdministrativeDivision" t WHERE t.code IN (SELECT code FROM up) ORDER BY t.code`;
}

/** Boundaries of these divisions as MultiPolygons, simplified to `tolerance` degrees, outer rings counter-clockwise (RFC 7946, 3.1.6). */
export function selectBoundaries(codes: readonly string[], tolerance: number): Prisma.Sql {
  return Prisma.sql`
    SELECT t.code, ST_AsGeoJSON(ST_ForcePolygonCCW(ST_Multi(ST_SimplifyPreserveTopology(t.boundary, ${tolerance}::float8))), 7, 0)::json AS boundary
    FROM geospatial."AdministrativeDivision" t WHERE t.code = ANY(${[...codes]}) AND t.boundary IS NOT NULL`;
}

function whereDivisions(asked: DivisionsAsked): Prisma.Sql {
  switch (asked.kind) {
    case 'codes':
      return Prisma.sql`t.code = ANY(${[...asked.codes]})`;
    case 'children':
      return Prisma.sql`t.parent = ANY(${[...asked.parents]})`;
    case 'belowProvince':
      return Prisma.sql`t.parent = (SELECT code FROM geospatial."AdministrativeDivision" WHERE parent IS NULL ORDER BY code LIMIT 1)`;
    case 'level':
      return Prisma.sql`t.level = ${asked.level} ${asked.inside === null ? Prisma.empty : insideOf(asked.inside)}`;
    case 'holding':
      // Where boundaries meet, both cover the point: the lower code answers.
      return Prisma.sql`t.code = (SELECT code FROM geospatial."AdministrativeDivision"
        WHERE ST_Covers(boundary, ${pointSql(asked.point)}) ORDER BY level DESC, code LIMIT 1)`;
    default:
      return asked satisfies never;
  }
}

function insideOf(division: string): Prisma.Sql {
  const { gte, lt } = divisionRange(division);
  return Prisma.sql`AND t.code >= ${gte} AND t.code < ${lt} AND t.code <> ${division}`;
}
