import { dataTypeWords, nameOf, partWords } from './describe-words.ts';
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

export function dictionaryOf({ resource, dataset }: OpenResource, isPublic: (coordinate: string) => boolean): DataDictionary {
  const { zh, en } = nameOf(resource);
  const columnOf = (coordinate: string) =>
    dataset?.columns.find(
      (column) => column.coordinate === coordinate || coordinate === `${resource.typeName}.${column.name.split('.')[0]}`,
    )?.name ?? null;
  const items = resource.items
    .filter((item) => item.open)
    .flatMap((item) =>
      item.fields
        .filter(({ coordinate }) => isPublic(coordinate))
        .map(({ coordinate, description }): Entry => {
          const words = partWords(description ?? '');
          const [typeZh = null, typeEn = null] = dataTypeWords[item.type] ?? [];
          return {
            column: columnOf(coordinate),
            field: coordinate,
            itemCode: item.code,
            nameZh: words.zh || item.title,
            nameEn: wordsOf(coordinate),
            descriptionEn: words.en,
            type: item.type,
            typeZh,
            typeEn,
            length: item.length,
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

/** `LegalEntity.businessScope`: business scope. */
function wordsOf(coordinate: string): string {
  return (coordinate.split('.')[1] ?? '').replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

/** The same as a table, for spreadsheets. */
export function dictionaryCsv({ items }: DataDictionary): string {
  const names = Object.keys(items[0] ?? {}) as (keyof Entry)[];
  return `\uFEFF${toCsv([names, ...items.map((item) => names.map((name) => item[name]))])}`;
}
