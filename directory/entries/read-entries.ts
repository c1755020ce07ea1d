import type { QueryResultRow } from 'pg';
import type { Entry, EntryItem } from './entry.ts';

type ResourceRow = Omit<Entry, 'provider' | 'items'> & { id: string; providerUscc: string; providerName: string; division: string };
type ItemRow = EntryItem & { resourceId: string };

/** Asks one statement of the store, whichever connection it goes over. */
type Ask = <Row extends QueryResultRow>(sql: string, values: readonly unknown[]) => Promise<readonly Row[]>;

/** Entries as the store holds them, by code. */
export async function readEntries(ask: Ask, ids: readonly string[]): Promise<Map<string, Entry>> {
  const resources = await ask<ResourceRow>(
    `SELECT r.id, r.code, r.name, r.category, r."providerUscc", p.name AS "providerName", r.division, r."providerOffice", r.abstract,
            r.formats, r."shareType", r."shareCondition", r."shareModes", r.openness, r."openCondition", r."updateCycle",
            r."publishedOn"::text, r.related, r.keywords, r.level, r.library, r."typeName"
     FROM directory."Resource" r JOIN directory."Provider" p ON p.uscc = r."providerUscc" WHERE r.id = ANY($1::bigint[])`,
    [ids],
  );
  const items = await ask<ItemRow>(
    `SELECT "resourceId", code, name, "dataType", length, standard, "shareType", basis, "noShareReason", "openToPublic", level, mask,
            "verifyOnly", aggregate, source, "graphqlPath", fields, laxer
     FROM directory."Item" WHERE "resourceId" = ANY($1::bigint[]) ORDER BY "resourceId", place`,
    [ids],
  );
  const itemsByResource = Map.groupBy(items, ({ resourceId }) => resourceId);
  return new Map(
    resources.map(({ id, providerUscc, providerName, division, ...facts }) => [
      facts.code,
      {
        ...facts,
        provider: { uscc: providerUscc, name: providerName, division },
        items: (itemsByResource.get(id) ?? []).map(({ resourceId: _resourceId, ...item }) => item),
      },
    ]),
  );
}
