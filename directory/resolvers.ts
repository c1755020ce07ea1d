import type { Asker, ExplainedRow } from '@longyuan/inner/inner-subgraph.ts';
import type { Language } from '@longyuan/schema/src/words/sentence.ts';
import type { Purposes } from '@longyuan/settings/purposes.ts';
import { coverageResolvers } from './coverage/coverage-resolvers.ts';
import type { CodeTables } from './entries/code-tables.ts';
import type { Change } from './entries/compare-entries.ts';
import type { ItemRow, ProviderRow, ResourceFilter, ResourceRow, VersionRow } from './entries/directory-store.ts';
import type { EntryLaxerClass } from './entries/entry.ts';
import { purposesNamed } from './entries/known-names.ts';
import type { DirectoryLoaders } from './entries/loaders.ts';
import { grantResolvers } from './grants/grant-resolvers.ts';
import type { OperationArgument } from './operations/argument-examples.ts';
import type { ReadyOperation } from './operations/ready-operations.ts';
import { qualityResolvers } from './quality/resolvers.ts';

type Context = Readonly<{
  loaders: DirectoryLoaders;
  codeTables: CodeTables;
  purposes: Purposes;
  language: Language;
  explain: Asker['explain'];
  operationsOf: (resource: string) => readonly ReadyOperation[];
}>;
type Paging = Readonly<{ first?: number | null; after?: string | null }>;

/** As `schema/directory.graphql` says; a null that is written out means the same as nothing. */
const PAGE = 20;
const pagingOf = ({ first, after }: Paging) => ({ first: first ?? PAGE, after: after ?? null });
const numberOf = ({ major, minor }: Readonly<{ major: number; minor: number }>) => `${major}.${minor}`;

/** Which loader answers which field of `schema/directory.graphql`. Fields that are not here are members of their rows. */
export const resolvers = {
  ...qualityResolvers,
  ...grantResolvers,
  ...coverageResolvers,
  Mutation: { ...qualityResolvers.Mutation, ...grantResolvers.Mutation },
  Query: {
    ...qualityResolvers.Query,
    ...grantResolvers.Query,
    ...coverageResolvers.Query,
    resource: (_root: unknown, { code }: { code: string }, { loaders }: Context) => loaders.resourceByCode(code),
    resources: (_root: unknown, { filter, ...paging }: Paging & { filter?: ResourceFilter | null }, { loaders }: Context) =>
      loaders.search(filter ?? {}, pagingOf(paging)),
    provider: (_root: unknown, { uscc }: { uscc: string }, { loaders }: Context) => loaders.providerByUscc(uscc),
    codeTable: (_root: unknown, { code }: { code: string }, { codeTables }: Context) => codeTables.table(code),
    codeTables: (_root: unknown, _: unknown, { codeTables }: Context) => codeTables.all(),
    explainAccess: (_root: unknown, asked: Parameters<Asker['explain']>[0], { explain }: Context) => explain(asked),
  },
  ItemAccess: {
    item: ({ itemCode }: ExplainedRow, _: unknown, { loaders }: Context) => itemCode && loaders.itemByCode(itemCode),
    grantedBy: ({ ownerUscc }: ExplainedRow, _: unknown, { loaders }: Context) => ownerUscc && loaders.providerByUscc(ownerUscc),
    purposes: ({ purposes }: ExplainedRow, _: unknown, context: Context) => purposes && purposesNamed(purposes, context),
  },
  Resource: {
    ...qualityResolvers.Resource,
    __resolveReference: ({ code }: { code: string }, { loaders }: Context) => loaders.resourceByCode(code),
    category: (row: ResourceRow) => row.category.split('/'),
    provider: (row: ResourceRow, _: unknown, { loaders }: Context) => loaders.providerByUscc(row.providerUscc),
    items: (row: ResourceRow, _: unknown, { loaders }: Context) => loaders.itemsOf(row.id),
    relatedCodes: (row: ResourceRow) => row.related,
    relatedResources: async (row: ResourceRow, _: unknown, { loaders }: Context) =>
      (await Promise.all(row.related.map(loaders.resourceByCode))).filter((related) => related?.state === 'PUBLISHED'),
    operations: ({ origin, code }: ResourceRow, _: unknown, { operationsOf }: Context) => (origin === 'HUB' ? operationsOf(code) : []),
    onHub: (row: ResourceRow) => row.origin === 'HUB',
    graphqlType: (row: ResourceRow) => row.typeName,
    version: numberOf,
    versions: (row: ResourceRow, _: unknown, { loaders }: Context) => loaders.versionsOf(row.id),
  },
  Item: {
    ...qualityResolvers.Item,
    __resolveReference: ({ code }: { code: string }, { loaders }: Context) => loaders.itemByCode(code),
    resource: (row: ItemRow, _: unknown, { loaders }: Context) => loaders.resourceByCode(row.resourceCode),
    graphqlPaths: (row: ItemRow) => [...new Set(row.fields.flatMap(({ graphqlPath }) => graphqlPath ?? []))],
    codeTables: ({ code }: ItemRow, _: unknown, { codeTables }: Context) => codeTables.ofItem(code),
    laxerClasses: (row: ItemRow): readonly EntryLaxerClass[] => row.laxer,
  },
  OperationArgument: {
    form: ({ form }: OperationArgument, _: unknown, { language }: Context) => form?.[language] ?? null,
  },
  ReadyOperation: {
    purposes: ({ purposes }: ReadyOperation, _: unknown, context: Context) => purposesNamed(purposes, context),
  },
  Provider: {
    __resolveReference: ({ uscc }: { uscc: string }, { loaders }: Context) => loaders.providerByUscc(uscc),
    division: (row: ProviderRow) => ({ code: row.division }),
    resources: (row: ProviderRow, paging: Paging, { loaders }: Context) => loaders.resourcesOf(row.uscc, pagingOf(paging)),
  },
  ResourceVersion: {
    number: numberOf,
    changes: (row: VersionRow): readonly Change[] => row.changes,
  },
};
