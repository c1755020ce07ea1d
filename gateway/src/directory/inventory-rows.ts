import { CsvError, parse } from 'csv-parse/sync';
import type { Mistake } from './read-inventory.ts';

/** One row of a file as it stands there: texts by heading, and the line it is on, counted from 1. */
export type Row = Readonly<{ line: number; cells: ReadonlyMap<string, string> }>;
export type Rows = Readonly<{ headings: readonly string[]; rows: readonly Row[]; mistakes: readonly Mistake[] }>;

/** Text of a file: UTF-8, else GB 18030, in which office programs of China write CSV. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** Rows of a CSV file. A row's line is the last one it stands on. */
export function rowsOfCsv(text: string): Rows {
  const mistakes: Mistake[] = [];
  let records: { record: string[]; info: { lines: number } }[];
  let readTo = 0;
  try {
    // csv-parse does not type what `info` does to its answer.
    records = parse(text, {
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
    return { headings: [], rows: [], mistakes: [{ line: readTo + 1, reason: `is no CSV: ${error.message}` }] };
  }
  const [head, ...others] = records;
  const headings = head?.record ?? [];
  const rows = others.flatMap(({ record, info }): Row[] => {
    if (record.every((cell) => cell === '')) return [];
    if (record.length === headings.length)
      return [{ line: info.lines, cells: new Map(record.map((cell, place) => [headings[place] ?? '', cell])) }];
    mistakes.push({ line: info.lines, reason: `has ${record.length} cells, but there are ${headings.length} headings` });
    return [];
  });
  return { headings, rows, mistakes };
}

/** Rows of a JSON file: a list of objects, whose members are headed like the columns of a CSV file. A row's line is its first. */
export function rowsOfJson(text: string): Rows {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    return { headings: [], rows: [], mistakes: [{ line: 1, reason: `is no JSON: ${error instanceof Error ? error.message : ''}` }] };
  }
  if (!Array.isArray(list)) return { headings: [], rows: [], mistakes: [{ line: 1, reason: 'is no list of rows' }] };
  const lines = linesOfElements(text);
  const mistakes: Mistake[] = [];
  const rows = list.flatMap((element: unknown, place): Row[] => {
    const line = lines[place] ?? 1;
    if (typeof element === 'object' && element !== null && !Array.isArray(element)) {
      return [{ line, cells: new Map(Object.entries(element).map(([heading, value]) => [heading, textOf(value)])) }];
    }
    mistakes.push({ line, reason: 'is no object' });
    return [];
  });
  return { headings: [...new Set(rows.flatMap(({ cells }) => [...cells.keys()]))], rows, mistakes };
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? value.map(textOf).join('、') : String(value).trim();
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
