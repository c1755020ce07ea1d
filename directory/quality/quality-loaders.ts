import type { QualityCheck } from '@longyuan/schema/src/quality/quality-checks.ts';
import { manyByKey } from '../entries/load-by-key.ts';
import { type FindingRow, type QualityStore, saidOf } from './quality-store.ts';

/** What one request asks about quality: keys asked for in the same turn become one statement. */
export type QualityLoaders = Readonly<{
  /** One for each rule that is declared, in the order of the SDL. */
  findingsOfItem(code: string): Promise<readonly FindingRow[]>;
  findingsOfResource(code: string): Promise<readonly FindingRow[]>;
  history(check: string, limit: number): Promise<readonly FindingRow[]>;
}>;

/** Made for one request. `checks` are the rules that the SDL declares now. */
export function makeQualityLoaders(store: QualityStore, checks: readonly QualityCheck[]): QualityLoaders {
  const ofItem = manyByKey(store.findingsOfItems, (row) => row.item ?? '');
  const ofResource = manyByKey(store.findingsOfResources, (row) => row.resource);
  const histories = new Map<number, (check: string) => Promise<readonly FindingRow[]>>();
  return {
    findingsOfItem: async (code) => {
      const declared = checks.filter(({ item }) => item === code);
      return declared.length === 0 ? [] : asDeclared(declared, await ofItem(code));
    },
    findingsOfResource: async (code) => {
      const declared = checks.filter(({ resource }) => resource === code);
      return declared.length === 0 ? [] : asDeclared(declared, await ofResource(code));
    },
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

function asDeclared(checks: readonly QualityCheck[], found: readonly FindingRow[]): readonly FindingRow[] {
  const byCheck = new Map(found.map((row) => [row.check, row]));
  const notYet = { rows: 0, failing: 0, isMeasured: false, sampleKeys: [], measuredAt: null };
  return checks.map((check) => byCheck.get(check.id) ?? { ...saidOf(check), ...notYet });
}
