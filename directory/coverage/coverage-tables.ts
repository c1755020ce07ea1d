import type { Cell } from '@longyuan/inner/inner-subgraph.ts';
import { writeMoment } from '@longyuan/schema/src/moment.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { headingsOfCodes, type TableLanguage, wordsOfVocabulary } from '@longyuan/schema/src/words/describe-words.ts';
import { headingsOfCoverage, headingsOfFigures, wordsOfCoverage } from '@longyuan/schema/src/words/headings-of-coverage.ts';
import type { CoverageReader, ItemCoverageRow, ResourceCoverageRow } from './read-coverage.ts';
import { type GroupFigures, itemFigures, resourceFigures, type Scope } from './read-figures.ts';
import { ruleOf, scoreMethod, scoreOf } from './score-method.ts';

/** Rows that are read at once. */
const PAGE = 500;

/** A column: its name and its Chinese heading, and what stands in it. `word` of one that holds codes: the Chinese word of its code. */
type Column<Row> = Readonly<{ name: string; zh: string; of: (row: Row) => Cell | boolean; word?: (code: string) => string | null }>;
type Page<Row> = Readonly<{
  nodes(): Promise<readonly Row[]>;
  pageInfo(): Promise<Readonly<{ endCursor: string | null; hasNextPage: boolean }>>;
}>;
type Table<Row> = Readonly<{
  columns: readonly Column<Row>[];
  page: (scope: Scope, after: string | null) => Page<Row>;
}>;

/** The tables there are. */
export const COVERAGE_TABLES = ['providers', 'resources', 'items'] as const;
export type CoverageTable = (typeof COVERAGE_TABLES)[number];
/** Which of them, of what part of the province, in which words. */
export type Wanted = Readonly<{ list: CoverageTable; scope: Scope; language: TableLanguage }>;

/** Rows that are sent together. */
type Part = readonly (readonly Cell[])[];

/**
 * A table of the audit, its headings first and then a page at a time. In Chinese it has Chinese headings, and the word of a code in a column
 * before it, as the open files have.
 */
export function writeCoverageTable(
  wanted: Wanted,
  from: Readonly<{ reader: CoverageReader; libraries: readonly Pick<Library, 'name' | 'title'>[] }>,
): AsyncGenerator<Part> {
  const { reader, libraries } = from;
  const titles = new Map(libraries.map(({ name, title }) => [name, title]));
  switch (wanted.list) {
    case 'providers':
      return writeRows({ columns: ofProviders, page: (of, after) => reader.providers(of, { first: PAGE, after }) }, wanted);
    case 'resources':
      return writeRows(
        { columns: columnsOfResources(titles), page: (of, after) => reader.resources(of, null, { first: PAGE, after }) },
        wanted,
      );
    case 'items':
      return writeRows({ columns: columnsOfItems(titles), page: (of, after) => reader.items(of, null, { first: PAGE, after }) }, wanted);
  }
}

async function* writeRows<Row>({ columns, page }: Table<Row>, { scope, language }: Wanted): AsyncGenerator<Part> {
  let headings: Part = [columns.flatMap((column) => headingsOf(column, language))];
  for (let after: string | null = null; ; ) {
    const read = page(scope, after);
    const nodes = await read.nodes();
    yield [...headings, ...nodes.map((row) => columns.flatMap((column) => cellsOf(column, row, language)))];
    headings = [];
    const { hasNextPage, endCursor } = await read.pageInfo();
    if (!hasNextPage) return;
    after = endCursor;
  }
}

function headingsOf<Row>({ name, zh, word }: Column<Row>, language: TableLanguage): readonly string[] {
  if (language === null) return [name];
  if (!word) return [zh];
  const both = headingsOfCodes(zh);
  return [both.word, both.code];
}

function cellsOf<Row>({ of, word }: Column<Row>, row: Row, language: TableLanguage): readonly Cell[] {
  const value = of(row);
  if (typeof value === 'boolean') {
    const said = value ? 'yes' : 'no';
    return [language === null ? said : wordsOfCoverage[said]];
  }
  if (language === null || !word) return [value];
  return [value === null ? null : (word(String(value)) ?? value), value];
}

/** A column that is headed as its name is in `headingsOfCoverage`, or as `zh` is there. */
function column<Row>(
  name: string,
  of: Column<Row>['of'],
  { zh = name as Heading, word }: { zh?: Heading; word?: (code: string) => string | null } = {},
): Column<Row> {
  return { name, zh: headingsOfCoverage[zh], of, ...(word && { word }) };
}
type Heading = keyof typeof headingsOfCoverage;

