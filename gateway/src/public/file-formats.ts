import { headingsOfCodes, type TableLanguage } from '@longyuan/schema/src/words/describe-words.ts';
import { toCsv } from '../http/write-csv.ts';
import type { Dataset } from './find-datasets.ts';
import type { Column } from './read-columns.ts';
import type { Row } from './read-rows.ts';
import { openWorkbook } from './write-workbook.ts';

export type FileFormat = 'csv' | 'xlsx' | 'ndjson' | 'geojson';

/** How rows become a file: what stands before them, between and after, and each row itself. */
export type Writer = Readonly<{
  head: () => string | Uint8Array;
  rows: (rows: readonly Row[], isFirst: boolean) => string | Uint8Array;
  foot: () => string | Uint8Array;
}>;

export const mediaTypes: Readonly<Record<FileFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ndjson: 'application/x-ndjson; charset=utf-8',
  geojson: 'application/geo+json; charset=utf-8',
};

/** Formats a dataset can be had in. */
export function formatsOf(dataset: Dataset): readonly FileFormat[] {
  return dataset.geometries.length > 0 ? ['csv', 'xlsx', 'ndjson', 'geojson'] : ['csv', 'xlsx', 'ndjson'];
}

/**
 * The writer of a format. `isResumed`: the file goes on where another ended, so a CSV has no mark and no header line. CSV is RFC 4180 in
 * UTF-8 with a byte order mark, without which spreadsheets read Chinese as something else; cells that a spreadsheet would run get an
 * apostrophe before them. In Chinese a table (CSV, XLSX) has Chinese headings, and the word of a code in a column beside it.
 */
export function writerOf(dataset: Dataset, format: FileFormat, isResumed: boolean, language: TableLanguage = null): Writer {
  switch (format) {
    case 'csv':
      return {
        head: () => (isResumed ? '' : `\uFEFF${toCsv([headingsOf(dataset, language)])}`),
        rows: (rows) => toCsv(tableOf(dataset, rows, language)),
        foot: () => '',
      };
    case 'xlsx': {
      const workbook = openWorkbook(dataset.resource.title, headingsOf(dataset, language));
      return { ...workbook, rows: (rows) => workbook.rows(tableOf(dataset, rows, language)) };
    }
    case 'ndjson':
      return {
        head: () => '',
        rows: (rows) => rows.map((row) => `${JSON.stringify(flatten(dataset.columns, row))}\n`).join(''),
        foot: () => '',
      };
    case 'geojson':
      return {
        head: () => '{"type":"FeatureCollection","features":[\n',
        rows: (rows, isFirst) => rows.map((row, place) => `${isFirst && place === 0 ? '' : ',\n'}${toFeature(dataset, row)}`).join(''),
        foot: () => '\n]}\n',
      };
    default:
      return format satisfies never;
  }
}

/**
 * What a file says beside its rows, as text that is the same for the same words: nothing where it has the names and codes of the schema alone.
 */
export function wordingOf(dataset: Dataset, format: FileFormat, language: TableLanguage): string {
  const isTable = format === 'csv' || format === 'xlsx';
  if (language === null || !isTable) return '';
  return wordings.getOrInsertComputed(dataset, () =>
    JSON.stringify([
      headingsOf(dataset, language),
      dataset.columns.map(({ words }) => words && [...words.every].map(([code, { zh }]) => [code, zh])),
    ]),
  );
}
const wordings = new WeakMap<Dataset, string>();

/** Headings of a table: names of the schema, or its Chinese words with the code of a word in a column behind it. */
function headingsOf({ columns }: Dataset, language: TableLanguage): readonly string[] {
  return columns.flatMap(({ name, holds, titleZh, words }) => {
    if (holds === 'point') return language === 'zh' ? [`${titleZh}（经度）`, `${titleZh}（纬度）`] : [`${name}.lon`, `${name}.lat`];
    if (language !== 'zh') return [name];
    if (!words) return [titleZh];
    const { word, code } = headingsOfCodes(titleZh);
    return [word, code];
  });
}

function tableOf({ columns }: Dataset, rows: readonly Row[], language: TableLanguage): readonly (readonly Cell[])[] {
  return rows.map((row) =>
    columns.flatMap((column) => {
      const cells = csvCells(column, row);
      return language === 'zh' && column.words ? [wordsIn(column, row), ...cells] : cells;
    }),
  );
}

/** The words of a cell's codes; a code that the schema does not have stands for itself. */
function wordsIn({ name, words }: Column, row: Row): Cell {
  const value = valueAt(name, row);
  const codes: readonly unknown[] = value === null ? [] : Array.isArray(value) ? value : [value];
  return codes.length === 0 ? null : codes.map((code) => words?.of(String(code))?.zh ?? String(code)).join('; ');
}

type Cell = string | number | null;

function csvCells({ name, holds }: Column, row: Row): readonly Cell[] {
  const value = valueAt(name, row);
  if (holds === 'point') {
    const [lon = null, lat = null] = pointOf(value) ?? [];
    return [lon, lat];
  }
  if (Array.isArray(value)) return [value.join('; ')];
  return [typeof value === 'number' ? value : value === null || value === undefined ? null : String(value)];
}

function pointOf(value: unknown): readonly number[] | null {
  if (typeof value !== 'object' || value === null || !('coordinates' in value) || !('type' in value)) return null;
  return value.type === 'Point' && Array.isArray(value.coordinates) ? value.coordinates : null;
}

/** The geometry of a row that says most; null where it has none. */
export function geometryOf({ geometries }: Pick<Dataset, 'geometries'>, row: Row): unknown {
  return geometries.map((name) => row[name]).findLast((value) => value !== null && value !== undefined) ?? null;
}

function toFeature(dataset: Dataset, row: Row): string {
  const { columns } = dataset;
  const geometry = geometryOf(dataset, row);
  const properties = flatten(
    columns.filter((column) => column.holds !== 'point'),
    row,
  );
  return JSON.stringify({ type: 'Feature', geometry, properties });
}

function flatten(columns: readonly Column[], row: Row): Record<string, unknown> {
  return Object.fromEntries(columns.map(({ name }) => [name, valueAt(name, row)]));
}

/** The value at `division.code`; null where anything on the way is. */
export function valueAt(name: string, row: Row): unknown {
  let value: unknown = row;
  // Each step goes into an object of the answer.
  for (const step of name.split('.')) value = (value as Row | null | undefined)?.[step];
  return value ?? null;
}
