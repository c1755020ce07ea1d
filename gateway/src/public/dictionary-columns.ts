import { headingsOfCodes, type Words } from '@longyuan/schema/src/words/describe-words.ts';
import { type FileFormat, formatsOf } from './file-formats.ts';
import type { Dataset } from './find-datasets.ts';
import type { Measures } from './measure-datasets.ts';
import type { Column, WrittenType } from './read-columns.ts';

/** One column of a dataset's files, as it is written there. */
export type FileColumn = Readonly<{
  /** Heading in CSV and workbook, name in NDJSON and GeoJSON; and the heading of a table in Chinese (`lang=zh`). */
  column: string;
  headingZh: string;
  /** Heading of the words of its codes, which stand before it in a table in Chinese; null where there are none. */
  wordHeadingZh: string | null;
  /** Files that have it under this name. */
  formats: readonly FileFormat[];
  field: string;
  itemCode: string | null;
  descriptionEn: string | null;
  type: string;
  typeZh: string;
  /** Several values in one cell: in tables joined by "; ", elsewhere a list. */
  isList: boolean;
  /** Characters of a value at most, as declared; `longest`: of the longest one that was found. */
  length: number | null;
  longest: number | null;
  /** Rows without a value, and their share of all; null until the rows were read. */
  empty: number | null;
  emptyShare: number | null;
  /** The values there are, each with its words; null where they speak for themselves. */
  values: readonly Readonly<{ value: string; zh: string; en: string | null }>[] | null;
  standard: string | null;
  /** Which rows alone have it for the public; null: every row of the file. */
  openRowsZh: string | null;
  openRowsEn: string | null;
}>;

const typeWords: Readonly<Record<Exclude<WrittenType, 'point'>, string>> = {
  text: '文本',
  code: '代码',
  integer: '整数',
  decimal: '小数',
  boolean: '是否（true、false）',
  date: '日期（YYYY-MM-DD）',
  moment: '时刻（RFC 3339，UTC）',
};

/** The columns in the order in which a table has them. A point is two columns of a table, and one geometry elsewhere. */
export function describeColumns(dataset: Dataset, measures: Measures | null): readonly FileColumn[] {
  const formats = formatsOf(dataset);
  const tables = formats.filter((format) => format === 'csv' || format === 'xlsx');
  return dataset.columns.flatMap((column) => {
    const found = measures?.columns.get(column.name) ?? null;
    if (column.type !== 'point') {
      const written = { type: column.type, typeZh: typeWords[column.type] };
      return [describe(column, { ...written, column: column.name, headingZh: headingOf(column), formats }, found, measures)];
    }
    const part = (name: string, zh: string) => ({
      ...{ column: `${column.name}.${name}`, headingZh: `${column.titleZh}（${zh}）`, formats: tables },
      ...{ type: 'decimal', typeZh: `${typeWords.decimal}（${zh}，度，CGCS2000）` },
    });
    const whole = { column: column.name, headingZh: column.titleZh, formats: ['ndjson' as const], type: 'point', typeZh: 'GeoJSON 点' };
    return [part('lon', '经度'), part('lat', '纬度'), whole].map((each) => describe(column, each, found, measures));
  });
}

/** In Chinese the code of a word stands in a column behind it. */
function headingOf({ titleZh, words }: Column): string {
  return words ? headingsOfCodes(titleZh).code : titleZh;
}

function describe(
  column: Column,
  written: Pick<FileColumn, 'column' | 'headingZh' | 'formats' | 'type' | 'typeZh'>,
  found: Readonly<{ empty: number; longest: number }> | null,
  measures: Measures | null,
): FileColumn {
  const isText = column.type === 'text' || column.type === 'code';
  return {
    ...{ column: written.column, headingZh: written.headingZh },
    ...{ wordHeadingZh: column.words && headingsOfCodes(column.titleZh).word, formats: written.formats },
    ...{ field: column.coordinate, itemCode: column.itemCode, descriptionEn: column.descriptionEn },
    ...{ type: written.type, typeZh: written.typeZh, isList: column.holds === 'values' },
    ...{ length: column.length, longest: isText ? (found?.longest ?? null) : null },
    empty: found?.empty ?? null,
    emptyShare: found && measures && measures.rows > 0 ? Math.round((found.empty / measures.rows) * 10_000) / 10_000 : null,
    values: column.words?.listed
      ? [...column.words.listed].map(([value, { zh, en }]: readonly [string, Words]) => ({ value, zh, en }))
      : null,
    standard: column.standard,
    ...{ openRowsZh: column.openRows?.zh ?? null, openRowsEn: column.openRows?.en ?? null },
  };
}
