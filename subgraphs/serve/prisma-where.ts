import type { RowRule } from './row-rule.ts';
import { today } from './today.ts';

/** A store's own condition, narrowed to the rows of a rule; the very same where that is every row. */
export function narrowed<Where>(where: Where, rule: RowRule): Where {
  // Every Prisma condition knows AND; which columns it may name was checked against the model when the library started.
  return rule.kind === 'all' ? where : ({ AND: [where, prismaWhere(rule)] } as Where);
}

/** A rule as Prisma's condition. */
export function prismaWhere(rule: RowRule): Readonly<Record<string, unknown>> {
  switch (rule.kind) {
    case 'all':
      return {};
    case 'none':
      return { OR: [] };
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
