import { Prisma } from '@longyuan/prisma/geospatial/client/client.ts';
import type { AskedRows } from '../../serve/rows/asked-rows.ts';
import { divisionRange } from '../../serve/rows/division-range.ts';
import type { AddressSearch } from './rows.ts';
import { addressSql, listColumns } from './sql-columns.ts';
import { andRows } from './sql-rows.ts';

/** Reads addresses by their key or their code. */
export function selectAddresses(by: 'id' | 'code', keys: readonly string[], { columns, rows }: AskedRows): Prisma.Sql {
  const isAsked = by === 'id' ? Prisma.sql`t.id = ANY(${[...keys]}::uuid[])` : Prisma.sql`t.code = ANY(${[...keys]})`;
  return Prisma.sql`SELECT ${listColumns(addressSql, ['id', 'code', ...columns])} FROM geospatial."StandardAddress" t WHERE ${isAsked}${andRows(rows)}`;
}

/** Reads what each search finds, at most `limit` rows a search, all in one statement. An address that two searches find comes twice. */
export function selectFoundAddresses(searches: readonly AddressSearch[], { columns, rows }: AskedRows, limit: number): Prisma.Sql {
  const listed = listColumns(addressSql, ['id', 'code', ...columns]);
  return Prisma.join(
    searches.map((search) => {
      const found = Prisma.join(conditionsOf(search), ' AND ');
      return Prisma.sql`(SELECT ${listed} FROM geospatial."StandardAddress" t WHERE ${found}${andRows(rows)} ORDER BY t.division, t.street, t.number, t.code LIMIT ${limit})`;
    }),
    ' UNION ALL ',
  );
}

function conditionsOf({ where, street, numbers, rooms }: AddressSearch): Prisma.Sql[] {
  const conditions: Prisma.Sql[] = [];
  if (where.kind === 'villages') conditions.push(Prisma.sql`t.division = ANY(${[...where.codes]})`);
  if (where.kind === 'inside') {
    const { gte, lt } = divisionRange(where.division);
    conditions.push(Prisma.sql`t.division >= ${gte} AND t.division < ${lt}`);
  }
  if (street !== null) conditions.push(Prisma.sql`t.street = ${street}`);
  if (numbers !== null) conditions.push(Prisma.sql`t.number = ANY(${[...numbers]})`);
  if (rooms !== null) conditions.push(Prisma.sql`t.room = ANY(${[...rooms]})`);
  return conditions;
}
