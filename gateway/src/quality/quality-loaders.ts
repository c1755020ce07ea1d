import DataLoader from 'dataloader';
import type { FindingRow, QualityStore } from './quality-store.ts';

/** What one request asks about quality: keys asked for in the same turn become one statement. */
export type QualityLoaders = Readonly<{
  findingsOfItem(code: string): Promise<readonly FindingRow[]>;
  findingsOfResource(code: string): Promise<readonly FindingRow[]>;
  history(check: string, limit: number): Promise<readonly FindingRow[]>;
}>;

/** Made for one request. */
export function makeQualityLoaders(store: QualityStore): QualityLoaders {
  const ofItem = manyByKey(store.findingsOfItems, (row) => row.item ?? '');
  const ofResource = manyByKey(store.findingsOfResources, (row) => row.resource);
  const histories = new Map<number, (check: string) => Promise<readonly FindingRow[]>>();
  return {
    findingsOfItem: ofItem,
    findingsOfResource: ofResource,
    history(check, limit) {
      const known =
        histories.get(limit) ??
        manyByKey(
          (checks) => store.history(checks, limit),
          (row) => row.check,
        );
      histories.set(limit, known);
      return known(check);
    },
  };
}

function manyByKey(fetch: (keys: readonly string[]) => Promise<readonly FindingRow[]>, keyOf: (row: FindingRow) => string) {
  const loader = new DataLoader<string, readonly FindingRow[]>(async (keys) => {
    const rowsByKey = Map.groupBy(await fetch(keys), keyOf);
    return keys.map((key) => rowsByKey.get(key) ?? []);
  });
  return (key: string) => loader.load(key);
}
