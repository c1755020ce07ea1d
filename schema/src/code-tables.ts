import { readFileSync } from 'node:fs';
import { Kind } from 'graphql';
import type { Library } from './read-libraries.ts';

/** A code with its words. */
export type Code = Readonly<{ code: string; title: string; titleEn: string }>;

/**
 * A code table (代码表). `standard`: null where the hub itself or a single library made it. `isNested`: its codes lie in one another, as the
 * classes of an industry do, and it need not go down to the last.
 */
export type CodeTable = Readonly<{ code: string; standard: string | null; isNested: boolean; values: readonly Code[] }>;

/** A table of `reference/codes.json`: names by code, `en` where the hub answers codes of it; else it is a count, or of another use. */
type StoredTable = Readonly<{
  std?: string;
  nested?: boolean;
  v: Readonly<Record<string, unknown>>;
  en?: Readonly<Record<string, string>>;
}>;

const FILE = new URL('../reference/codes.json', import.meta.url);
let stored: Readonly<Record<string, StoredTable | string>> | undefined;

/** What a table of `reference/codes.json` holds by code; null where there is no such table. The file is read at the first call. */
export function codesOfTable(name: string): Readonly<Record<string, unknown>> | null {
  return storedTable(name)?.v ?? null;
}

/** Whether a table has this code. False where there is no such table. */
export function isInCodeTable(name: string, code: string): boolean {
  const codes = codesOfTable(name);
  return codes !== null && Object.hasOwn(codes, code);
}

/**
 * The code tables of the libraries by code: those of `reference/codes.json`, and one of each enum whose values are described as words
 * (`企业: enterprise`), named as the enum.
 */
export function readCodeTables(libraries: readonly Pick<Library, 'document'>[]): ReadonlyMap<string, CodeTable> {
  const tables = new Map<string, CodeTable>();
  for (const name of Object.keys(allStored())) {
    const table = storedCodeTable(name);
    if (table) tables.set(name, table);
  }
  for (const definition of libraries.flatMap(({ document }) => document.definitions)) {
    if (definition.kind !== Kind.ENUM_TYPE_DEFINITION) continue;
    const values = (definition.values ?? []).flatMap(({ name, description }) => {
      const words = readWords(description?.value ?? '');
      return words ? [{ code: name.value, ...words }] : [];
    });
    if (values.length === 0 || values.length < (definition.values?.length ?? 0)) continue;
    const name = definition.name.value;
    tables.set(name, { code: name, standard: null, isNested: false, values });
  }
  return tables;
}

/** The code table of this name of `reference/codes.json`; null where there is none whose codes the hub answers. */
export function storedCodeTable(name: string): CodeTable | null {
  const table = storedTable(name);
  if (!table?.en) return null;
  const values = Object.entries(table.v).map(([code, title]) => ({ code, title: String(title), titleEn: table.en?.[code] ?? '' }));
  values.sort((one, other) => (one.code < other.code ? -1 : 1));
  return { code: name, standard: table.std ?? null, isNested: table.nested ?? false, values };
}

/** The words that describe a value of an enum, `中文: English`; null for a description that is not of this form. */
export function readWords(description: string): Pick<Code, 'title' | 'titleEn'> | null {
  const [, title, titleEn] = /^([^:.]*\p{Script=Han}[^:]*): ([^\n]*[a-z][^\n]*)$/iu.exec(description) ?? [];
  return title && titleEn ? { title, titleEn } : null;
}

/** How a table tells the word of a code: null for a code that it does not have. In a nested table that of the nearest class above. */
export function makeWording({ values, isNested }: CodeTable): (code: string) => Code | null {
  const byCode = new Map(values.map((value) => [value.code, value]));
  return (code) => {
    for (let start = code; start !== ''; start = start.slice(0, -1)) {
      const found = byCode.get(start);
      if (found || !isNested) return found ?? null;
    }
    return null;
  };
}

function storedTable(name: string): StoredTable | null {
  const tables = allStored();
  const table = Object.hasOwn(tables, name) ? tables[name] : undefined;
  return typeof table === 'object' ? table : null;
}

function allStored(): NonNullable<typeof stored> {
  // The file is the repository's own; beside the tables it has a note.
  stored ??= JSON.parse(readFileSync(FILE, 'utf8')) as NonNullable<typeof stored>;
  return stored;
}
