import type { AccessSet } from '@longyuan/access/access-set.ts';
import { maskValue } from '@longyuan/access/mask.ts';
import { seesOwnRows } from '@longyuan/access/others-rows.ts';
import { meansOwn } from '@longyuan/access/row-condition.ts';
import { whenThere } from '@longyuan/schema/src/when-there.ts';
import { defaultFieldResolver, type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from 'graphql';
import type { Context } from '../call/context.ts';
import { withhold } from '../call/execution.ts';
import type { CellRule, RowGuard, Shown } from './row-guard.ts';

type Resolver = GraphQLFieldResolver<unknown, unknown>;
/** `withheld`: the item that is refused where it is not shown, to whoever may have it in own rows; null for everyone else. */
type Plan = Readonly<{ cell: CellRule | null; isCarried: boolean; withheld: string | null }>;

/** On a nested row: the row of the resource that led to it. */
const ABOVE = Symbol('row above');
/** On a row: the fields that are shown whatever the scope. */
const SHOWN = Symbol('shown fields');

/** A row of which these fields are shown wherever it lies: it was reached by a way that gives them. */
export function showing<Row extends object>(row: Row, fields: ReadonlySet<string>): Row {
  return { ...row, [SHOWN]: fields };
}

/**
 * Guards every item of the library's own rows: outside the rows that the caller may have it for it is null, and masked where only a part
 * may be seen; whoever may have it in own rows is told where a row is not theirs, whatever stands there. By field, whatever the answer calls it. The schema is guarded in place; an item shown in every row costs one comparison.
 */
export function guardCells(schema: GraphQLSchema, guard: RowGuard): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__') || guard.isAway(type.name)) continue;
    for (const field of Object.values(type.getFields())) {
      if (guard.mayBeNarrow(type.name, field.name)) {
        field.resolve = guarded(field.resolve ?? defaultFieldResolver, planner(guard, type.name, field.name));
      }
    }
  }
}

/** What is to be done at a field for each caller; null where nothing is. The last caller is remembered: a list is one caller's. */
function planner(guard: RowGuard, type: string, field: string): (access: AccessSet) => Plan | null {
  let last: AccessSet | undefined;
  let plan: Plan | null = null;
  return (access) => {
    if (access === last) return plan;
    const rows = guard.rowsOf(access, type);
    const cell = rows.cellOf(field);
    const isCarried = rows.columnsBelow(field).length > 0;
    plan = cell || isCarried ? { cell, isCarried, withheld: withheldItem(access, type, field) } : null;
    last = access;
    return plan;
  };
}

function withheldItem(access: AccessSet, type: string, field: string): string | null {
  return seesOwnRows(access.standing.caller) && meansOwn(access.ofField(type, field).visible) ? `${type}.${field}` : null;
}

function guarded(resolve: Resolver, planFor: (access: AccessSet) => Plan | null): Resolver {
  return (parent, args, context, info) => {
    // Below a guarded root there is a context.
    const { access, execution } = context as Pick<Context<unknown>, 'access' | 'execution'>;
    const plan = planFor(access);
    if (plan === null) return resolve(parent, args, context, info);
    // What fields are resolved of is an object.
    const row = parent as Marked;
    const shown = plan.cell === null ? 'WHOLE' : showAt(plan.cell, row, info.fieldName);
    if (shown === 'HIDDEN') {
      if (plan.withheld !== null) withhold(execution, info, plan.withheld);
      return null;
    }
    const value = resolve(parent, args, context, info);
    if (shown === 'MASKED') return whenThere(value, (each) => maskValue(plan.cell?.mask ?? null, each));
    return plan.isCarried ? whenThere(value, (each) => carry(row[ABOVE] ?? row, each)) : value;
  };
}

type Marked = object & { readonly [ABOVE]?: object; readonly [SHOWN]?: ReadonlySet<string> };

function showAt(cell: CellRule, row: Marked, field: string): Shown {
  const shown = showIn(cell, row);
  return shown !== 'WHOLE' && row[SHOWN]?.has(field) ? 'WHOLE' : shown;
}

/** What was said last: the fields of a row follow one another, and mostly have the same rule. */
const last: { cell: CellRule | null; row: Marked | null; shown: Shown } = { cell: null, row: null, shown: 'HIDDEN' };

function showIn(cell: CellRule, row: Marked): Shown {
  if (cell !== last.cell || row !== last.row) {
    last.shown = cell.howShown(row, row[ABOVE]);
    last.cell = cell;
    last.row = row;
  }
  return last.shown;
}

/** Nested rows may be shared by what was loaded together: each way to them has its own copy. */
function carry(above: object, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each: unknown) => whenThere(each, (one) => carry(above, one)));
  return typeof value === 'object' && value !== null ? { ...value, [ABOVE]: above } : value;
}
