import { type GraphQLOutputType, getNamedType, isEnumType, Kind } from 'graphql';
import type { DirectoryResource } from '../read-directory.ts';
import { readVocabulary } from '../subgraph-document.ts';

/** A text in Chinese and in English, where the schema says both. */
export type Words = Readonly<{ zh: string; en: string | null }>;

/** Of a table's headings and of the words beside its codes; null: the names and codes of the schema alone. */
export type TableLanguage = 'zh' | null;

/** The resource's name: in Chinese as the directory has it, in English as its type is called (`LegalEntity`: Legal entity). */
export function nameOf({ title, typeName }: DirectoryResource): Words {
  const words = typeName.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
  return { zh: title, en: words.charAt(0).toUpperCase() + words.slice(1) };
}

/** The words of a name of the schema: `businessScope` is business scope, `PUBLIC_INSTITUTION` public institution. */
export function wordsOfName(name: string): string {
  return name
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .replaceAll('_', ' ')
    .toLowerCase();
}

/** The words of an enum's values, whose descriptions begin with the Chinese one; null for every other type. */
export function wordsOfValues(type: GraphQLOutputType): ReadonlyMap<string, Words> | null {
  const named = getNamedType(type);
  if (!isEnumType(named)) return null;
  return new Map(
    named.getValues().map(({ name, description }) => {
      const { zh, en } = partWords(description ?? '');
      return [name, { zh: zh || name, en: en ?? wordsOfName(name) }];
    }),
  );
}

/** The words of the values of an enum of the sharing vocabulary, as update cycles and predicates of rows. */
export function wordsOfVocabulary(enumName: string): ReadonlyMap<string, Words> {
  const values = readVocabulary().definitions.flatMap((each) =>
    each.kind === Kind.ENUM_TYPE_DEFINITION && each.name.value === enumName ? (each.values ?? []) : [],
  );
  return new Map(
    values.map(({ name, description }) => {
      const { zh, en } = partWords(description?.value ?? '');
      return [name.value, { zh: zh || name.value, en: en ?? wordsOfName(name.value) }];
    }),
  );
}

/** A description of the schema, taken apart: its Chinese term first, then what it says in English. */
export function partWords(description: string): Words {
  const term = /^(\p{Script=Han}[^:.;,]*?)(?:\s+(?=[a-z])|[:.;,]\s*|$)/u.exec(description);
  const zh = term?.[1]?.trim() ?? '';
  const en = description.slice(term?.[0].length ?? 0).trim();
  return { zh, en: /[A-Za-z]{2}/.test(en) ? en : null };
}

/** `DataType` of the compilation guide in both languages. */
export const dataTypeWords: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  C: ['字符型', 'text'],
  N: ['数值型', 'number'],
  Y: ['货币型', 'money'],
  D: ['日期型', 'date'],
  T: ['日期时间型', 'date and time'],
  L: ['逻辑型', 'yes or no'],
  M: ['备注型', 'long text or record'],
  G: ['通用型', 'geometry or other object'],
  B: ['双精度型', 'double precision number'],
  I: ['整型', 'whole number'],
  F: ['浮点型', 'floating point number'],
};

/** Headings in Chinese of a column of codes: of its words, which stand before them, and of the codes. What is called a code is so only there. */
export function headingsOfCodes(titleZh: string): Readonly<{ word: string; code: string }> {
  const word = titleZh.replace(/代码$/, '');
  return word === titleZh ? { word, code: `${titleZh}（代码）` } : { word, code: titleZh };
}
