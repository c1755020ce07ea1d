import { refusalOf } from '@longyuan/access/offices.ts';
import type { InnerTable } from '@longyuan/inner/inner-subgraph.ts';
import { hasFormOfCreditCode } from '@longyuan/schema/src/check-digits.ts';
import { isKnownDivision } from '@longyuan/schema/src/division-table.ts';
import type { Library } from '@longyuan/schema/src/read-libraries.ts';
import { refuse } from '@longyuan/schema/src/refuse.ts';
import { COVERAGE_TABLES, type Wanted, writeCoverageTable } from './coverage-tables.ts';
import type { CoverageReader } from './read-coverage.ts';

/**
 * The audit as tables: `/directory/coverage.csv?list=providers|resources|items`, of the whole province or of a division, provider or library;
 * `lang=zh` in Chinese words. `reader`: a new one for each.
 */
export function exportCoverage(reader: () => CoverageReader, libraries: readonly Pick<Library, 'name' | 'title'>[]): InnerTable {
  return {
    path: '/directory/coverage.csv',
    async open(query, caller) {
      const wanted = readWanted(query, libraries);
      const { list, scope } = wanted;
      const refusal = refusalOf(caller, 'readCoverage', { department: null, division: scope.division });
      if (refusal) throw refusal;
      const from = reader();
      if (scope.provider !== null && !(await from.knowsProvider(scope.provider))) throw refuse('COVERAGE_PROVIDER');
      return { fileName: `coverage-${list}.csv`, parts: writeCoverageTable(wanted, { reader: from, libraries }) };
    },
  };
}

/** What is asked for; the first parameter that is nothing the hub knows is refused by its name. Whether there is such a provider is not asked. */
export function readWanted(query: Readonly<Record<string, unknown>>, libraries: readonly Pick<Library, 'name'>[]): Wanted {
  const { list = 'providers', lang, division = null, provider = null, library = null } = query;
  const table = COVERAGE_TABLES.find((each) => each === list);
  if (!table) throw refuse('COVERAGE_LIST');
  if (lang !== undefined && lang !== 'zh') throw refuse('FILE_LANGUAGE');
  if (division !== null && !(typeof division === 'string' && isKnownDivision(division))) throw refuse('COVERAGE_DIVISION');
  if (provider !== null && !(typeof provider === 'string' && hasFormOfCreditCode(provider))) throw refuse('COVERAGE_PROVIDER');
  const names = libraries.map(({ name }) => name);
  if (library !== null && !(typeof library === 'string' && names.includes(library)))
    throw refuse('COVERAGE_LIBRARY', { written: names.join(', ') });
  return { list: table, scope: { division, provider, library }, language: lang === 'zh' ? 'zh' : null };
}
