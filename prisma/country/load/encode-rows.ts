import type { Cell, Row } from './library-seed.ts';

/** Rows of one table on their way to a database; `copy`: the text form of COPY, `arrays`: one array literal a column. */
export type EncodedRows = Readonly<{ table: string; rows: number }> &
  (Readonly<{ kind: 'copy'; text: Uint8Array<ArrayBuffer> }> | Readonly<{ kind: 'arrays'; columns: readonly string[] }>);
export type Encoding = EncodedRows['kind'];

/** Turns the rows of one table into what its loader takes, block after block. */
export type RowEncoder = Readonly<{
  add: (rows: readonly Row[]) => void;
  /** What is ready to be loaded; all there is, where nothing more will come. */
  take: (isLast: boolean) => EncodedRows[];
}>;

/** @param spare buffers of `COPY_BYTES` that were loaded and may be written again; memory that was never touched is dear. */
export function openRowEncoder(table: string, encoding: Encoding, spare: ArrayBuffer[]): RowEncoder {
  return encoding === 'copy' ? openCopyEncoder(table, spare) : openArrayEncoder(table);
}

/** Text of one COPY: enough that a statement costs nothing beside its rows. */
export const COPY_BYTES = 1_048_576;

const utf8 = new TextEncoder();

/** Rows become bytes block by block, while they are young and in the cache; a buffer goes once no more blocks fit. */
function openCopyEncoder(table: string, spare: ArrayBuffer[]): RowEncoder {
  let full: EncodedRows[] = [];
  let buffer: Uint8Array<ArrayBuffer> | null = null;
  let length = 0;
  let rowsInside = 0;
  const close = (): void => {
    if (buffer !== null && rowsInside > 0) {
      full.push({ kind: 'copy', table, rows: rowsInside, text: buffer.subarray(0, length) });
      buffer = null;
    }
    length = 0;
    rowsInside = 0;
  };
  const fits = (text: string): boolean => {
    buffer ??= new Uint8Array(spare.pop() ?? new ArrayBuffer(COPY_BYTES));
    const { read, written } = utf8.encodeInto(text, buffer.subarray(length));
    if (read < text.length) return false;
    length += written;
    return true;
  };
  return {
    add(rows) {
      if (rows.length === 0) return;
      const text = encodeCopy(rows);
      if (!fits(text)) {
        close();
        if (!fits(text)) {
          full.push({ kind: 'copy', table, rows: rows.length, text: utf8.encode(text) });
          return;
        }
      }
      rowsInside += rows.length;
    },
    take(isLast) {
      if (isLast) close();
      const ready = full;
      full = [];
      return ready;
    },
  };
}

/** The memory of a chunk, which goes to another thread and comes back rather than being copied. */
export function buffersOf(rows: readonly EncodedRows[]): ArrayBuffer[] {
  return rows.flatMap((part) => (part.kind === 'copy' ? [part.text.buffer] : []));
}

/** Rows in one statement of arrays: enough to be quick, few enough not to hold up the others of the one session. */
const MOST_ROWS_OF_ARRAYS = 5000;

/** Gives away all it has each time: the embedded database checks foreign keys as rows come in. */
function openArrayEncoder(table: string): RowEncoder {
  let waiting: Row[] = [];
  return {
    add(rows) {
      for (const row of rows) waiting.push(row);
    },
    take() {
      const parts: EncodedRows[] = [];
      for (let start = 0; start < waiting.length; start += MOST_ROWS_OF_ARRAYS) {
        const part = waiting.slice(start, start + MOST_ROWS_OF_ARRAYS);
        parts.push({ kind: 'arrays', table, rows: part.length, columns: encodeArrays(part) });
      }
      waiting = [];
      return parts;
    },
  };
}

/** The text format of COPY: tabs between columns, \\N for null. */
function encodeCopy(rows: readonly Row[]): string {
  const lines: string[] = [];
  for (const row of rows) lines.push(row.map(copyText).join('\t'));
  lines.push('');
  return lines.join('\n');
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
