import { findKey, type QualityCheck, readQualityChecks, recordNamesOf } from '@longyuan/schema/src/quality/quality-checks.ts';
import type { SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import { columnsRead } from './check-value.ts';
import { findMissing, findRecord } from './find-records.ts';
import { type Measuring, measureRows } from './measure-rows.ts';
import { measureUnique } from './measure-unique.ts';
import { isSayableKey } from './sayable-keys.ts';
import { makePlaceSeal } from './sealed-place.ts';
import { type Ask, readStoredTables, type StoredTable } from './stored-tables.ts';

/** Answers one question about the quality of the library's data; null for a question that is none. */
export type QualityDesk = (question: unknown) => Promise<unknown>;

/** Most keys asked for at once. */
const MOST_KEYS = 1_000;

/**
 * The library's side of a quality run. It keeps nothing between questions: the gateway asks for one short statement's worth at a time and
 * adds up. Questions:
 * `{ ask: 'outline' }` what can be measured; `{ ask: 'rows', table, after }`, `{ ask: 'unique', id, after }` the next rows;
 * `{ ask: 'missing', key: 'Person.id', keys }` which keys no row has; `{ ask: 'find', resource, record }` the key of one record.
 */
export function openQualityDesk(
  library: string,
  facts: SharingFacts,
  way: Readonly<{ ask: Ask; asOfMs: () => Promise<number> }>,
): QualityDesk {
  const checks = readQualityChecks(facts);
  const seal = makePlaceSeal();
  let reading: Promise<ReadonlyMap<string, StoredTable>> | null = null;
  const tablesNow = () => {
    reading ??= readStoredTables(way.ask, library).catch((error: unknown) => {
      reading = null;
      throw error;
    });
    return reading;
  };
  const measuring = (table: StoredTable): Measuring => ({ ask: way.ask, seal, table, isSayable: isSayableKey(facts, table) });

  return async (question) => {
    if (typeof question !== 'object' || question === null) return null;
    const said: Readonly<Record<string, unknown>> = { ...question };
    const tables = await tablesNow();
    const measurable = checks.filter((check) => isMeasurable(check, tables.get(check.table)));
    const after = typeof said['after'] === 'string' ? seal.open(said['after']) : null;
    if (typeof said['after'] === 'string' && after === null) return null;
    switch (said['ask']) {
      case 'outline':
        return outline(measurable, checks, tables);
      case 'rows': {
        const table = tables.get(String(said['table']));
        const own = measurable.filter((check) => check.table === table?.name && check.rule !== 'UNIQUE');
        return table && own.length > 0 ? measureRows(measuring(table), own, after, await way.asOfMs()) : null;
      }
      case 'unique': {
        const check = measurable.find(({ id, rule }) => id === said['id'] && rule === 'UNIQUE');
        const table = check && tables.get(check.table);
        return check && table ? measureUnique(measuring(table), check, after) : null;
      }
      case 'missing': {
        const { keys } = said;
        const key = findKey(facts, String(said['key']));
        const table = key && tables.get(key.table);
        if (!table || !Array.isArray(keys) || keys.length > MOST_KEYS) return null;
        return { missing: await findMissing(way.ask, table, key.column, keys.map(String)) };
      }
      case 'find': {
        const names = recordNamesOf(facts, String(said['resource']));
        const table = tables.get(names[0]?.table ?? '');
        const isSayable = table !== undefined && isSayableKey(facts, table);
        return { key: table ? await findRecord(way.ask, table, names, String(said['record']), isSayable) : null };
      }
      default:
        return null;
    }
  };
}

/** Tables to walk, columns to walk in order, and checks that speak of what the database does not have. */
function outline(measurable: readonly QualityCheck[], all: readonly QualityCheck[], tables: ReadonlyMap<string, StoredTable>) {
  return {
    tables: [...new Set(measurable.filter(({ rule }) => rule !== 'UNIQUE').map(({ table }) => table))],
    unique: measurable
      .filter(({ rule }) => rule === 'UNIQUE')
      .map(({ id, table, column }) => ({ id, table, isIndexed: tables.get(table)?.indexed.has(column) ?? false })),
    unmeasurable: all.filter((check) => !measurable.includes(check)).map(({ id }) => id),
  };
}

function isMeasurable(check: QualityCheck, table: StoredTable | undefined): boolean {
  return table !== undefined && table.key.length > 0 && columnsRead(check).every((column) => table.columns.has(column));
}
