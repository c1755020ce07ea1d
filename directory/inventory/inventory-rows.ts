import { CsvError, parse } from 'csv-parse/sync';
import readWorkbook from 'read-excel-file/node';

/** What is wrong with a file, on which of its lines, counted from 1. */
export type Mistake = Readonly<{ line: number; reason: string }>;

/** One row of a file as it stands there: texts by heading, and the line it is on, counted from 1. */
export type Row = Readonly<{ line: number; cells: ReadonlyMap<string, string> }>;
export type Rows = Readonly<{ headings: readonly string[]; rows: readonly Row[]; mistakes: readonly Mistake[] }>;

/** Rows of an inventory file: a workbook, CSV, or JSON where the file begins with a bracket, of which no heading does. */
export async function rowsOfFile(bytes: Uint8Array): Promise<Rows> {
  switch (workbookKind(bytes)) {
    case 'XLSX':
      return rowsOfWorkbook(bytes);
    case 'XLS':
      return wrongFile('is a workbook of an old kind (XLS), or one with a password: save it as XLSX without one, or its sheet as CSV');
    default:
      return rowsOfText(decodeText(bytes));
  }
}

/** Rows of a file of text. */
export function rowsOfText(file: string): Rows {
  const text = file.replace(/^\uFEFF/, '');
  if (text.includes('\u0000')) {
    const line = text.slice(0, text.indexOf('\u0000')).split('\n').length;
    return wrongFile('holds the character U+0000: it is no text, or was saved in an encoding that cannot be told; save it as UTF-8', line);
  }
  return /^\s*[[{]/.test(text) ? rowsOfJson(text) : rowsOfCsv(text);
}

/** Text of a file: UTF-16 where it says so at its beginning, else UTF-8, else GB 18030, in which office programs of China write CSV. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** What stands between cells: spreadsheets also write tabs (Unicode text) and semicolons. */
const DELIMITERS = [',', '\t', ';'] as const;
/** The line before the headings that tells a spreadsheet what stands between cells. */
const TOLD_DELIMITER = /^"?sep=([,;\t])"?[,;\t]*\r?\n/i;
/** Longest part of a reason that somebody else's program says. */
const LONGEST_QUOTED = 200;

/** Rows of a CSV file. A row's line is the last one it stands on. */
function rowsOfCsv(text: string): Rows {
  const [line = '', told] = TOLD_DELIMITER.exec(text) ?? [];
  const [table, above] = [text.slice(line.length), line === '' ? 0 : 1];
  const [head = ''] = table.split('\n', 1);
  const delimiter = told ?? DELIMITERS.reduce((best, each) => (head.split(each).length > head.split(best).length ? each : best));
  let records: { record: string[]; info: { lines: number } }[];
  let readTo = 0;
  try {
    // csv-parse does not type what `info` does to its answer.
    records = parse(table, {
      delimiter,
      info: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      on_record: (record: string[], { lines }) => {
        readTo = lines;
        return record;
      },
    }) as unknown as typeof records;
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // A quote that does not end is met at the end of the file; it begins in the row after the last good one.
    return wrongFile(`is no CSV: ${error.message.slice(0, LONGEST_QUOTED)}`, readTo + above + 1);
  }
  return rowsUnderHeadings(records.map(({ record, info }) => ({ line: info.lines + above, cells: record })));
}

/** Rows of a JSON file: a list of objects, whose members are headed like the columns of a CSV file. A row's line is its first. */
function rowsOfJson(text: string): Rows {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    // The engine's own words quote the file, and a nesting that is too deep ends without a syntax error.
    return wrongFile(error instanceof SyntaxError ? 'is no JSON' : 'nests too deeply to be read as JSON');
  }
  if (!Array.isArray(list)) return wrongFile('is no list of rows');
  const lines = linesOfElements(text);
  const mistakes: Mistake[] = [];
  const rows = list.flatMap((element: unknown, place): Row[] => {
    const line = lines[place] ?? 1;
    if (typeof element !== 'object' || element === null || Array.isArray(element)) {
      mistakes.push({ line, reason: 'is no object' });
      return [];
    }
    const cells = Object.entries(element).map(([heading, value]) => [heading, textOf(value)] as const);
    const nested = cells.filter(([, text]) => text === null).map(([heading]) => heading);
    if (nested.length === 0) return [{ line, cells: new Map(cells.map(([heading, text]) => [heading, text ?? ''])) }];
    mistakes.push({
      line,
      reason: `holds more than a text, a number or a list of them in ${nested.slice(0, 5).join('、').slice(0, LONGEST_QUOTED)}`,
    });
    return [];
  });
  return { headings: [...new Set(rows.flatMap(({ cells }) => [...cells.keys()]))], rows, mistakes };
}

/** The text of a cell, a list of plain values parted by 、; null where something is nested in it. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return '';
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return parts.some((part) => typeof part === 'object') ? null : parts.map((part) => String(part).trim()).join('、');
}

function wrongFile(reason: string, line = 1): Rows {
  return { headings: [], rows: [], mistakes: [{ line, reason }] };
}

/** On which line each element of the outermost list begins. The text is known to be JSON. */
function linesOfElements(text: string): readonly number[] {
  const lines: number[] = [];
  let [line, depth, inText, isBetween] = [1, 0, false, false];
  for (let place = 0; place < text.length; place += 1) {
    const character = text[place] ?? '';
    if (character === '\n') line += 1;
    if (inText) {
      if (character === '\\') place += 1;
      else if (character === '"') inText = false;
      continue;
    }
    if (depth === 1 && isBetween && !/[\s,\]]/.test(character)) {
      lines.push(line);
      isBetween = false;
    }
    if (character === '"') inText = true;
    else if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth === 1 && (character === ',' || (character === '[' && lines.length === 0))) isBetween = true;
  }
  return lines;
}

