import { makeWording, storedCodeTable } from '@longyuan/schema/src/code-tables.ts';
import type { FieldFacts, ItemFacts, SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import { partWords, type Words, wordsOfValues } from '@longyuan/schema/src/words/describe-words.ts';
import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** How the values of a column are written. `moment`: RFC 3339 in UTC; `point`: two columns of a table, longitude and latitude. */
export type WrittenType = 'text' | 'code' | 'integer' | 'decimal' | 'boolean' | 'date' | 'moment' | 'point';

/**
 * `every`: the words that there are, by code. `listed`: the same where no other code can stand in a value; null where they are classes of a
 * nested table, in which a value may lie deeper than the table goes.
 */
type CodeWords = Readonly<{
  of: (code: string) => Words | null;
  every: ReadonlyMap<string, Words>;
  listed: ReadonlyMap<string, Words> | null;
}>;

/** One column of a file: where it stands below a row, dots between, and what it holds. */
export type Column = Readonly<{
  name: string;
  coordinate: string;
  holds: 'value' | 'values' | 'point';
  /** As a heading in Chinese, each of a file once. */
  titleZh: string;
  /** What its codes mean, out of the schema or a code table; null where the values speak for themselves. */
  words: CodeWords | null;
  type: WrittenType;
  /** What the schema says of it in English beside the name. */
  descriptionEn: string | null;
  /** Code of the item that it is of; null for structure. */
  itemCode: string | null;
  /** Characters at most; null where the item declares none, or of another type than is written. */
  length: number | null;
  standard: string | null;
  /** Rows in which alone it has a value for the public; null: in every row that is open. */
  openRows: Words | null;
}>;

/** The time a row was last confirmed: structure that every resource has, and the one that a file keeps. */
const CONFIRMED_AT = 'confirmedAt';
const CONFIRMED_AT_ZH = '确认时间';

/** The columns of a type's files, in the order of its fields, and its fields that hold a geometry: looked up (`points`) or drawn (`shapes`). */
export function readColumns(type: GraphQLObjectType, facts: SharingFacts, predicates: ReadonlyMap<string, Words>) {
  const columns: Column[] = [];
  const points: string[] = [];
  const shapes: string[] = [];
  const titles = new Set<string>();
  const saidAt = (coordinate: string) => facts.fields.filter((field) => field.coordinate === coordinate);
  const add = (
    name: string,
    coordinate: string,
    holds: Column['holds'],
    told: Readonly<{ titleZh: string; field: GraphQLField<unknown, unknown>; items: readonly ItemFacts[] }>,
  ): void => {
    // Two columns of one name could not be told apart.
    const titleZh = titles.has(told.titleZh) ? `${told.titleZh}（${name}）` : told.titleZh;
    titles.add(titleZh);
    const words = wordsOfEnum(told.field.type) ?? wordsOfTable(saidAt(coordinate));
    const plain = holds === 'point' ? 'point' : writtenAs(told.field.type);
    const written = plain === 'text' && words?.listed ? 'code' : plain;
    const open = told.items.filter((item) => item.open);
    const item = open[0] ?? null;
    columns.push({
      ...{ name, coordinate, holds, titleZh, words, type: written },
      descriptionEn: partWords(told.field.description ?? '').en,
      itemCode: item?.code ?? null,
      length: words?.listed
        ? Math.max(...[...words.listed.keys()].map((code) => code.length))
        : item?.type === 'C' && written === 'text'
          ? item.length
          : null,
      standard: item?.standard ?? null,
      openRows: open.some(({ when }) => when === null) ? null : (predicates.get(item?.when ?? '') ?? null),
    });
  };
  for (const field of Object.values(type.getFields())) {
    const coordinate = `${type.name}.${field.name}`;
    const items = saidAt(coordinate).flatMap((each) => each.items);
    if (field.args.some(isRequiredArgument) || isMade(facts, coordinate) || !(items.length > 0 || field.name === CONFIRMED_AT)) continue;
    const titleZh = titleOf(field, field.name === CONFIRMED_AT ? CONFIRMED_AT_ZH : items[0]?.title);
    const named = getNamedType(field.type);
    const isList = isListType(getNullableType(field.type));
    if (named.name === 'GeoJSON') {
      // What takes an argument is drawn to measure: too long for a table.
      if (field.args.length > 0) shapes.push(field.name);
      else {
        points.push(field.name);
        add(field.name, coordinate, 'point', { titleZh, field, items });
      }
    } else if (isLeafType(named)) {
      add(field.name, coordinate, isList ? 'values' : 'value', { titleZh, field, items });
    } else if (isObjectType(named) && !isList) {
      const isResource = facts.typesNamed(named.name).some((each) => each.resource);
      for (const inner of Object.values(named.getFields())) {
        const isKey = isNonNullType(inner.type);
        const isPlain = isLeafType(getNullableType(inner.type)) && inner.args.length === 0;
        // Of another resource a row holds the key; the rest is in that resource's own file.
        if (!isPlain || !(isKey || !isResource) || isMade(facts, `${named.name}.${inner.name}`)) continue;
        const part = isResource ? '代码' : `（${titleOf(inner, inner.name)}）`;
        const own = isResource ? [] : saidAt(`${named.name}.${inner.name}`).flatMap((each) => each.items);
        add(`${field.name}.${inner.name}`, `${named.name}.${inner.name}`, 'value', {
          titleZh: `${titleZh}${part}`,
          field: inner,
          items: own.length > 0 ? own : items,
        });
      }
    }
  }
  return { columns, points, shapes };
}

function wordsOfEnum(type: GraphQLOutputType): CodeWords | null {
  const listed = wordsOfValues(type);
  return listed && { of: (code) => listed.get(code) ?? null, every: listed, listed };
}

/** The words of the code table that the values are of (`@coded`); null where they are of none. */
function wordsOfTable(said: readonly FieldFacts[]): CodeWords | null {
  const table = said.map(({ codeTable }) => codeTable && storedCodeTable(codeTable)).find((each) => each);
  if (!table) return null;
  const wording = makeWording(table);
  const of = (code: string): Words | null => {
    const { title, titleEn } = wording(code) ?? {};
    return title === undefined ? null : { zh: title, en: titleEn ?? null };
  };
  const every = new Map(table.values.map(({ code, title, titleEn }) => [code, { zh: title, en: titleEn }]));
  return { of, every, listed: table.isNested ? null : every };
}

function writtenAs(of: GraphQLOutputType): WrittenType {
  const named = getNamedType(of);
  if (isEnumType(named)) return 'code';
  const types: Readonly<Record<string, WrittenType>> = {
    Int: 'integer',
    Float: 'decimal',
    Boolean: 'boolean',
    Date: 'date',
    DateTime: 'moment',
  };
  return types[named.name] ?? 'text';
}

/** Whether a field only says otherwise what another says: a file holds the codes, and its own words beside them. */
export function isMade(facts: SharingFacts, coordinate: string): boolean {
  return facts.fields.some((field) => field.coordinate === coordinate && field.madeOf !== null);
}

/** What the schema calls a field in Chinese, else the given name. */
function titleOf(field: GraphQLField<unknown, unknown>, otherwise: string | undefined): string {
  return partWords(field.description ?? '').zh || otherwise || field.name;
}
