import { Readable } from 'node:stream';
import { mayDo, offices } from '@longyuan/access/offices.ts';
import { hasFormOfCreditCode } from '@longyuan/schema/src/check-digits.ts';
import { isKnownDivision } from '@longyuan/schema/src/division-table.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';

import type { FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import { httpRefusal, type Refusal, sendRefusal } from '../http-refusals.ts';
import type { Identity } from '../identify/open-identity.ts';
import type { FileLanguage } from '../public/file-formats.ts';
import { COVERAGE_TABLES, type CoverageTable, writeCoverageTable } from './coverage-tables.ts';
import type { CoverageReader } from './read-coverage.ts';
import type { Scope } from './read-figures.ts';

/**
 * Serves the audit as tables: `GET /directory/coverage.csv?list=providers|resources|items`, of the whole province or of a division, provider or
 * library; `lang=zh` in Chinese words. Read and sent a page at a time. A value of the query that means nothing is refused with 400.
 */
export function registerCoverageExport(
  app: FastifyInstance,
  door: Readonly<{
    reader: () => CoverageReader;
    libraries: readonly Pick<Library, 'name' | 'title'>[];
    identify: Identity['identify'];
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
    const wanted = readWanted(query, door.libraries);
    if ('refusal' in wanted) return sendRefusal(reply, wanted.refusal);
    const { list, scope } = wanted;
    if (!mayDo(told.caller, 'readCoverage', { department: null, division: scope.division })) {
      const { refused } = offices.readCoverage;
      return sendRefusal(reply, told.caller.kind === 'public' ? httpRefusal(401, refused.public) : httpRefusal(403, refused.others));
    }
    const reader = door.reader();
    const rows = writeCoverageTable(wanted, { reader, libraries: door.libraries });
    let first: IteratorResult<string>;
    try {
      if (scope.provider !== null && !(await reader.knowsProvider(scope.provider)))
        return sendRefusal(reply, httpRefusal(400, 'COVERAGE_PROVIDER'));
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

type Wanted = Readonly<{ list: CoverageTable; scope: Scope; language: FileLanguage }>;

/** What is asked for; the first parameter that is nothing the hub knows is refused by its name. Whether there is such a provider is not asked. */
export function readWanted(
  query: Readonly<Record<string, unknown>>,
  libraries: readonly Pick<Library, 'name'>[],
): Wanted | Readonly<{ refusal: Refusal }> {
  const { list = 'providers', lang, division = null, provider = null, library = null } = query;
  const table = COVERAGE_TABLES.find((each) => each === list);
  if (!table) return { refusal: httpRefusal(400, 'COVERAGE_LIST') };
  if (lang !== undefined && lang !== 'zh') return { refusal: httpRefusal(400, 'FILE_LANGUAGE') };
  if (division !== null && !(typeof division === 'string' && isKnownDivision(division)))
    return { refusal: httpRefusal(400, 'COVERAGE_DIVISION') };
  if (provider !== null && !(typeof provider === 'string' && hasFormOfCreditCode(provider)))
    return { refusal: httpRefusal(400, 'COVERAGE_PROVIDER') };
  const names = libraries.map(({ name }) => name);
  if (library !== null && !(typeof library === 'string' && names.includes(library)))
    return { refusal: httpRefusal(400, 'COVERAGE_LIBRARY', { written: names.join(', ') }) };
  return { list: table, scope: { division, provider, library }, language: lang === 'zh' ? 'zh' : null };
}
