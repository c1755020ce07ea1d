import { decodeCursor, refuseCursor } from '@longyuan/schema/src/paging/cursor.ts';
import { type KeysetPage, keysetPage } from '@longyuan/schema/src/paging/keyset-page.ts';
import type { AskedRows } from '../serve/rows/asked-rows.ts';
import { manyByKey, oneByKey } from '../serve/rows/batch.ts';
import type { ChangeRow, EntityCondition, EntityRow, LegalEntityStore, ReportRow } from './store.ts';

export type Loaders = ReturnType<typeof makeLoaders>;

/** One request's way to the store: everything asked in the same turn is one question of the store for each kind. */
export function makeLoaders(store: LegalEntityStore) {
  const report = oneByKey<ReportRow>(
    (keys, asked) => store.reports({ ...partsOf(keys), asked }),
    ({ uscc, year }) => reportKey(uscc, year),
  );
  return {
    entity: oneByKey(store.entities, (row) => row.uscc),
    // `in` finds no null.
    represented: manyByKey(store.represented, (row) => row.legalRep ?? ''),
    shareholders: manyByKey(store.shareholders, (row) => row.uscc),
    officers: manyByKey(store.officers, (row) => row.uscc),
    changes: manyByKey<ChangeRow, string | null>(store.changes, (row) => row.uscc),
    listings: manyByKey(store.listings, (row) => row.uscc),
    report: { load: (uscc: string, year: number, asked: AskedRows) => report.load(reportKey(uscc, year), asked) },
    search: (page: Search) => search(store, page),
  };
}

type Search = Readonly<{ condition: EntityCondition; first: number; after: string | null; asked: AskedRows }>;

function search(store: LegalEntityStore, { condition, first, after, asked }: Search): KeysetPage<EntityRow> {
  const behind = after === null ? null : usccIn(after);
  return keysetPage({
    ...{ list: FIRMS, first, after },
    fetch: (limit) => store.find({ condition, after: behind, limit, asked }),
    placeOf: (row) => [row.uscc],
    count: () => store.count(condition, asked.rows),
  });
}

const FIRMS = { field: 'Query.searchLegalEntities' };

function usccIn(cursor: string): string {
  const uscc = String(decodeCursor(cursor, FIRMS, 1)[0]);
  if (!/^[0-9A-Z]{18}$/.test(uscc)) throw refuseCursor(FIRMS);
  return uscc;
}

// A report is one row of an entity and a year: one key, so that several years of many entities are still one question.
function reportKey(uscc: string, year: number): string {
  return `${uscc} ${year}`;
}

function partsOf(keys: readonly string[]): { usccs: readonly string[]; years: readonly number[] } {
  const parts = keys.map((key) => key.split(' '));
  return { usccs: [...new Set(parts.map(([uscc]) => uscc ?? ''))], years: [...new Set(parts.map(([, year]) => Number(year)))] };
}
