import type { Caller } from '@longyuan/access/caller.ts';
import { refusalOf } from '@longyuan/access/offices.ts';
import { badUserInput } from '@longyuan/schema/src/refuse.ts';
import type { Language } from '@longyuan/schema/src/words/sentence.ts';
import type { DirectoryLoaders } from '../entries/loaders.ts';
import type { CallersGrants } from '../grants/grant-desk.ts';
import type { CoverageReader, ItemCoverageRow, ResourceCoverageRow } from './read-coverage.ts';
import { type GroupFigures, itemFigures, resourceFigures, type Scope } from './read-figures.ts';
import { type Check, partsOf, ruleOf, scoreOf } from './score-method.ts';

type Context = Readonly<{
  caller: Caller;
  language: Language;
  loaders: DirectoryLoaders;
  reader: CoverageReader;
  grants: Pick<CallersGrants, 'ownerOf'>;
}>;
type Paging = Readonly<{ first?: number | null; after?: string | null }>;
type Listing = Paging & Readonly<{ lacking?: string | null }>;
type Work = Awaited<ReturnType<CoverageReader['workOf']>>[number];
type Day = Awaited<ReturnType<CoverageReader['history']>>[number];

/** As `schema/directory.graphql` says; a null that is written out means the same as nothing. */
const PAGE = 20;
const DAYS = 30;
const pagingOf = ({ first, after }: Paging) => ({ first: first ?? PAGE, after: after ?? null });
const numberOrNull = (text: string | null) => (text === null ? null : Number(text));

/** Resources of these codes that the directory lists, in their order. */
async function resourcesOf(codes: readonly string[], { loaders }: Context) {
  return (await Promise.all(codes.map(loaders.resourceByCode))).filter((row) => row !== null);
}

/** Which reader answers which field of coverage. A `Coverage` is the scope it is of; what is read of it is read when it is asked for. */
export const coverageResolvers = {
  Query: {
    coverage: (_root: unknown, { division, provider, library }: Partial<Scope>, { caller, grants }: Context): Scope => {
      // The guard of the root knows who asks, and not of which division.
      const refusal = refusalOf(caller, 'readCoverage', { department: null, division: division ?? null });
      if (refusal) throw refusal;
      if (library != null && grants.ownerOf(library) === null) throw badUserInput('Query.coverage(library:)', 'LIBRARY_OF_HUB');
      return { division: division ?? null, provider: provider ?? null, library: library ?? null };
    },
    coverageMethod: () => partsOf(),
  },
  Coverage: {
    auditedAt: async (scope: Scope, _: unknown, { reader }: Context) => (await reader.figuresOf(scope))?.auditedAt,
    score: async (scope: Scope, _: unknown, { reader }: Context) => scoreOf((await reader.figuresOf(scope))?.values ?? []),
    parts: async (scope: Scope, _: unknown, { reader }: Context) => partsOf((await reader.figuresOf(scope))?.values),
    resources: async (scope: Scope, _: unknown, { reader }: Context) => {
      const figures = await reader.figuresOf(scope);
      return figures && resourceFigures(figures.counts);
    },
    items: async (scope: Scope, _: unknown, { reader }: Context) => {
      const figures = await reader.figuresOf(scope);
      return figures && itemFigures(figures.counts);
    },
    work: (scope: Scope, { first }: Paging, { reader }: Context) => reader.workOf(scope, first ?? PAGE),
    libraries: (scope: Scope, _: unknown, { reader }: Context) => reader.libraries(scope),
    providers: (scope: Scope, paging: Paging, { reader }: Context) => reader.providers(scope, pagingOf(paging)),
    resourceList: (scope: Scope, { lacking, ...paging }: Listing, { reader }: Context) =>
      reader.resources(scope, lacking ?? null, pagingOf(paging)),
    itemList: (scope: Scope, { lacking, ...paging }: Listing, { reader }: Context) =>
      reader.items(scope, lacking ?? null, pagingOf(paging)),
    refusedDemand: (scope: Scope, { first }: Paging, { reader }: Context) => reader.refusedDemand(scope, first ?? PAGE),
    unlistedColumns: (scope: Scope, _: unknown, { reader }: Context) => reader.unlistedColumns(scope),
    history: (scope: Scope, { first }: Paging, { reader }: Context) => reader.history(scope, first ?? DAYS),
  },
  ScoreCheck: {
    rule: ({ name }: Check, _: unknown, { language }: Context) => ruleOf(name, language),
  },
  CoverageWork: {
    rule: ({ check }: Work, _: unknown, { language }: Context) => ruleOf(check, language),
    resources: async ({ codes }: Work, { first }: Paging, context: Context) => resourcesOf(await codes(first ?? PAGE), context),
  },
  LibraryCoverage: {
    library: ({ key }: GroupFigures) => key,
    owner: ({ key }: GroupFigures, _: unknown, { grants, loaders }: Context) => {
      const uscc = key && grants.ownerOf(key);
      return uscc && loaders.providerByUscc(uscc);
    },
    score: ({ values }: GroupFigures) => scoreOf(values),
    resources: ({ counts }: GroupFigures) => resourceFigures(counts),
    items: ({ counts }: GroupFigures) => itemFigures(counts),
  },
  ProviderCoverage: {
    provider: ({ key }: GroupFigures, _: unknown, { loaders }: Context) => key && loaders.providerByUscc(key),
    score: ({ values }: GroupFigures) => scoreOf(values),
    resources: ({ counts }: GroupFigures) => resourceFigures(counts),
    items: ({ counts }: GroupFigures) => itemFigures(counts),
  },
  ResourceCoverage: {
    resource: ({ code }: ResourceCoverageRow, _: unknown, { loaders }: Context) => loaders.resourceByCode(code),
    provider: ({ providerUscc }: ResourceCoverageRow, _: unknown, { loaders }: Context) => loaders.providerByUscc(providerUscc),
    missingMetadata: ({ missing }: ResourceCoverageRow) => missing,
    records: ({ rows }: ResourceCoverageRow) => numberOrNull(rows),
    overdueRecords: ({ overdue }: ResourceCoverageRow) => numberOrNull(overdue),
    score: ({ checks }: ResourceCoverageRow) => scoreOf(checks),
  },
  ItemCoverage: {
    provider: ({ providerUscc }: ItemCoverageRow, _: unknown, { loaders }: Context) => loaders.providerByUscc(providerUscc),
    resource: ({ resourceCode }: ItemCoverageRow, _: unknown, { loaders }: Context) => loaders.resourceByCode(resourceCode),
    populated: ({ populated }: ItemCoverageRow) => numberOrNull(populated),
    used: ({ used }: ItemCoverageRow) => Number(used),
    refused: ({ refused }: ItemCoverageRow) => Number(refused),
    asked: ({ asked }: ItemCoverageRow) => Number(asked),
  },
  CoverageDay: {
    score: ({ score }: Day) => numberOrNull(score),
    resources: ({ figures }: Day) => resourceFigures(figures),
    items: ({ figures }: Day) => itemFigures(figures),
  },
};
