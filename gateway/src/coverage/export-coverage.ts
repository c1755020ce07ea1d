import { Readable } from 'node:stream';
import type { Caller } from '@longyuan/schema/src/access/caller.ts';
import { writeMoment } from '@longyuan/schema/src/moment.ts';
import type { FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import { httpRefusal, sendRefusal } from '../http-refusals.ts';
import type { Identity } from '../identify/open-identity.ts';
import { toCsv } from '../public/file-formats.ts';
import type { CoverageReader, ItemCoverageRow, ResourceCoverageRow } from './read-coverage.ts';
import { type GroupFigures, itemFigures, resourceFigures, type Scope } from './read-figures.ts';
import { scoreMethod, scoreOf } from './score-method.ts';

/** Rows that are read at once. */
const PAGE = 500;
const DIVISION = /^\d{6}(\d{3}|\d{6})?$/;
const CREDIT_CODE = /^[0-9A-Z]{18}$/;
const LIBRARY = /^[a-z][a-z0-9-]{0,39}$/;

type Cell = string | number | null;
type Page<Row> = Readonly<{
  nodes(): Promise<readonly Row[]>;
  pageInfo(): Promise<Readonly<{ endCursor: string | null; hasNextPage: boolean }>>;
}>;
type Table<Row> = Readonly<{
  head: readonly string[];
  cells: (row: Row) => readonly Cell[];
  page: (scope: Scope, after: string | null) => Page<Row>;
}>;

/**
 * Serves the audit as tables: `GET /directory/coverage.csv?list=providers|resources|items`, of the whole province or of a division, provider or
 * library. RFC 4180 in UTF-8, read and sent a page at a time; cells that a spreadsheet would run get an apostrophe before them.
 */
export function registerCoverageExport(
  app: FastifyInstance,
  door: Readonly<{
    reader: () => CoverageReader;
    identify: Identity['identify'];
    mayRead: (caller: Caller, division: string | null) => boolean;
  }>,
): void {
  app.get<{ Querystring: Readonly<Record<string, unknown>> }>('/directory/coverage.csv', async (request, reply) => {
    const { query, headers, budget } = request;
    const told = await door.identify(headers, budget.requestId);
    if (told.kind !== 'identified') {
      if (told.challenge !== null) void reply.header('www-authenticate', told.challenge);
      return sendRefusal(reply, told.refusal);
    }
    budget.notes.caller = told.caller;
    const scope = readScope(query);
    if (!door.mayRead(told.caller, scope?.division ?? null)) {
      return sendRefusal(
        reply,
        told.caller.kind === 'public' ? httpRefusal(401, 'COVERAGE_NEEDS_TOKEN') : httpRefusal(403, 'COVERAGE_NOT_YOURS'),
      );
    }
    const list = query['list'] ?? 'providers';
    const tables = tablesOf(door.reader());
    if (!scope || typeof list !== 'string' || !Object.hasOwn(tables, list)) {
      return sendRefusal(reply, httpRefusal(400, 'COVERAGE_TABLE'));
    }
    const rows = tables[list as keyof typeof tables](scope); // Object.hasOwn has just said that it is one.
    let first: IteratorResult<string>;
    try {
      first = await rows.next();
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      return sendRefusal(reply.header('retry-after', '5'), { status: 503, code: 'LIBRARY_UNAVAILABLE', message: error.message });
    }
    void reply
      .header('cache-control', 'no-store')
      .header('content-disposition', `attachment; filename="coverage-${list}.csv"`)
      .type('text/csv; charset=utf-8');
    return reply.send(Readable.from(resume(first, rows), { highWaterMark: 2, objectMode: true }));
  });
}

/** The first page is read before anything is sent, so that a directory that is away is told as such. */
async function* resume(first: IteratorResult<string>, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  if (!first.done) yield first.value;
  yield* rest;
}

async function* writeRows<Row>({ head, cells, page }: Table<Row>, scope: Scope): AsyncGenerator<string> {
  let text = `\uFEFF${toCsv([head])}`;
  for (let after: string | null = null; ; ) {
    const read = page(scope, after);
    const nodes = await read.nodes();
    if (nodes.length > 0) text += toCsv(nodes.map(cells));
    yield text;
    text = '';
    const { hasNextPage, endCursor } = await read.pageInfo();
    if (!hasNextPage) return;
    after = endCursor;
  }
}

function readScope({ division, provider, library }: Readonly<Record<string, unknown>>): Scope | null {
  const read = (value: unknown, form: RegExp): string | null | undefined =>
    value === undefined ? null : typeof value === 'string' && form.test(value) ? value : undefined;
  const scope = { division: read(division, DIVISION), provider: read(provider, CREDIT_CODE), library: read(library, LIBRARY) };
  const { division: d, provider: p, library: l } = scope;
  return d === undefined || p === undefined || l === undefined ? null : { division: d, provider: p, library: l };
}

function tablesOf(reader: CoverageReader) {
  const providers: Table<GroupFigures> = {
    head: [
      'provider',
      'providerName',
      'score',
      ...namesOf('resources', resourceFigures),
      ...namesOf('items', itemFigures),
      ...scoreMethod.map(({ name }) => name),
    ],
    cells: ({ key, name, counts, values }) => [
      key,
      name,
      scoreOf(values),
      ...numbersOf(resourceFigures(counts)),
      ...numbersOf(itemFigures(counts)),
      ...scoreMethod.map((_, place) => values[place] ?? null),
    ],
    page: (scope, after) => reader.providers(scope, { first: PAGE, after }),
  };
  const resources: Table<ResourceCoverageRow> = {
    head: [
      ...['code', 'name', 'provider', 'providerName', 'library', 'shareType', 'openness', 'updateCycle', 'promised', 'connected'],
      'missingMetadata',
      ...['records', 'newestAt', 'oldestAt', 'overdueRecords', 'fresh'],
      ...['items', 'itemsConnected', 'itemsPopulated', 'itemsUsed', 'itemsNeverAsked', 'score'],
    ],
    cells: (row) => [
      ...[
        row.code,
        row.name,
        row.providerUscc,
        row.providerName,
        row.library,
        row.shareType,
        row.openness,
        row.updateCycle,
        said(row.promised),
        said(row.connected),
      ],
      ...[
        row.missing.join('、'),
        row.rows,
        row.newestAt && writeMoment(row.newestAt),
        row.oldestAt && writeMoment(row.oldestAt),
        row.overdue,
        said(row.fresh),
      ],
      ...[row.itemsRequired, row.itemsConnected, row.itemsPopulated, row.itemsUsed, row.itemsNeverAsked, scoreOf(row.checks)],
    ],
    page: (scope, after) => reader.resources(scope, null, { first: PAGE, after }),
  };
  const items: Table<ItemCoverageRow> = {
    head: [
      'code',
      'name',
      'resource',
      'resourceName',
      'provider',
      'providerName',
      'library',
      'promised',
      'connected',
      'populated',
      'permitted',
      'used',
      'refused',
      'asked',
    ],
    cells: (row) => [
      ...[
        row.code,
        row.name,
        row.resourceCode,
        row.resourceName,
        row.providerUscc,
        row.providerName,
        row.library,
        said(row.promised),
        said(row.connected),
        row.populated,
      ],
      ...[said(row.permitted), row.used, row.refused, row.asked],
    ],
    page: (scope, after) => reader.items(scope, null, { first: PAGE, after }),
  };
  return {
    providers: (scope: Scope) => writeRows(providers, scope),
    resources: (scope: Scope) => writeRows(resources, scope),
    items: (scope: Scope) => writeRows(items, scope),
  };
}

type Figures = Readonly<Record<string, number | Readonly<{ count: number }>>>;

function numbersOf(figures: Figures): readonly number[] {
  return Object.values(figures).map((figure) => (typeof figure === 'number' ? figure : figure.count));
}

/** `resources.connected`. The names of the figures do not depend on what is counted. */
function namesOf(of: string, figuresOf: (counts: never) => Figures): readonly string[] {
  return Object.keys(figuresOf(new Proxy({}, { get: () => 0 }) as never)).map((name) => `${of}.${name}`);
}

function said(value: boolean | null): string | null {
  return value === null ? null : value ? 'yes' : 'no';
}
