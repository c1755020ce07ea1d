import type { QualityCheck } from '@longyuan/schema/src/quality/quality-checks.ts';
import { manyByKey } from '../entries/load-by-key.ts';
import { type FindingRow, type QualityStore, saidOf } from './quality-store.ts';

/** What one request asks about quality: keys asked for in the same turn become one statement. */
export type QualityLoaders = ReturnType<typeof makeQualityLoaders>;

/** Made for one request. `checks` are the rules that the SDL declares now. */
export function makeQualityLoaders(store: QualityStore, checks: readonly QualityCheck[]) {
  const ofItem = manyByKey(store.findingsOfItems, (row) => row.item ?? '');
  const ofResource = manyByKey(store.findingsOfResources, (row) => row.resource);
  const histories = new Map<number, (check: string) => Promise<readonly FindingRow[]>>();
  return {
    /** One for each rule that is declared, in the order of the SDL. */
    findingsOfItem: async (code: string) => {
      const declared = checks.filter(({ item }) => item === code);
      return declared.length === 0 ? [] : asDeclared(declared, await ofItem(code));
    },
    findingsOfResource: async (code: string) => {
      const declared = checks.filter(({ resource }) => resource === code);
      return declared.length === 0 ? [] : asDeclared(declared, await ofResource(code));
    },
    history(check: string, limit: number) {
      const ofLimit = () =>
        manyByKey(
          (names) => store.history(names, limit),
          (row: FindingRow) => row.check,
        );
      return histories.getOrInsertComputed(limit, ofLimit)(check);
    },
  };
}

function asDeclared(checks: readonly QualityCheck[], found: readonly FindingRow[]): readonly FindingRow[] {
  const byCheck = new Map(found.map((row) => [row.check, row]));
  const notYet = { rows: 0, failing: 0, isMeasured: false, sampleKeys: [], measuredAt: null };
  return checks.map((check) => byCheck.get(check.id) ?? { ...saidOf(check), ...notYet });
}
