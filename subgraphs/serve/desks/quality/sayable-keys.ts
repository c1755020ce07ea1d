import type { SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import type { StoredTable } from './stored-tables.ts';

/**
 * Whether the primary key of a table says nothing about anyone, so that it may name a row: opaque keys (uuid), running numbers, the open
 * keys and items of the library, and the subject of a row, which is one of the two. A household's number is none of these.
 */
export function isSayableKey(facts: SharingFacts, table: StoredTable): boolean {
  return table.key.length > 0 && table.key.every((column) => isSayable(facts, table, column));
}

function isSayable(facts: SharingFacts, table: StoredTable, column: string): boolean {
  const type = table.columns.get(column) ?? '';
  if (/^(uuid|smallint|integer|bigint)$/.test(type)) return true;
  const own = facts.typesNamed(table.name).flatMap((each) => each.fields.filter((field) => field.name === column));
  // A laxer class of an open item does not matter here: the plain one is the strictest.
  if (own.length > 0) return own.every((field) => field.items.some((item) => item.open && item.when === null));
  return facts.types.some((each) => each.resource?.rows?.subject === column || (each.resource !== null && each.keys.includes(column)));
}
