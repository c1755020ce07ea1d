import type { DivisionRow } from './rows.ts';

/** Gives every division its path from the province down to itself. `rows` hold the divisions above, too, each with `parent`. */
export function linkPaths(rows: readonly DivisionRow[]): readonly DivisionRow[] {
  const rowByCode = new Map(rows.map((row) => [row.code, row]));
  const linked = new Map<string, DivisionRow>();
  return rows.map((row) => link(row));

  // Ends, because a division lies below its parent: the province has none.
  function link(row: DivisionRow): DivisionRow {
    const known = linked.get(row.code);
    if (known) return known;
    const parent = row.parent ? rowByCode.get(row.parent) : undefined;
    const above = parent ? (link(parent).path ?? []) : [];
    const path: DivisionRow[] = [...above];
    const made: DivisionRow = { ...row, path };
    path.push(made);
    linked.set(row.code, made);
    return made;
  }
}
