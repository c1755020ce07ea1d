import { type DirectoryResource, isOpenSomewhere, readDirectory } from '@longyuan/schema/src/read-directory.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { readSharingFacts } from '@longyuan/schema/src/read-sharing-facts.ts';
import { directiveArguments } from '@longyuan/schema/src/sdl-node.ts';
import type { SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import { type Words, wordsOfVocabulary } from '@longyuan/schema/src/words/describe-words.ts';
import {
  buildSchema,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isListType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { type Column, isMade, readColumns } from './read-columns.ts';

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

/**
 * What the public may know of one resource, as a file or by question alone (`dataset` null). `openRows`: which rows alone are open; null where
 * something is open of every row. `cycle`: how often it is brought up to date.
 */
export type OpenResource = Readonly<{ resource: DirectoryResource; dataset: Dataset | null; openRows: Words | null; cycle: Words }>;

/** Resources with an open item, in the order of the directory. */
export function findOpenResources(libraries: readonly Library[], publicSdl: string): readonly OpenResource[] {
  const schema = buildSchema(publicSdl, { noLocation: true });
  const facts = readSharingFacts(libraries);
  const [cycles, predicates] = [wordsOfVocabulary('UpdateCycle'), wordsOfVocabulary('RowPredicate')];
  return readDirectory(libraries).resources.flatMap((resource) => {
    if (!resource.items.some(isOpenSomewhere)) return [];
    const cycle = cycles.get(resource.updateCycle) ?? { zh: resource.updateCycle, en: null };
    const dataset = findDataset(resource, schema, facts, predicates);
    return [{ resource, dataset, cycle, openRows: predicates.get(onlyPredicateOf(resource) ?? '') ?? null }];
  });
}

/** The predicate that every open item of the resource needs; null where some item needs none, or another. */
function onlyPredicateOf({ items }: DirectoryResource): string | null {
  const needed = items.filter(isOpenSomewhere).map((item) => (item.open ? null : (item.when.find(({ open }) => open)?.predicate ?? null)));
  const [first = null] = needed;
  return needed.every((each) => each === first) ? first : null;
}

/** Codes of the items that the files of a dataset hold. */
export function itemsInFile({ resource, columns, geometries }: Dataset): readonly string[] {
  const held = new Set([
    ...columns.flatMap(({ name, coordinate }) => [coordinate, `${resource.typeName}.${name.split('.', 1)[0]}`]),
    ...geometries.map((name) => `${resource.typeName}.${name}`),
  ]);
  return resource.items.flatMap((item) =>
    isOpenSomewhere(item) && item.fields.some(({ coordinate }) => held.has(coordinate)) ? [item.code] : [],
  );
}

/** Rows of one page: as many as the list gives at once, and no more than this. */
const MAX_PAGE_ROWS = 100;
/** An argument that takes no more whole numbers than this is a list of lists, like the levels of divisions. */
const MAX_NUMBERS = 10;
/** Files are of what their owner hands out so (FILE_DOWNLOAD), and that a root of the public schema lists. */
function findDataset(
  resource: DirectoryResource,
  schema: GraphQLSchema,
  facts: SharingFacts,
  predicates: ReadonlyMap<string, Words>,
): Dataset | null {
  const type = schema.getType(resource.typeName);
  if (!isObjectType(type) || !resource.shareModes.includes('FILE_DOWNLOAD')) return null;
  const list = findList(type, schema, facts);
  if (!list) return null;
  const { columns, points, shapes } = readColumns(type, facts, predicates);
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
