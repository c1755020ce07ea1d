import type { Cell, Row } from './library-seed.ts';

/** Rows of one table on their way to a database; `copy`: the text form of COPY, `arrays`: one array literal a column. */
export type EncodedRows = Readonly<{ table: string; rows: number }> &
  (Readonly<{ kind: 'copy'; text: Uint8Array }> | Readonly<{ kind: 'arrays'; columns: readonly string[] }>);
export type Encoding = EncodedRows['kind'];

/** Rows in one statement of arrays: enough to be quick, few enough not to hold up the others of the one session. */
const MOST_ROWS_OF_ARRAYS = 5000;

export function encodeRows(table: string, rows: readonly Row[], encoding: Encoding): EncodedRows[] {
  if (rows.length === 0) return [];
  if (encoding === 'copy') return [{ kind: 'copy', table, rows: rows.length, text: encodeCopy(rows) }];
  const parts: EncodedRows[] = [];
  for (let start = 0; start < rows.length; start += MOST_ROWS_OF_ARRAYS) {
    const part = rows.slice(start, start + MOST_ROWS_OF_ARRAYS);
    parts.push({ kind: 'arrays', table, rows: part.length, columns: encodeArrays(part) });
  }
  return parts;
}

/** The text format of COPY: tabs between columns, \\N for null. */
function encodeCopy(rows: readonly Row[]): Uint8Array {
  const lines: string[] = [];
  for (const row of rows) lines.push(row.map(copyText).join('\t'));
  lines.push('');
  // Not Buffer.from: small ones share memory, which cannot be handed to another thread.
  return new TextEncoder().encode(lines.join('\n'));
}

function copyText(cell: Cell): string | number | boolean {
  if (cell === null) return '\\N';
  if (typeof cell === 'string') return special.test(cell) ? escapeCopy(cell) : cell;
  return typeof cell === 'object' ? escapeCopy(listText(cell)) : cell;
}

const special = /[\\\t\n\r]/;

function escapeCopy(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

/** One array literal for each column. */
function encodeArrays(rows: readonly Row[]): string[] {
  const width = rows[0]?.length ?? 0;
  return Array.from({ length: width }, (_, column) => {
    let text = '{';
    for (let place = 0; place < rows.length; place++) {
      if (place > 0) text += ',';
      text += element(rows[place]?.[column] ?? null);
    }
    return `${text}}`;
  });
}

/** A list inside an array travels as its text: arrays of arrays would be taken for a table. */
function element(cell: Cell): string {
  if (cell === null) return 'NULL';
  if (typeof cell === 'string') return quote(cell);
  return typeof cell === 'object' ? quote(listText(cell)) : String(cell);
}

function listText(list: readonly string[]): string {
  return `{${list.map(quote).join(',')}}`;
}

const quoted = /["\\]/g;

function quote(text: string): string {
  return `"${text.replace(quoted, '\\$&')}"`;
}
