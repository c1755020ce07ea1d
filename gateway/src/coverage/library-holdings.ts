import { z } from 'zod';
import type { DirectoryStore } from '../directory/directory-store.ts';
import type { MeasuredResource } from './audit-resource.ts';

type Ask = DirectoryStore['ask'];

/** Whatever the database can keep: one that it cannot would end the audit of all libraries. */
const moment = z.iso.datetime().refine((text) => !text.startsWith('0000'));
const count = z.int().nonnegative();
const toldTable = z.object({
  resource: z.string().nullable(),
  rows: count,
  newestAt: moment.nullable(),
  oldestAt: moment.nullable(),
  overdue: count.nullable(),
  items: z.record(z.string(), count),
});
const toldHoldings = z.object({
  measuredAt: moment.nullable(),
  asOf: moment.nullable(),
  tables: z.array(toldTable).nullable(),
  unlisted: z.array(z.object({ table: z.string(), column: z.string() })),
});

/** What a library told of its store. `tables` null: it has not counted yet. */
export type ToldHoldings = Readonly<z.infer<typeof toldHoldings>>;

/** The answer of a library to `POST /holdings`; null for none. @throws ZodError where it is another. */
export function readHoldings(answer: unknown): ToldHoldings | null {
  return answer === null ? null : toldHoldings.parse(answer);
}

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
