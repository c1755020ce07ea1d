import { readFileSync } from 'node:fs';

/** A column as `schema.prisma` declares it. `isOptional`: null may stand there; `isList`: nothing is an empty list; `isUuid`: PostgreSQL takes UUIDs alone. */
export type ModelColumn = Readonly<{ name: string; type: string; isOptional: boolean; isList: boolean; isUuid: boolean }>;

/** A table. `key`: the columns of its primary key, in order; `references`: columns that point to another table's key. */
export type Model = Readonly<{ name: string; columns: readonly ModelColumn[]; key: readonly string[]; references: readonly string[] }>;

/**
 * Reads the models of a `schema.prisma`: their columns, without the relations, which are no columns. Understands what Prisma's formatter
 * writes: one field a line.
 * @throws Error where a model has no key.
 */
export function readModels(source: string): readonly Model[] {
  const text = source.replaceAll(/^\s*\/\/.*$/gm, '');
  const models = [...text.matchAll(/^model\s+(\w+)\s*\{\n(.*?)^\}/gms)].map(([, name = '', body = '']) => ({ name, lines: linesOf(body) }));
  const names = new Set(models.map(({ name }) => name));
  return models.map(({ name, lines }) => readModel(name, lines, names));
}

/** The same of a file. */
export function readModelsOf({ schemaFile }: Readonly<{ schemaFile: string }>): readonly Model[] {
  return readModels(readFileSync(schemaFile, 'utf8'));
}

function linesOf(body: string): readonly string[] {
  return body
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function readModel(name: string, lines: readonly string[], models: ReadonlySet<string>): Model {
  const columns: ModelColumn[] = [];
  const references: string[] = [];
  let key = namesIn(lines.find((line) => line.startsWith('@@id(')) ?? '');
  for (const line of lines) {
    const { column, type, mark, rest } =
      /^(?<column>\w+)\s+(?<type>Unsupported\(".*?"\)|\w+)(?<mark>\?|\[\])?(?<rest>.*)$/.exec(line)?.groups ?? {};
    if (!column || !type) continue;
    if (models.has(type)) {
      references.push(...namesIn(/fields:\s*(\[[^\]]*\])/.exec(rest ?? '')?.[1] ?? ''));
      continue;
    }
    if (/(^|\s)@id\b/.test(rest ?? '')) key = [column];
    columns.push({ name: column, type, isOptional: mark === '?', isList: mark === '[]', isUuid: rest?.includes('@db.Uuid') ?? false });
  }
  if (key.length === 0) throw new Error(`The model ${name} has no key`);
  return { name, columns, key, references };
}

/** `@@id([personId, kind])` names two columns. */
function namesIn(list: string): readonly string[] {
  return [...(/\[([^\]]*)\]/.exec(list)?.[1]?.matchAll(/\w+/g) ?? [])].map(([name]) => name);
}