/** Whether a file is a workbook (XLSX), which is a ZIP archive, or an old one (XLS), which is a compound document. */
function workbookKind(bytes: Uint8Array): 'XLSX' | 'XLS' | null {
  const beginsWith = (...signature: readonly number[]) => signature.every((byte, place) => bytes[place] === byte);
  if (beginsWith(0x50, 0x4b, 0x03, 0x04)) return 'XLSX';
  return beginsWith(0xd0, 0xcf, 0x11, 0xe0) ? 'XLS' : null;
}

/** Largest workbook; it is unpacked in memory, to some twenty times its size. */
const MOST_WORKBOOK_BYTES = 20_000_000;

/** Rows of the first sheet of a workbook; a row's line is its number in the sheet. */
async function rowsOfWorkbook(bytes: Uint8Array): Promise<Rows> {
  if (bytes.length > MOST_WORKBOOK_BYTES)
    return wrongFile(`is a workbook of more than ${MOST_WORKBOOK_BYTES / 1_000_000} MB: save its sheet as CSV`);
  let sheets: Awaited<ReturnType<typeof readWorkbook>>;
  try {
    sheets = await readWorkbook(Buffer.from(bytes));
  } catch {
    return wrongFile('is no workbook that can be read: save its sheet as CSV, or as XLSX without a password');
  }
  return rowsUnderHeadings((sheets[0]?.data ?? []).map((row, place) => ({ line: place + 1, cells: row.map(textOfCell) })));
}

/** A cell as it reads in the sheet: a day as a day, a number without an exponent. */
function textOfCell(cell: unknown): string {
  if (cell instanceof Date) return cell.toISOString().slice(0, 10);
  if (cell === true) return '是';
  if (cell === false) return '否';
  return cell === null || cell === undefined ? '' : String(cell).trim();
}

/**
 * Puts the cells of a table under the headings of its first row. Empty rows, and the empty columns that spreadsheets leave at the right, are
 * no part of it, whether a row has them like the first or not; a row of another width is told.
 */
function rowsUnderHeadings(table: readonly Readonly<{ line: number; cells: readonly string[] }>[]): Rows {
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