type Figures = Readonly<Record<string, number | Readonly<{ count: number }>>>;

/** A column of each figure, as `resources.connected`. The names of the figures do not depend on what is counted. */
function columnsOfFigures(of: 'resources' | 'items', figuresOf: (counts: GroupFigures['counts']) => Figures): Column<GroupFigures>[] {
  const names = Object.keys(figuresOf(new Proxy({}, { get: () => 0 }) as GroupFigures['counts']));
  return names.map((name) => ({
    name: `${of}.${name}`,
    zh: `${headingsOfFigures[of]}：${headingsOfFigures[name as keyof typeof headingsOfFigures]}`,
    of: ({ counts }) => {
      const figure = figuresOf(counts)[name];
      return typeof figure === 'number' ? figure : (figure?.count ?? null);
    },
  }));
}

const ofProviders: readonly Column<GroupFigures>[] = [
  column('provider', ({ key }) => key),
  column('providerName', ({ name }) => name),
  column('score', ({ values }) => scoreOf(values)),
  ...columnsOfFigures('resources', resourceFigures),
  ...columnsOfFigures('items', itemFigures),
  ...scoreMethod.map(
    ({ name }, place): Column<GroupFigures> => ({
      ...{ name, zh: ruleOf(name, 'zh').replace(/。$/, '') },
      of: ({ values }) => values[place] ?? null,
    }),
  ),
];

type Titles = ReadonlyMap<string, string>;

function columnsOfResources(titles: Titles): readonly Column<ResourceCoverageRow>[] {
  const [shareTypes, cycles] = [wordsOfVocabulary('ShareType'), wordsOfVocabulary('UpdateCycle')];
  const openness: Readonly<Record<string, string>> = wordsOfCoverage;
  return [
    column('code', ({ code }) => code),
    column('name', ({ name }) => name),
    column('provider', ({ providerUscc }) => providerUscc),
    column('providerName', ({ providerName }) => providerName),
    column('library', ({ library }) => library, { word: (name) => titles.get(name) ?? null }),
    column('shareType', ({ shareType }) => shareType, { word: (code) => shareTypes.get(code)?.zh ?? null }),
    column('openness', (row) => row.openness, { word: (code) => openness[code] ?? null }),
    column('updateCycle', ({ updateCycle }) => updateCycle, { word: (code) => cycles.get(code)?.zh ?? null }),
    column('promised', ({ promised }) => promised),
    column('connected', ({ connected }) => connected),
    column('missingMetadata', ({ missing }) => missing.join('、')),
    column('records', ({ rows }) => rows),
    column('newestAt', ({ newestAt }) => newestAt && writeMoment(newestAt)),
    column('oldestAt', ({ oldestAt }) => oldestAt && writeMoment(oldestAt)),
    column('overdueRecords', ({ overdue }) => overdue),
    column('fresh', ({ fresh }) => fresh),
    column('items', ({ itemsRequired }) => itemsRequired),
    column('itemsConnected', ({ itemsConnected }) => itemsConnected),
    column('itemsPopulated', ({ itemsPopulated }) => itemsPopulated),
    column('itemsUsed', ({ itemsUsed }) => itemsUsed),
    column('itemsNeverAsked', ({ itemsNeverAsked }) => itemsNeverAsked),
    column('score', ({ checks }) => scoreOf(checks)),
  ];
}

function columnsOfItems(titles: Titles): readonly Column<ItemCoverageRow>[] {
  return [
    column('code', ({ code }) => code, { zh: 'itemCode' }),
    column('name', ({ name }) => name, { zh: 'itemName' }),
    column('resource', ({ resourceCode }) => resourceCode),
    column('resourceName', ({ resourceName }) => resourceName),
    column('provider', ({ providerUscc }) => providerUscc),
    column('providerName', ({ providerName }) => providerName),
    column('library', ({ library }) => library, { word: (name) => titles.get(name) ?? null }),
    column('promised', ({ promised }) => promised),
    column('connected', ({ connected }) => connected),
    column('populated', ({ populated }) => populated),
    column('permitted', ({ permitted }) => permitted),
    column('used', ({ used }) => used),
    column('refused', ({ refused }) => refused),
    column('asked', ({ asked }) => asked),
  ];
}
