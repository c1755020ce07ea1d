import { randomBytes } from 'node:crypto';
import { findKey, type QualityCheck, readQualityChecks, recordNamesOf } from '@longyuan/schema/src/quality/quality-checks.ts';
import type { SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import type { qualityRoute, qualityRoutes } from '@longyuan/trust/routes/quality.ts';
import type { AnswerOf, QuestionOf } from '@longyuan/trust/routes/route.ts';
import { openSealedCursors } from '@longyuan/trust/sealed-cursor.ts';
import { columnsRead } from './check-value.ts';
import { findMissing, findRecord } from './find-records.ts';
import { type Measuring, measureRows, type Place } from './measure-rows.ts';
import { measureUnique } from './measure-unique.ts';
import { isSayableKey } from './sayable-keys.ts';
import { type Ask, readStoredTable, type StoredTable } from './stored-tables.ts';

/** Answers one question about the quality of the library's data; null where it names nothing that can be measured here. */
export type QualityDesk = (question: QuestionOf<typeof qualityRoute>) => Promise<AnswerOf<typeof qualityRoute> | null>;

/**
 * The library's side of a quality run. It keeps nothing between questions: the gateway asks for one short statement's worth at a time and
 * adds up.
 */
export function openQualityDesk(
  library: string,
  facts: SharingFacts,
  way: Readonly<{ ask: Ask; asOfMs: () => Promise<number> }>,
): QualityDesk {
  const checks = readQualityChecks(facts);
  // Of this process alone. Places are sealed because the keys and values that order a walk may be values of items.
  const places = openSealedCursors(async () => randomBytes(32));
  // The store's form changes with the library's migrations alone, and these come before the first question.
  const known = new Map<string, StoredTable | null>();
  const tableNamed = async (name: string): Promise<StoredTable | null> => {
    const stored = known.get(name) ?? (await readStoredTable(way.ask, library, name));
    known.set(name, stored);
    return stored;
  };
  const isMeasurable = async (check: QualityCheck): Promise<boolean> => {
    const table = await tableNamed(check.table);
    return table !== null && table.key.length > 0 && columnsRead(check).every((column) => table.columns.has(column));
  };
  const measuring = (table: StoredTable): Measuring => ({ ask: way.ask, places, table, isSayable: isSayableKey(facts, table) });

  return async (question) => {
    const cursor = 'after' in question ? question.after : null;
    const place = cursor === null ? null : await places.open(cursor);
    if (cursor !== null && place === null) return null;
    // Nobody else could have sealed it.
    const after = place === null ? null : (JSON.parse(place) as Place);
    switch (question.ask) {
      case 'outline':
        return outline(checks, tableNamed, isMeasurable);
      case 'rows': {
        const asked = checks.filter((check) => check.table === question.table && check.rule !== 'UNIQUE');
        const table = asked[0] ? await tableNamed(asked[0].table) : null;
        const own: QualityCheck[] = [];
        for (const check of asked) if (await isMeasurable(check)) own.push(check);
        return table && own.length > 0 ? measureRows(measuring(table), own, after, await way.asOfMs()) : null;
      }
      case 'unique': {
        const check = checks.find(({ id, rule }) => id === question.id && rule === 'UNIQUE');
        const table = check && (await isMeasurable(check)) ? await tableNamed(check.table) : null;
        return check && table ? measureUnique(measuring(table), check, after) : null;
      }
      case 'missing': {
        const key = findKey(facts, question.key);
        const table = key && (await tableNamed(key.table));
        return table ? { missing: await findMissing(way.ask, table, key.column, question.keys) } : null;
      }
      case 'find': {
        const names = recordNamesOf(facts, question.resource);
        const table = names[0] ? await tableNamed(names[0].table) : null;
        return { key: table && (await findRecord(way.ask, table, names, question.record, isSayableKey(facts, table))) };
      }
      default:
        return question satisfies never;
    }
  };
}

/** Tables to walk, columns to walk in order, and checks that speak of what the database does not have. */
async function outline(
  checks: readonly QualityCheck[],
  tableNamed: (name: string) => Promise<StoredTable | null>,
  isMeasurable: (check: QualityCheck) => Promise<boolean>,
): Promise<AnswerOf<(typeof qualityRoutes)['outline']>> {
  const tables = new Set<string>();
  const unique: Readonly<{ id: string; table: string; isIndexed: boolean }>[] = [];
  const unmeasurable: string[] = [];
  for (const check of checks) {
    const { id, rule, table, column } = check;
    if (!(await isMeasurable(check))) unmeasurable.push(id);
    else if (rule === 'UNIQUE') unique.push({ id, table, isIndexed: (await tableNamed(table))?.indexed.has(column) ?? false });
    else tables.add(table);
  }
  return { tables: [...tables], unique, unmeasurable };
}
