import { today } from '@longyuan/schema/src/province-day.ts';
import type { RowRule } from './row-rule.ts';

/** A store's own condition, narrowed to the rows of a rule; the very same where that is every row. Asked of a table directly, not of a relation. */
export function narrowed<Where>(where: Where, rule: RowRule): Where {
  if (rule.kind === 'all') return where;
  // Every Prisma condition knows AND and OR; which columns a rule may name was checked against the model when the library started.
  return (rule.kind === 'none' ? { OR: [] } : both(where as PrismaCondition, prismaWhere(rule))) as Where;
}

type PrismaCondition = Readonly<Record<string, unknown>>;

/** Both at once: side by side where they speak of different columns, which Prisma plans faster than the same in an AND. */
function both(one: PrismaCondition, other: PrismaCondition): PrismaCondition {
  return Object.keys(other).some((column) => Object.hasOwn(one, column)) ? { AND: [one, other] } : { ...one, ...other };
}

/**
 * A rule as Prisma's condition, to be joined to others.
 * @throws Error for the rule of no row: `OR: []` finds nothing when it stands alone, but Prisma 7.10 leaves it out of any AND.
 */
export function prismaWhere(rule: RowRule): PrismaCondition {
  switch (rule.kind) {
    case 'all':
      return {};
    case 'none':
      throw new Error('Prisma cannot join the condition of no row to another.');
    case 'every':
      return rule.of.map(prismaWhere).reduce(both);
    case 'some':
      return { OR: rule.of.map(prismaWhere) };
    default:
      return { [rule.column]: prismaTest(rule) };
  }
}

/** Days as text: Prisma takes twice as long to make a condition of a `Date`. */
function prismaTest(rule: Extract<RowRule, { column: string }>): unknown {
  switch (rule.kind) {
    case 'is':
      return rule.value;
    case 'oneOf':
      return { in: [...rule.values] };
    case 'range':
      return { gte: rule.gte, lt: rule.lt };
    case 'todayOrLater':
      return { gte: today().toISOString() };
    case 'todayOrEarlier':
      return { lte: today().toISOString() };
    case 'absent':
      return null;
    default:
      return rule satisfies never;
  }
}

/** A row of which only the asked-for columns were read; the `Always` ones are there whatever was asked. */
export type AskedRow<Model, Always extends keyof Model> = Readonly<Pick<Model, Always> & Partial<Model>>;

/** Prisma's `select` for the asked-for columns and those that the store itself needs, such as the key. */
export function selectColumns<Model>(columns: readonly string[], always: readonly (keyof Model & string)[]): Record<keyof Model, true> {
  // Which columns are asked is known only now, so the compiler is told of all; the store's own signatures (`AskedRow`) say which are sure.
  return Object.fromEntries([...always, ...columns].map((column) => [column, true])) as Record<keyof Model, true>;
}

/** Text that stands for itself in SQL's LIKE, for which % and _ are wildcards. Prisma passes them through as they are. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
