import type { DirectoryResource } from '@longyuan/schema/src/read-directory.ts';
import { readDirectory } from '@longyuan/schema/src/read-directory.ts';
import { directiveArguments, type Library } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import type { SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { partWords, type Words, wordsOfValues } from './describe-words.ts';

/** One column of a file: where it stands below a row, dots between, and what it holds. */
export type Column = Readonly<{
  name: string;
  coordinate: string;
  holds: 'value' | 'values' | 'point';
  /** As a heading in Chinese, each of a file once. */
  titleZh: string;
  /** What its codes mean, where they are of a list that the schema gives (enum); null where the values speak for themselves. */
  words: ReadonlyMap<string, Words> | null;
}>;

/** One part of the rows, as an operation answers it, and how `after` leads on through it. */
export type Slice = Readonly<{ query: string; paging: Paging }>;

/** `cursor`: by the end of a page. `key`: by that field of the last row, where a plain list is given in parts of so many rows. `none`: it is one. */
type Paging = Readonly<{ kind: 'cursor' }> | Readonly<{ kind: 'key'; key: string; rows: number }> | Readonly<{ kind: 'none' }>;

/** What the public may download as a file: a resource all of whose rows a root field of the public schema lists. */
export type Dataset = Readonly<{
  resource: DirectoryResource;
  columns: readonly Column[];
  /** Fields that hold a geometry, the one that says most last. */
  geometries: readonly string[];
  /** `withShapes`: also geometries that take an argument, which are drawn rather than looked up. */
  slices: (withShapes: boolean) => readonly Slice[];
}>;

/** What the public may know of one resource, as a file or by question alone (`dataset` null). */
export type OpenResource = Readonly<{ resource: DirectoryResource; dataset: Dataset | null }>;

/** Resources with an open item, in the order of the directory. */
export function findOpenResources(libraries: readonly Library[], publicSdl: string): readonly OpenResource[] {
  const schema = buildSchema(publicSdl, { noLocation: true });
  const facts = readSharingFacts(libraries);
  return readDirectory(libraries).resources.flatMap((resource) =>
    resource.items.some((item) => item.open) ? [{ resource, dataset: findDataset(resource, schema, facts) }] : [],
  );
}

/** Codes of the items that the files of a dataset hold. */
export function itemsInFile({ resource, columns, geometries }: Dataset): readonly string[] {
  const held = new Set([
    ...columns.flatMap(({ name, coordinate }) => [coordinate, `${resource.typeName}.${name.split('.', 1)[0]}`]),
    ...geometries.map((name) => `${resource.typeName}.${name}`),
  ]);
  return resource.items.flatMap((item) => (item.open && item.fields.some(({ coordinate }) => held.has(coordinate)) ? [item.code] : []));
}

/** Rows of one page: as many as the list gives at once, and no more than this. */
const MAX_PAGE_ROWS = 100;
/** An argument that takes no more whole numbers than this is a list of lists, like the levels of divisions. */
const MAX_NUMBERS = 10;
/** The time a row was last confirmed: structure that every resource has, and the one that a file keeps. */
const CONFIRMED_AT = 'confirmedAt';
const CONFIRMED_AT_ZH = '确认时间';

function findDataset(resource: DirectoryResource, schema: GraphQLSchema, facts: SharingFacts): Dataset | null {
  const type = schema.getType(resource.typeName);
  if (!isObjectType(type) || mayBeAboutPeople(resource, type)) return null;
  const list = findList(type, schema, facts);
  if (!list) return null;
  const { columns, points, shapes } = readColumns(type, facts);
  return {
    resource,
    columns,
    geometries: [...points, ...shapes],
    slices: (withShapes) => {
      const selection = [...columns.map((column) => selectionOf(column.name)), ...(withShapes ? shapes : [])].join(' ');
      return list.places.map((given) => sliceOf(list, given, selection));
    },
  };
}

/** A row has a subject that is not the row itself: it is about somebody, and nobody hands out such rows by the file. */
function mayBeAboutPeople(resource: DirectoryResource, type: GraphQLObjectType): boolean {
  const subject = resource.rows?.subject ?? null;
  return resource.rows?.minorUntil != null || (subject !== null && !isNonNullType(type.getFields()[subject]?.type));
}

/** `places`: the arguments of each operation that together answer every row. */
type List = Readonly<{ field: string; paging: Paging; places: readonly (readonly string[])[] }>;

function findList(type: GraphQLObjectType, schema: GraphQLSchema, facts: SharingFacts): List | null {
  const lists = Object.values(schema.getQueryType()?.getFields() ?? {}).flatMap((field) => {
    const returned = getNullableType(field.type);
    const isPlain = isListType(returned) && getNamedType(returned) === type;
    const isPaged = isObjectType(returned) && isPageOf(type, returned) && field.args.some(({ name }) => name === 'after');
    const places = isPlain || isPaged ? placesOf(field, facts) : null;
    return places ? [{ field: field.name, paging: isPaged ? CURSOR : pagingOfPlain(field, type, facts), places }] : [];
  });
  return lists.find(({ paging }) => paging.kind === 'cursor') ?? lists[0] ?? null;
}

const CURSOR: Paging = { kind: 'cursor' };

/** A plain list that takes `first` and `after` goes on after the key of a row, its one field that is never null; parts are as long as it gives them. */
function pagingOfPlain(field: GraphQLField<unknown, unknown>, type: GraphQLObjectType, facts: SharingFacts): Paging {
  const key = Object.values(type.getFields()).find((each) => String(each.type) === 'ID!' && !isMade(facts, `${type.name}.${each.name}`));
  const isInParts = ['first', 'after'].every((wanted) => field.args.some(({ name }) => name === wanted));
  const { max = MAX_PAGE_ROWS } = formatOf(`Query.${field.name}`, 'first', facts);
  return isInParts && key ? { kind: 'key', key: key.name, rows: max } : { kind: 'none' };
}

function isPageOf(type: GraphQLObjectType, page: GraphQLObjectType): boolean {
  const { nodes, pageInfo } = page.getFields();
  return nodes !== undefined && pageInfo !== undefined && getNamedType(nodes.type) === type;
}

/** Every combination of what must be given; null where something must be given that cannot be counted up. */
function placesOf(field: GraphQLField<unknown, unknown>, facts: SharingFacts): readonly (readonly string[])[] | null {
  let places: readonly (readonly string[])[] = [[]];
  for (const argument of field.args) {
    const values = valuesOf(argument, field, facts);
    if (values) places = places.flatMap((before) => values.map((value) => [...before, `${argument.name}: ${value}`]));
    else if (isRequiredArgument(argument)) return null;
  }
  return places;
}

function valuesOf(argument: GraphQLArgument, field: GraphQLField<unknown, unknown>, facts: SharingFacts): readonly string[] | null {
  const type = getNullableType(argument.type);
  if (isEnumType(type)) return isRequiredArgument(argument) ? type.getValues().map((value) => value.name) : null;
  if (String(type) !== 'Int' || argument.defaultValue !== undefined) return null;
  const { min, max } = formatOf(`Query.${field.name}`, argument.name, facts);
  if (min === undefined || max === undefined || max - min >= MAX_NUMBERS) return null;
  return Array.from({ length: max - min + 1 }, (_, place) => String(min + place));
}

function formatOf(coordinate: string, argument: string, facts: SharingFacts): { min?: number; max?: number } {
  const said = facts.fields
    .filter((field) => field.coordinate === coordinate)
    .flatMap((field) => field.arguments.filter(({ name }) => name === argument))
    .flatMap(({ node }) => node.directives ?? [])
    .find((directive) => directive.name.value === 'format');
  const { min, max } = said ? directiveArguments(said) : {};
  return { ...(typeof min === 'number' && { min }), ...(typeof max === 'number' && { max }) };
}

function sliceOf({ field, paging }: List, given: readonly string[], selection: string): Slice {
  if (paging.kind === 'none')
    return { paging, query: `{ rows: ${field}${given.length > 0 ? `(${given.join(', ')})` : ''} { ${selection} } }` };
  const rows = paging.kind === 'key' ? paging.rows : MAX_PAGE_ROWS;
  const all = [...given, `first: ${rows}`, 'after: $after'].join(', ');
  if (paging.kind === 'key') return { paging, query: `query ($after: ID) { rows: ${field}(${all}) { ${selection} } }` };
  return {
    paging,
    query: `query ($after: String) { rows: ${field}(${all}) { nodes { ${selection} } pageInfo { endCursor hasNextPage } } }`,
  };
}

/** `seat` or `division { code }`. */
function selectionOf(column: string): string {
  const [first = '', ...rest] = column.split('.');
  return rest.length > 0 ? `${first} { ${rest.join(' ')} }` : first;
}

function readColumns(type: GraphQLObjectType, facts: SharingFacts) {
  const columns: Column[] = [];
  const points: string[] = [];
  const shapes: string[] = [];
  const titles = new Set<string>();
  const add = (
    name: string,
    coordinate: string,
    holds: Column['holds'],
    told: Readonly<{ titleZh: string; of: GraphQLOutputType }>,
  ): void => {
    // Two columns of one name could not be told apart.
    const titleZh = titles.has(told.titleZh) ? `${told.titleZh}（${name}）` : told.titleZh;
    titles.add(titleZh);
    columns.push({ name, coordinate, holds, titleZh, words: wordsOfValues(told.of) });
  };
  const itemsOf = (coordinate: string) => facts.fields.filter((field) => field.coordinate === coordinate).flatMap(({ items }) => items);
  for (const field of Object.values(type.getFields())) {
    const coordinate = `${type.name}.${field.name}`;
    const items = itemsOf(coordinate);
    if (field.args.some(isRequiredArgument) || isMade(facts, coordinate) || !(items.length > 0 || field.name === CONFIRMED_AT)) continue;
    const titleZh = titleOf(field, field.name === CONFIRMED_AT ? CONFIRMED_AT_ZH : items[0]?.title);
    const named = getNamedType(field.type);
    const isList = isListType(getNullableType(field.type));
    if (named.name === 'GeoJSON') {
      // What takes an argument is drawn to measure: too long for a table.
      if (field.args.length > 0) shapes.push(field.name);
      else {
        points.push(field.name);
        add(field.name, coordinate, 'point', { titleZh, of: field.type });
      }
    } else if (isLeafType(named)) {
      add(field.name, coordinate, isList ? 'values' : 'value', { titleZh, of: field.type });
    } else if (isObjectType(named) && !isList) {
      const isResource = facts.typesNamed(named.name).some((each) => each.resource);
      for (const inner of Object.values(named.getFields())) {
        const isKey = isNonNullType(inner.type);
        const isPlain = isLeafType(getNullableType(inner.type)) && inner.args.length === 0;
        // Of another resource a row holds the key; the rest is in that resource's own file.
        if (isPlain && (isKey || !isResource) && !isMade(facts, `${named.name}.${inner.name}`)) {
          const part = isResource ? '代码' : `（${titleOf(inner, inner.name)}）`;
          add(`${field.name}.${inner.name}`, `${named.name}.${inner.name}`, 'value', { titleZh: `${titleZh}${part}`, of: inner.type });
        }
      }
    }
  }
  return { columns, points, shapes };
}

/** Whether a field only says otherwise what another says: a file holds the codes, and its own words beside them. */
function isMade(facts: SharingFacts, coordinate: string): boolean {
  return facts.fields.some((field) => field.coordinate === coordinate && field.madeOf !== null);
}

/** What the schema calls a field in Chinese, else the given name. */
function titleOf(field: GraphQLField<unknown, unknown>, otherwise: string | undefined): string {
  return partWords(field.description ?? '').zh || otherwise || field.name;
}
