import type { Row, Rows } from './inventory-rows.ts';
import type { Mistake } from './read-inventory.ts';

/**
 * Puts the cells of a table under the headings of its first row. Empty rows, and the empty columns that spreadsheets leave at the right, are
 * no part of it, whether a row has them like the first or not; a row of another width is told.
 */
export function rowsUnderHeadings(table: readonly Readonly<{ line: number; cells: readonly string[] }>[]): Rows {
  const [head, ...others] = table.filter(({ cells }) => cells.some((cell) => cell !== ''));
  const width = head?.cells.length ?? 0;
  const headings = head?.cells.slice(0, head.cells.findLastIndex((heading) => heading !== '') + 1) ?? [];
  const mistakes: Mistake[] = [];
  const rows = others.flatMap(({ line, cells }): Row[] => {
    if ([width, headings.length].includes(cells.length) && cells.slice(headings.length).every((cell) => cell === ''))
      return [{ line, cells: new Map(headings.map((heading, place) => [heading, cells[place] ?? ''])) }];
    mistakes.push({ line, reason: `has ${cells.length} cells, but there are ${headings.length} headings` });
    return [];
  });
  return { headings, rows, mistakes };
}
