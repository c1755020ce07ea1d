import { type CodeTable, readCodeTables } from '@longyuan/schema/src/code-tables.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';

/** The code tables of the hub, as one caller may have them. */
export type CodeTables = Readonly<{
  /** By its code; null where there is no such table, or none for this caller. */
  table(code: string): CodeTable | null;
  all(): readonly CodeTable[];
  /** Those that the values of an item are of, of its own fields and of those below them. */
  ofItem(item: string): readonly CodeTable[];
}>;

/**
 * Opens the code tables of the libraries. A table of a standard is everyone's; what values a library's own enum has is told to the public where
 * an open item is of them, as the public schema does. Worked out once.
 */
export function openCodeTables(libraries: readonly Library[]): (caller: Readonly<{ kind: string }>) => CodeTables {
  const facts = readSharingFacts(libraries);
  const tables = readCodeTables(libraries);
  const enums = new Set(facts.types.flatMap((type) => (type.values.length > 0 ? [type.name] : [])));
  const byItem = new Map<string, Set<string>>();
  const open = new Set([...tables.keys()].filter((name) => !enums.has(name)));
  for (const field of facts.fields) {
    if (field.codeTable === null || field.madeOf !== null) continue;
    for (const item of facts.itemsOver(field)) {
      byItem.getOrInsertComputed(item.code, () => new Set()).add(field.codeTable);
      if (item.open) open.add(field.codeTable);
    }
  }
  const viewOf = (mayHave: (name: string) => boolean): CodeTables => {
    const shown = new Map([...tables].filter(([name]) => mayHave(name)).sort(([one], [other]) => (one < other ? -1 : 1)));
    return {
      table: (code) => shown.get(code) ?? null,
      all: () => [...shown.values()],
      ofItem: (item) => [...(byItem.get(item) ?? [])].flatMap((name) => shown.get(name) ?? []),
    };
  };
  const [ofPublic, ofAll] = [viewOf((name) => open.has(name)), viewOf(() => true)];
  return ({ kind }) => (kind === 'public' ? ofPublic : ofAll);
}
