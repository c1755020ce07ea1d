import { isOpenSomewhere } from '@longyuan/schema/src/read-directory.ts';
import { dataTypeWords, nameOf, partWords, wordsOfName, wordsOfValues } from '@longyuan/schema/src/words/describe-words.ts';
import type { GraphQLField } from 'graphql';
import { toCsv } from '../http/write-csv.ts';
import { describeEn, describeZh } from './describe-resource.ts';
import { describeColumns, type FileColumn } from './dictionary-columns.ts';
import type { OpenResource } from './find-datasets.ts';
import type { Measures } from './measure-datasets.ts';

type Value = Readonly<{ value: string; zh: string; en: string | null }>;

/** One open field of a resource, as it is asked for. `column`: the first column of the files that holds it; null where none does. */
type Entry = Readonly<{
  column: string | null;
  field: string;
  itemCode: string;
  nameZh: string;
  nameEn: string;
  /** What the schema says of it in English, where that is more than the name. */
  descriptionEn: string | null;
  type: string;
  typeZh: string | null;
  typeEn: string | null;
  length: number | null;
  /** The values there are, where there is a list of them, each with its words; null where there is none. */
  values: readonly Value[] | null;
  standard: string | null;
  shareType: string;
  shareTypeZh: string;
  openness: 'OPEN';
  level: number;
}>;

/**
 * The data dictionary (数据字典) of what is open in a resource: `columns` is what stands in its files, one entry a column in their order;
 * `items` what can be asked, one entry for each field of each open item. `rows` and what is counted of them: null until they were read.
 */
export type DataDictionary = Readonly<{
  code: string;
  nameZh: string;
  nameEn: string | null;
  descriptionZh: string;
  descriptionEn: string;
  provider: string;
  updateCycle: string;
  rows: number | null;
  measuredAt: string | null;
  /** Of the GeoJSON: its features, and those whose geometry is null because no place is known; null where there is no such file. */
  geometry: Readonly<{ fields: readonly string[]; features: number | null; withoutGeometry: number | null }> | null;
  columns: readonly FileColumn[];
  items: readonly Entry[];
}>;

/** Only what is UNCONDITIONAL may be open; the schema's rules see to that, and that it is of level 1. */
const OPEN = { shareType: 'UNCONDITIONAL', shareTypeZh: '无条件共享', openness: 'OPEN', level: 1 } as const;

/** `fieldAt`: the field of the public schema, undefined where it is not public. */
export function dictionaryOf(
  open: OpenResource,
  fieldAt: (coordinate: string) => GraphQLField<unknown, unknown> | undefined,
  measures: Measures | null = null,
): DataDictionary {
  const { resource, dataset } = open;
  const { zh, en } = nameOf(resource);
  const columnOf = (coordinate: string) =>
    dataset?.columns.find(
      (column) => column.coordinate === coordinate || coordinate === `${resource.typeName}.${column.name.split('.')[0]}`,
    );
  const items = resource.items.filter(isOpenSomewhere).flatMap((item) =>
    item.fields.flatMap(({ coordinate, description }): Entry[] => {
      const field = fieldAt(coordinate);
      if (!field) return [];
      const column = columnOf(coordinate);
      const listed = valuesOf((column?.coordinate === coordinate ? column.words?.listed : null) ?? wordsOfValues(field.type));
      const words = partWords(description ?? '');
      const [typeZh = null, typeEn = null] = dataTypeWords[item.type] ?? [];
      return [
        {
          column: column?.name ?? null,
          field: coordinate,
          itemCode: item.code,
          nameZh: words.zh || item.title,
          nameEn: wordsOfName(coordinate.split('.')[1] ?? ''),
          descriptionEn: words.en,
          ...{ type: item.type, typeZh, typeEn },
          // What is told is the value's name, not the code of two digits that the standard has for it.
          length: listed ? Math.max(...listed.map(({ value }) => value.length)) : item.length,
          values: listed,
          standard: item.standard,
          ...OPEN,
        },
      ];
    }),
  );
  return {
    code: resource.code,
    ...{ nameZh: zh, nameEn: en, descriptionZh: describeZh(open), descriptionEn: describeEn(open) },
    ...{ provider: resource.provider.name, updateCycle: resource.updateCycle },
    ...{ rows: measures?.rows ?? null, measuredAt: measures?.measuredAt ?? null },
    geometry:
      dataset && dataset.geometries.length > 0
        ? { fields: dataset.geometries, features: measures?.rows ?? null, withoutGeometry: measures?.withoutGeometry ?? null }
        : null,
    columns: dataset ? describeColumns(dataset, measures) : [],
    items,
  };
}

function valuesOf(words: ReturnType<typeof wordsOfValues>): readonly Value[] | null {
  return words && words.size > 0 ? [...words].map(([value, { zh, en }]) => ({ value, zh, en })) : null;
}

/** The same as a table, for spreadsheets: of the columns of the files, and where there is no file, of what can be asked. */
export function dictionaryCsv({ columns, items }: DataDictionary): string {
  const entries: readonly Readonly<Record<string, unknown>>[] = columns.length > 0 ? columns : items;
  const names = Object.keys(entries[0] ?? {});
  const cell = (value: unknown) => {
    if (!Array.isArray(value)) return typeof value === 'number' ? value : value === null ? null : String(value);
    return value.map((each) => (typeof each === 'string' ? each : printValue(each))).join('; ');
  };
  return `\uFEFF${toCsv([names, ...entries.map((entry) => names.map((name) => cell(entry[name])))])}`;
}

function printValue({ value, zh, en }: Value): string {
  return `${value}=${zh} ${en ?? ''}`.trim();
}
