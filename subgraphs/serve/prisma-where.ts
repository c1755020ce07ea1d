import type { RowRule } from './row-rule.ts';
import { today } from './today.ts';

/** A store's own condition, narrowed to the rows of a rule; the very same where that is every row. Asked of a table directly, not of a relation. */
export function narrowed<Where>(where: Where, rule: RowRule): Where {
  if (rule.kind === 'all') return where;
  // Every Prisma condition knows AND and OR; which columns a rule may name was checked against the model when the library started.
  return (rule.kind === 'none' ? { OR: [] } : { AND: [where, prismaWhere(rule)] }) as Where;
}

/**
 * A rule as Prisma's condition, to be joined to others.
 * @throws Error for the rule of no row: `OR: []` finds nothing when it stands alone, but Prisma 7.10 leaves it out of any AND.
 */
export function prismaWhere(rule: RowRule): Readonly<Record<string, unknown>> {
  switch (rule.kind) {
    case 'all':
      return {};
    case 'none':
      throw new Error('Prisma cannot join the condition of no row to another.');
    case 'every':
      return { AND: rule.of.map(prismaWhere) };
    case 'some':
      return { OR: rule.of.map(prismaWhere) };
    default:
      return { [rule.column]: prismaTest(rule) };
  }
}

function prismaTest(rule: Extract<RowRule, { column: string }>): unknown {
  switch (rule.kind) {
    case 'is':
      return rule.value;
    case 'oneOf':
      return { in: [...rule.values] };
    case 'range':
      return { gte: rule.gte, lt: rule.lt };
    case 'todayOrLater':
      return { gte: today() };
    case 'todayOrEarlier':
      return { lte: today() };
    case 'absent':
      return null;
    default:
      return rule satisfies never;
  }
}
