import { isInCodeTable } from '@longyuan/schema/src/code-tables.ts';
import type { QualityCheck } from '@longyuan/schema/src/quality/quality-checks.ts';
import { updateCycleDays } from '@longyuan/schema/src/update-cycles.ts';
import { valueForms } from '@longyuan/schema/src/value-forms.ts';

const DAY_MS = 86_400_000;

/** Columns of one row as text: days YYYY-MM-DD, moments in UTC, lists as JSON; null where there is nothing. */
export type RowText = Readonly<Record<string, string | null>>;

/**
 * Whether a row passes a check; null where the check is not about this row: other rows are meant, or there is no value to be wrong.
 * UNIQUE and REFERS need more than the row and are not decided here. `asOfMs` is the moment that timeliness is told of.
 */
export function checkValue(check: QualityCheck, row: RowText, asOfMs: number): boolean | null {
  if (!isMeant(check, row)) return null;
  const value = row[check.column] ?? null;
  if (check.rule === 'COMPLETE') return value !== null && value.trim() !== '' && value !== '[]';
  if (value === null) return null;
  const expects = check.expects ?? '';
  switch (check.rule) {
    case 'VALID':
      return partsOf(value).every((part) => isValid(part, expects));
    case 'IN_ORDER': {
      const earlier = row[expects] ?? null;
      return earlier === null ? null : earlier <= value;
    }
    case 'TIMELY': {
      const days = updateCycleDays[expects] ?? null;
      return days === null ? null : asOfMs - Date.parse(value) <= days * DAY_MS;
    }
    default:
      return null;
  }
}

/** Whether the check is about this row. */
export function isMeant({ of }: QualityCheck, row: RowText): boolean {
  return of === null || of.is.includes(row[of.column] ?? '');
}

/** Columns that a check reads. */
export function columnsRead({ column, rule, expects, of }: QualityCheck): readonly string[] {
  return [column, ...(of ? [of.column] : []), ...(rule === 'IN_ORDER' && expects !== null ? [expects] : [])];
}

function isValid(value: string, expects: string): boolean {
  const [, table] = /^codes:(.+)$/.exec(expects) ?? [];
  if (table !== undefined) return isInCodeTable(table, value);
  // A form that is not there does not compose: the vocabulary types it.
  return Object.hasOwn(valueForms, expects) && (valueForms[expects]?.holds(value) ?? false);
}

/** A list is valid where each of its values is. */
function partsOf(value: string): readonly string[] {
  if (!value.startsWith('[')) return [value];
  const parts: unknown = JSON.parse(value);
  return Array.isArray(parts) ? parts.map(String) : [value];
}
