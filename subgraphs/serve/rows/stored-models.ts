import { readFileSync } from 'node:fs';
import { openLibraryFolder } from '@longyuan/prisma/store/migrate/find-libraries.ts';
import { every, NO_ROW, type RowRule, some } from './row-rule.ts';

/** What a rule has to know of a column: whether every row has a value there, and whether PostgreSQL takes UUIDs alone. */
type Column = Readonly<{ isRequired: boolean; isUuid: boolean }>;
/** Columns by table, as the library's `schema.prisma` says. Relations are among them; no rule names one. */
export type StoredModels = ReadonlyMap<string, ReadonlyMap<string, Column>>;

/** Reads what a library stores. */
export function readStoredModels(library: string, source = readFileSync(openLibraryFolder(library).schemaFile, 'utf8')): StoredModels {
  const models = source.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm);
  return new Map(Array.from(models, ([, name = '', body = '']) => [name, readColumns(body)]));
}

function readColumns(body: string): ReadonlyMap<string, Column> {
  const columns = body.matchAll(/^ {2}(\w+) +\w+(\?|\[\])?(.*)$/gm);
  return new Map(
    Array.from(columns, ([, name = '', optional, rest = '']) => [name, { isRequired: !optional, isUuid: rest.includes('@db.Uuid') }]),
  );
}

/**
 * A rule as it can be put to a table: a column that is never null is not asked for null, and a key that is no UUID is none of a column of
 * UUIDs (PostgreSQL would fail to compare them, Prisma to ask).
 * @throws Error naming a column that the table does not have.
 */
export function fitToModel(rule: RowRule, model: string, models: StoredModels): RowRule {
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
  const column = models.get(model)?.get(rule.column);
  if (!column) throw new Error(`the rows of ${model} have no column ${rule.column} in the library's schema.prisma`);
  if (rule.kind === 'absent' && column.isRequired) return NO_ROW;
  if (rule.kind !== 'oneOf') return rule;
  const values = column.isUuid ? rule.values.filter((value) => UUID.test(value)) : rule.values;
  return values.length === 0 ? NO_ROW : { ...rule, values };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
