import type { Pool } from 'pg';
import { type LoadOutcome, storeEntries } from '../entries/store-entries.ts';
import { type Mistake, rowsOfFile } from './inventory-rows.ts';
import { readInventory } from './read-inventory.ts';

export type ImportOutcome = Extract<LoadOutcome, { kind: 'stored' }> | Readonly<{ kind: 'mistaken'; mistakes: readonly Mistake[] }>;

/**
 * Brings the directory to an inventory file: what its departments list in it is stored, what they listed before and not in it is withdrawn,
 * and what others listed stays. All in one transaction, or with a mistake nothing. The same file again changes nothing.
 */
export async function importInventory(pool: Pool, bytes: Uint8Array, recordedAt: Date = new Date()): Promise<ImportOutcome> {
  const inventory = readInventory(await rowsOfFile(bytes));
  if (inventory.kind === 'mistaken') return inventory;
  const { entries, providers, lineOf } = inventory;
  const outcome = await storeEntries(pool, { origin: 'INVENTORY', entries, providers }, recordedAt);
  if (outcome.kind === 'stored') return outcome;
  const mistakes = outcome.taken.map(({ code, provider }) => ({
    line: lineOf(code),
    reason: `信息资源代码 ${code} is listed by another department (${provider}) already`,
  }));
  return { kind: 'mistaken', mistakes: mistakes.sort((one, other) => one.line - other.line) };
}
