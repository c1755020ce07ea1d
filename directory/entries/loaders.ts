import type { PagedList } from '@longyuan/schema/src/paging/cursor.ts';
import { type KeysetPage, keysetPageOf } from '@longyuan/schema/src/paging/keyset-page.ts';
import { type DirectoryStore, type ResourceFilter, type ResourceRow, readPlace } from './directory-store.ts';
import { manyByKey, oneByKey } from './load-by-key.ts';

type Paging = Readonly<{ first: number; after: string | null }>;

/** What one request asks of the directory: keys asked for in the same turn become one statement. */
export type DirectoryLoaders = ReturnType<typeof makeLoaders>;

/** Made for one request. */
export function makeLoaders(store: DirectoryStore) {
  const resourceByCode = oneByKey(store.resourcesByCode, (row) => row.code);
  const itemByCode = oneByKey(store.itemsByCode, (row) => row.code);
  const providerByUscc = oneByKey(store.providersByUscc, (row) => row.uscc);
  const itemsOf = manyByKey(store.itemsOfResources, (row) => row.resourceId);
  const versionsOf = manyByKey(store.versionsOfResources, (row) => row.resourceId);
  const countOf = oneByKey(store.countOfProviders, (row) => row.uscc);
  const pagesOf = new Map<string, (uscc: string) => Promise<readonly ResourceRow[]>>();

  return {
    resourceByCode,
    itemByCode,
    providerByUscc,
    itemsOf,
    versionsOf,
    search(filter: ResourceFilter, { first, after }: Paging) {
      const place = after === null ? null : readPlace(after, FOUND, Boolean(filter.text?.trim()));
      return pageOf({
        ...{ list: FOUND, first, after },
        fetch: (limit) => store.findResources(filter, place, limit),
        count: () => store.countResources(filter),
      });
    },
    resourcesOf(uscc: string, { first, after }: Paging) {
      const code = after === null ? '' : readPlace(after, OF_PROVIDER, false).code;
      const name = JSON.stringify([first, code]);
      // Providers that are asked for the same page share a statement.
      const page = pagesOf.getOrInsertComputed(name, () =>
        manyByKey(
          (usccs) => store.resourcesOfProviders(usccs, code, first + 1),
          (row: ResourceRow) => row.providerUscc,
        ),
      );
      return pageOf({
        ...{ list: OF_PROVIDER, first, after },
        fetch: async () => (await page(uscc)).map((row) => ({ row, place: { tier: 3, length: 0, code: row.code } })),
        count: async () => (await countOf(uscc))?.count ?? 0,
      });
    },
  };
}

const FOUND = { field: 'Query.resources' };
const OF_PROVIDER = { field: 'Provider.resources' };

function pageOf(walk: {
  list: PagedList;
  first: number;
  after: string | null;
  fetch: (limit: number) => ReturnType<DirectoryStore['findResources']>;
  count: () => Promise<number>;
}): KeysetPage<ResourceRow> {
  return keysetPageOf({ ...walk, placeOf: ({ place: { tier, length, code } }) => [tier, length, code] }, ({ row }) => row);
}
