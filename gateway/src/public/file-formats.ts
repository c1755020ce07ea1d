import { stringify } from 'csv-stringify/sync';
import type { Column, Dataset } from './find-datasets.ts';
import type { Row } from './read-rows.ts';

export type FileFormat = 'csv' | 'ndjson' | 'geojson';

/** How rows become a file: what stands before them, between and after, and each row itself. */
export type Writer = Readonly<{ head: string; rows: (rows: readonly Row[], isFirst: boolean) => string; foot: string }>;

export const mediaTypes: Readonly<Record<FileFormat, string>> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  geojson: 'application/geo+json',
};

/** Formats a dataset can be had in. */
export function formatsOf(dataset: Dataset): readonly FileFormat[] {
  return dataset.geometries.length > 0 ? ['csv', 'ndjson', 'geojson'] : ['csv', 'ndjson'];
}

/**
 * The writer of a format. `isResumed`: the file goes on where another ended, so a CSV has no mark and no header line. CSV is RFC 4180 in
 * UTF-8 with a byte order mark, without which spreadsheets read Chinese as something else; cells that a spreadsheet would run get an
 * apostrophe before them.
 */
export function writerOf(dataset: Dataset, format: FileFormat, isResumed: boolean): Writer {
  switch (format) {
    case 'csv':
      return {
        head: isResumed
          ? ''
          : `\uFEFF${toCsv([dataset.columns.flatMap(({ name, holds }) => (holds === 'point' ? [`${name}.lon`, `${name}.lat`] : [name]))])}`,
        rows: (rows) => toCsv(rows.map((row) => dataset.columns.flatMap((column) => csvCells(column, row)))),
        foot: '',
      };
    case 'ndjson':
      return { head: '', rows: (rows) => rows.map((row) => `${JSON.stringify(flatten(dataset.columns, row))}\n`).join(''), foot: '' };
    case 'geojson':
      return {
        head: '{"type":"FeatureCollection","features":[\n',
        rows: (rows, isFirst) => rows.map((row, place) => `${isFirst && place === 0 ? '' : ',\n'}${toFeature(dataset, row)}`).join(''),
        foot: '\n]}\n',
      };
    default:
      return format satisfies never;
  }
}

type Cell = string | number | null;

/** Records of RFC 4180, a CRLF after each. */
export function toCsv(records: readonly (readonly Cell[])[]): string {
  return stringify(
    records.map((record) => [...record]),
    { record_delimiter: 'windows', escape_formulas: true },
  );
}

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

function toFeature({ columns, geometries }: Dataset, row: Row): string {
  const geometry = geometries.map((name) => row[name]).findLast((value) => value !== null && value !== undefined) ?? null;
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
function valueAt(name: string, row: Row): unknown {
  let value: unknown = row;
  // Each step goes into an object of the answer.
  for (const step of name.split('.')) value = (value as Row | null | undefined)?.[step];
  return value ?? null;
}
