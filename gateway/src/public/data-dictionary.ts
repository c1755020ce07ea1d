import type { GraphQLField } from 'graphql';
import { dataTypeWords, nameOf, partWords, wordsOfName, wordsOfValues } from './describe-words.ts';
import { toCsv } from './file-formats.ts';
import type { OpenResource } from './find-datasets.ts';

/** One open field of a resource. `column`: the first column of the files that holds it; null where none does. */
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
  /** The values there are, where the schema gives a list of them, each with its words; null where it does not. */
  values: readonly Readonly<{ value: string; zh: string; en: string | null }>[] | null;
  standard: string | null;
  shareType: string;
  shareTypeZh: string;
  openness: 'OPEN';
  level: number;
}>;

/** The data dictionary (数据字典) of what is open in a resource: one entry for each field of each open item. */
export type DataDictionary = Readonly<{
  code: string;
  nameZh: string;
  nameEn: string | null;
  provider: string;
  updateCycle: string;
  items: readonly Entry[];
}>;

/** Only what is UNCONDITIONAL may be open; the schema's rules see to that. */
const UNCONDITIONAL_ZH = '无条件共享';

/** `fieldAt`: the field of the public schema, undefined where it is not public. */
export function dictionaryOf(
  { resource, dataset }: OpenResource,
  fieldAt: (coordinate: string) => GraphQLField<unknown, unknown> | undefined,
): DataDictionary {
  const { zh, en } = nameOf(resource);
  const columnOf = (coordinate: string) =>
    dataset?.columns.find(
      (column) => column.coordinate === coordinate || coordinate === `${resource.typeName}.${column.name.split('.')[0]}`,
    )?.name ?? null;
  const items = resource.items
    .filter((item) => item.open)
    .flatMap((item) =>
      item.fields
        .flatMap(({ coordinate, description }) => {
          const field = fieldAt(coordinate);
          return field ? [{ coordinate, description, field }] : [];
        })
        .map(({ coordinate, description, field }): Entry => {
          const listed = [...(wordsOfValues(field.type) ?? [])].map(([value, { zh: word, en: english }]) => ({
            value,
            zh: word,
            en: english,
          }));
          const values = listed.length > 0 ? listed : null;
          const words = partWords(description ?? '');
          const [typeZh = null, typeEn = null] = dataTypeWords[item.type] ?? [];
          return {
            column: columnOf(coordinate),
            field: coordinate,
            itemCode: item.code,
            nameZh: words.zh || item.title,
            nameEn: wordsOfName(coordinate.split('.')[1] ?? ''),
            descriptionEn: words.en,
            type: item.type,
            typeZh,
            typeEn,
            // What is told is the value's name, not the code of two digits that the standard has for it.
            length: values ? Math.max(...values.map(({ value }) => value.length)) : item.length,
            values,
            standard: item.standard,
            shareType: item.share,
            shareTypeZh: UNCONDITIONAL_ZH,
            openness: 'OPEN',
            level: item.level,
          };
        }),
    );
  return { code: resource.code, nameZh: zh, nameEn: en, provider: resource.provider.name, updateCycle: resource.updateCycle, items };
}

/** The same as a table, for spreadsheets. */
export function dictionaryCsv({ items }: DataDictionary): string {
  const names = Object.keys(items[0] ?? {}) as (keyof Entry)[];
  const cell = (item: Entry, name: keyof Entry) =>
    name === 'values' ? (item.values?.map(({ value, zh, en }) => `${value}=${zh} ${en ?? ''}`.trim()).join('; ') ?? null) : item[name];
  return `\uFEFF${toCsv([names, ...items.map((item) => names.map((name) => cell(item, name)))])}`;
}
