import { divisionRange } from './division-range.ts';
import { today } from './today.ts';

/**
 * Which rows of one table are meant, as data: `prismaWhere` (prisma-where.ts) puts it to the store, `holds` asks it of a row that was read.
 * There is no negation, so a column that is null satisfies nothing but `absent`, in both alike. Days are those in China.
 */
export type RowRule =
  | Readonly<{ kind: 'all' }>
  | Readonly<{ kind: 'none' }>
  | Readonly<{ kind: 'is'; column: string; value: string | boolean }>
  | Readonly<{ kind: 'oneOf'; column: string; values: readonly string[] }>
  /** Codes from `gte` to before `lt`: a division and what lies below it. */
  | Readonly<{ kind: 'range'; column: string; gte: string; lt: string }>
  | Readonly<{ kind: 'todayOrLater'; column: string }>
  | Readonly<{ kind: 'todayOrEarlier'; column: string }>
  | Readonly<{ kind: 'absent'; column: string }>
  | Readonly<{ kind: 'every'; of: readonly RowRule[] }>
  | Readonly<{ kind: 'some'; of: readonly RowRule[] }>;

export const EVERY_ROW: RowRule = Object.freeze({ kind: 'all' });
export const NO_ROW: RowRule = Object.freeze({ kind: 'none' });

export const is = (column: string, value: string | boolean): RowRule => ({ kind: 'is', column, value });
export const oneOf = (column: string, values: readonly string[]): RowRule => ({ kind: 'oneOf', column, values });
export const within = (column: string, division: string): RowRule => ({ kind: 'range', column, ...divisionRange(division) });
export const todayOrLater = (column: string): RowRule => ({ kind: 'todayOrLater', column });
export const todayOrEarlier = (column: string): RowRule => ({ kind: 'todayOrEarlier', column });
export const absent = (column: string): RowRule => ({ kind: 'absent', column });

/** Rows for which all rules hold. */
export function every(rules: readonly RowRule[]): RowRule {
  const parts = partsOf(rules, 'every', 'all');
  return parts.some(({ kind }) => kind === 'none') ? NO_ROW : joined('every', parts, EVERY_ROW);
}

/** Rows for which at least one rule holds. */
export function some(rules: readonly RowRule[]): RowRule {
  const parts = partsOf(rules, 'some', 'none');
  return parts.some(({ kind }) => kind === 'all') ? EVERY_ROW : joined('some', parts, NO_ROW);
}

/** Flat, each once, without those that change nothing. */
function partsOf(rules: readonly RowRule[], join: 'every' | 'some', neutral: 'all' | 'none'): readonly RowRule[] {
  const flat = new Set(rules.flatMap((rule) => (rule.kind === join ? rule.of : [rule])).filter(({ kind }) => kind !== neutral));
  // Mostly they are the very same, and what is alike needs to be looked for among the others alone.
  return flat.size < 2 ? [...flat] : [...new Map([...flat].map((rule) => [JSON.stringify(rule), rule])).values()];
}

function joined(kind: 'every' | 'some', of: readonly RowRule[], empty: RowRule): RowRule {
  const [only = empty] = of;
  return of.length < 2 ? only : { kind, of };
}

/** The columns a rule looks at, each once. */
export function columnsOfRule(rule: RowRule): readonly string[] {
  switch (rule.kind) {
    case 'all':
    case 'none':
      return [];
    case 'every':
    case 'some':
      return [...new Set(rule.of.flatMap(columnsOfRule))];
    default:
      return [rule.column];
  }
}

/** Whether the rule holds for a row. A column that was not read satisfies nothing, not even `absent`. */
export function holds(rule: RowRule, row: object): boolean {
  switch (rule.kind) {
    case 'all':
      return true;
    case 'none':
      return false;
    case 'every':
      return rule.of.every((each) => holds(each, row));
    case 'some':
      return rule.of.some((each) => holds(each, row));
    default:
      return holdsFor(rule, Object.hasOwn(row, rule.column) ? Reflect.get(row, rule.column) : undefined);
  }
}

function holdsFor(rule: Extract<RowRule, { column: string }>, value: unknown): boolean {
  switch (rule.kind) {
    case 'is':
      return value === rule.value;
    case 'oneOf':
      return typeof value === 'string' && rule.values.includes(value);
    case 'range':
      return typeof value === 'string' && value >= rule.gte && value < rule.lt;
    case 'todayOrLater':
      return value instanceof Date && value >= today();
    case 'todayOrEarlier':
      return value instanceof Date && value <= today();
    case 'absent':
      return value === null;
    default:
      return rule satisfies never;
  }
}
