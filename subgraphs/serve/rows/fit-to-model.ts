import type { Model, ModelColumn } from '@longyuan/prisma/store/read-models.ts';
import { every, NO_ROW, type RowRule, some } from './row-rule.ts';

/** A column of a table; undefined where the table has none of this name. */
export function columnNamed(models: readonly Model[], model: string, column: string): ModelColumn | undefined {
  return models.find(({ name }) => name === model)?.columns.find(({ name }) => name === column);
}

/**
 * A rule as it can be put to a table: a column that is never null is not asked for null, and a key that is no UUID is none of a column of
 * UUIDs (PostgreSQL would fail to compare them, Prisma to ask).
 * @throws Error naming a column that the table does not have.
 */
export function fitToModel(rule: RowRule, model: string, models: readonly Model[]): RowRule {
  const fit = (each: RowRule) => fitToModel(each, model, models);
  switch (rule.kind) {
    case 'all':
    case 'none':
      return rule;
    case 'every':
      return every(rule.of.map(fit));
    case 'some':
      return some(rule.of.map(fit));
  }
  const column = columnNamed(models, model, rule.column);
  if (!column) throw new Error(`the rows of ${model} have no column ${rule.column} in the library's schema.prisma`);
  if (rule.kind === 'absent' && !column.isOptional && !column.isList) return NO_ROW;
  if (rule.kind !== 'oneOf') return rule;
  const values = column.isUuid ? rule.values.filter((value) => UUID.test(value)) : rule.values;
  return values.length === 0 ? NO_ROW : { ...rule, values };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
