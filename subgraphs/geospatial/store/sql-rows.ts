import { Prisma } from '@longyuan/prisma/geospatial/client/client.ts';
import { today } from '@longyuan/schema/src/province-day.ts';
import type { RowRule } from '../../serve/rows/row-rule.ts';

/** Narrows a condition on the table `t` to the rows of a rule; nothing where that is every row. What `prismaWhere` is to Prisma's own queries. */
export function andRows(rule: RowRule): Prisma.Sql {
  return rule.kind === 'all' ? Prisma.empty : Prisma.sql` AND ${rowsSql(rule)}`;
}

function rowsSql(rule: RowRule): Prisma.Sql {
  switch (rule.kind) {
    case 'all':
      return Prisma.sql`true`;
    case 'none':
      return Prisma.sql`false`;
    case 'every':
      return Prisma.sql`(${Prisma.join(rule.of.map(rowsSql), ' AND ')})`;
    case 'some':
      return Prisma.sql`(${Prisma.join(rule.of.map(rowsSql), ' OR ')})`;
    default:
      return testSql(rule);
  }
}

function testSql(rule: Extract<RowRule, { column: string }>): Prisma.Sql {
  // The column is one of the library's own SDL, found in its schema.prisma when it started.
  const column = Prisma.raw(`t."${rule.column}"`);
  const day = () => Prisma.sql`${today().toISOString().slice(0, 10)}::date`;
  switch (rule.kind) {
    case 'is':
      // An enum is compared as the text it is written as.
      return typeof rule.value === 'string' ? Prisma.sql`${column}::text = ${rule.value}` : Prisma.sql`${column} = ${rule.value}`;
    case 'oneOf':
      return Prisma.sql`${column}::text = ANY(${[...rule.values]})`;
    case 'range':
      return Prisma.sql`(${column} >= ${rule.gte} AND ${column} < ${rule.lt})`;
    case 'todayOrLater':
      return Prisma.sql`${column} >= ${day()}`;
    case 'todayOrEarlier':
      return Prisma.sql`${column} <= ${day()}`;
    case 'absent':
      return Prisma.sql`${column} IS NULL`;
    default:
      return rule satisfies never;
  }
}
