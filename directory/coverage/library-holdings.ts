import type { holdingsRoute } from '@longyuan/trust/routes/holdings.ts';
import type { AnswerOf } from '@longyuan/trust/routes/route.ts';
import type { DirectoryStore } from '../entries/directory-store.ts';
import type { MeasuredResource } from './audit-resource.ts';

type Ask = DirectoryStore['ask'];

/** What a library told of its store. `tables` null: it has not counted yet. */
export type ToldHoldings = AnswerOf<typeof holdingsRoute>;

/** Keeps what a library told last. */
export async function storeHoldings(ask: Ask, library: string, told: ToldHoldings): Promise<void> {
  await ask(
    `INSERT INTO directory."LibraryHoldings" (library, "measuredAt", holdings) VALUES ($1, $2::timestamptz, $3::jsonb)
     ON CONFLICT (library) DO UPDATE SET "measuredAt" = excluded."measuredAt", holdings = excluded.holdings`,
    [library, told.measuredAt, JSON.stringify(told)],
  );
}

/** When rows of each resource (code) were first and last confirmed, as the libraries told last. */
export async function readConfirmed(ask: Ask): Promise<ReadonlyMap<string, Pick<MeasuredResource, 'oldestAt' | 'newestAt'>>> {
  return new Map([...(await readMeasured(ask)).values()].flatMap((ofLibrary) => [...ofLibrary]));
}

/** What is measured of each resource, by its library and its code: a library speaks of its own alone. An item may lie in another table than its resource. */
export async function readMeasured(ask: Ask): Promise<ReadonlyMap<string, ReadonlyMap<string, MeasuredResource>>> {
  const rows = await ask<{ library: string; holdings: ToldHoldings }>('SELECT library, holdings FROM directory."LibraryHoldings"', []);
  return new Map(
    rows.map(({ library, holdings: { tables, asOf } }) => {
      const items = new Map((tables ?? []).flatMap((table) => Object.entries(table.items)));
      const measured = (tables ?? []).flatMap(({ resource, ...table }) =>
        resource === null || asOf === null ? [] : [[resource, { ...table, asOf, items }] as const],
      );
      return [library, new Map(measured)] as const;
    }),
  );
}
