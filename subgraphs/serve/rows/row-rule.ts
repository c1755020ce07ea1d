import { startOfDayMs } from '@longyuan/schema/src/province-day.ts';
import { divisionRange } from './division-range.ts';

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
  return joined('every', rules, (rule, beside) => implies(beside, rule));
}

/** Rows for which at least one rule holds. */
export function some(rules: readonly RowRule[]): RowRule {
  return joined('some', rules, implies);
}

/** Among more rules only what is alike is looked for: to hold each against each would take longer than it saves. */
const MOST_COMPARED = 24;

/** Flat, each once, and without what is needless beside another. */
function joined(kind: 'every' | 'some', rules: readonly RowRule[], isNeedless: (rule: RowRule, beside: RowRule) => boolean): RowRule {
  const [neutral, decisive] = kind === 'every' ? [EVERY_ROW, NO_ROW] : [NO_ROW, EVERY_ROW];
  const [first = neutral] = rules;
  if (rules.length < 2) return first;
  const flat = new Set(rules.flatMap((rule) => (rule.kind === kind ? rule.of : [rule])));
  // Mostly they are the very same, and what is alike needs to be looked for among the others alone.
  const distinct = flat.size < 2 ? [...flat] : [...new Map([...flat].map((rule) => [JSON.stringify(rule), rule])).values()];
  if (distinct.some((rule) => rule.kind === decisive.kind)) return decisive;
  const changing = distinct.filter((rule) => rule.kind !== neutral.kind);
  const parts = changing.length > MOST_COMPARED ? changing : withoutNeedless(changing, isNeedless);
  const [only = neutral] = parts;
  return parts.length < 2 ? only : { kind, of: parts };
}

/** Of rules that make each other needless the first is kept. */
function withoutNeedless(rules: readonly RowRule[], isNeedless: (rule: RowRule, beside: RowRule) => boolean): readonly RowRule[] {
  return rules.filter(
    (rule, at) => !rules.some((beside, place) => place !== at && isNeedless(rule, beside) && (place < at || !isNeedless(beside, rule))),
  );
}

/** Whether it is plain that every row for which `rule` holds is one for which `other` does. */
function implies(rule: RowRule, other: RowRule): boolean {
  if (other.kind === 'all' || rule.kind === 'none') return true;
  if (rule.kind === 'some') return rule.of.every((part) => implies(part, other));
  if (other.kind === 'every') return other.of.every((part) => implies(rule, part));
  if (rule.kind === 'every') return rule.of.some((part) => implies(part, other));
  if (other.kind === 'some') return other.of.some((part) => implies(rule, part));
  if (rule.kind === 'all' || other.kind === 'none' || rule.column !== other.column) return false;
  switch (rule.kind) {
    case 'is':
      return other.kind === 'is' && rule.value === other.value;
    case 'oneOf':
      return other.kind === 'oneOf' && new Set(rule.values).isSubsetOf(new Set(other.values));
    case 'range':
      return other.kind === 'range' && rule.gte >= other.gte && rule.lt <= other.lt;
    default:
      return rule.kind === other.kind;
  }
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

/** Whether the rule holds for a row, which is asked once; of many rows ask `testOf` it. */
export function holds(rule: RowRule, row: object): boolean {
  return testOf(rule)(row);
}

/** Whether a rule holds for a row. */
export type Test = (row: object) => boolean;

/** The test whether the rule holds for a row. A column that was not read satisfies nothing, not even `absent`. */
export function testOf(rule: RowRule): Test {
  switch (rule.kind) {
    case 'all':
      return () => true;
    case 'none':
      return () => false;
    case 'every': {
      const parts = rule.of.map(testOf);
      return (row) => parts.every((test) => test(row));
    }
    case 'some': {
      const parts = rule.of.map(testOf);
      return (row) => parts.some((test) => test(row));
    }
    default: {
      const [{ column }, isMet] = [rule, valueTestOf(rule)];
      return (row) => Object.hasOwn(row, column) && isMet((row as Readonly<Record<string, unknown>>)[column]);
    }
  }
}

function valueTestOf(rule: Extract<RowRule, { column: string }>): (value: unknown) => boolean {
  switch (rule.kind) {
    case 'is':
      return (value) => value === rule.value;
    case 'oneOf': {
      const values = new Set<unknown>(rule.values);
      return (value) => values.has(value);
    }
    case 'range': {
      const { gte, lt } = rule;
      return (value) => typeof value === 'string' && value >= gte && value < lt;
    }
    case 'todayOrLater':
      return (value) => value instanceof Date && value.getTime() >= startOfDayMs(Date.now());
    case 'todayOrEarlier':
      return (value) => value instanceof Date && value.getTime() <= startOfDayMs(Date.now());
    case 'absent':
      return (value) => value === null;
    default:
      return rule satisfies never;
  }
}
