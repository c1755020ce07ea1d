import type { ItemUse } from '@longyuan/inner/hub-stores.ts';
import type { DirectoryStore } from '../entries/directory-store.ts';

/**
 * Adds the counts to those of the store, in one statement; in order, so that gateways that store at the same time do not wait for each other
 * in a circle.
 * @throws GraphQLError where the store cannot be reached, or is too slow.
 */
export async function storeUses(ask: DirectoryStore['ask'], uses: readonly ItemUse[]): Promise<void> {
  if (uses.length === 0) return;
  await ask(
    `INSERT INTO directory."ItemUse" AS stored (item, day, caller, outcome, calls)
     SELECT * FROM unnest($1::text[], $2::date[], $3::text[], $4::text[], $5::bigint[]) ORDER BY 1, 2, 3, 4
     ON CONFLICT (item, day, caller, outcome) DO UPDATE SET calls = stored.calls + excluded.calls`,
    [
      uses.map((use) => use.item),
      uses.map((use) => use.day),
      uses.map((use) => use.caller),
      uses.map((use) => use.outcome),
      uses.map((use) => use.calls),
    ],
  );
}
