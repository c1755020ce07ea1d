import { readFileSync } from 'node:fs';

/** A code table as `reference/codes.json` has it: the standard, and names by code. */
type CodeTable = Readonly<{ std?: string; v: Readonly<Record<string, unknown>> }>;

const FILE = new URL('../reference/codes.json', import.meta.url);
let tables: Readonly<Record<string, CodeTable | string>> | undefined;

/** The codes of a table by its name in `reference/codes.json`; null where there is no such table. The file is read at the first call. */
export function codesOfTable(name: string): Readonly<Record<string, unknown>> | null {
  // The file is the repository's own; beside the tables it has a note.
  tables ??= JSON.parse(readFileSync(FILE, 'utf8')) as NonNullable<typeof tables>;
  const table = Object.hasOwn(tables, name) ? tables[name] : undefined;
  return typeof table === 'object' ? table.v : null;
}

/** Whether a table has this code. False where there is no such table. */
export function isInCodeTable(name: string, code: string): boolean {
  const codes = codesOfTable(name);
  return codes !== null && Object.hasOwn(codes, code);
}
