import { type Read, readsIn } from '@longyuan/access/access-facts.ts';
import type { AccessSet } from '@longyuan/access/access-set.ts';
import type { RowCondition } from '@longyuan/access/row-condition.ts';
import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { type GraphQLResolveInfo, getArgumentValues, getNamedType, isAbstractType } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Context } from '../call/context.ts';
import { once } from '../call/execution.ts';
import { askedFields, type ColumnMap, columnsOf, OWN_ROWS, type Ways } from './asked-columns.ts';
import { type RowGuard, rowGuardOf, shownIn, type TypeRows, wholeIn } from './row-guard.ts';
import { columnsOfRule, EVERY_ROW, every, NO_ROW, type RowRule, some } from './row-rule.ts';

/** What is read of a table: these columns, sorted, each once, and those that the rule looks at; only the rows that the rule holds for. */
export type AskedRows = Readonly<{ columns: readonly string[]; rows: RowRule }>;

type Info = GraphQLResolveInfo;
type Asking = Pick<Context<unknown>, 'access' | 'execution'>;

/** These columns, of every row. For rows whose way in was decided already. */
export function everyRow(columns: readonly string[]): AskedRows {
  return { columns, rows: EVERY_ROW };
}

/**
 * A question that resolvers of a library ask: rows of a type, by the columns of the map. `below`: the ways down to rows that are not the
 * field's own, as under a field that answers a connection. `more`: the columns where the selection asks for others, too.
 */
type Question = Readonly<{
  type: string;
  map: ColumnMap;
  below: Ways;
  more: (info: Info, columns: readonly string[]) => readonly string[];
}>;

/** What is asked over all operations and callers. Nothing in the name is held by it: whatever is kept elsewhere may go. */
const KEPT = { max: 8_000, maxSize: 16_000_000 };
const ASKED_BYTES = 1_500;
const kept = countKept('asked rows', new LRUCache<string, AskedRows>(KEPT));

/**
 * Makes the question for the columns that the selection under the field being resolved needs, and the rows that this caller may have for it:
 * those in which what the arguments and the edge read is in scope, and at least one of the selected items. Where no item is selected, any
 * item's scope will do. In a list of rows that the caller did not name (`@lists`) a part of an item is no such scope. It is worked out once for
 * a place of an operation, an access set, and what the arguments that are given read there.
 */
export function askedRows(
  type: string,
  map: ColumnMap,
  below: Ways = OWN_ROWS,
  more: Question['more'] = (_info, columns) => columns,
): (asking: Asking, info: Info) => AskedRows {
  const question: Question = { type, map, below, more };
  questions += 1;
  const number = questions;
  return ({ access, execution }, info) =>
    once(execution, info.fieldNodes, question, () => {
      const reads = readsOfArguments(rowGuardOf(info.schema), info);
      const codes = reads.map(({ code, toVerify }) => `${code}${toVerify ? '?' : ''}`);
      const name = `${number} ${access.once(numbered, nextAccess)} ${execution.name} ${codes} ${placeOf(info.path)}`;
      const known = kept.get(name);
      if (known) return known;
      const asked = workOut(question, info, access, reads);
      kept.set(name, asked, { size: ASKED_BYTES + 2 * name.length });
      return asked;
    });
}

let questions = 0;
let accessSets = 0;
/** By which access sets are numbered. */
const numbered = {};
const nextAccess = (): number => {
  accessSets += 1;
  return accessSets;
};

/** Where a field stands in its operation: the same for all rows of a list, another for each type that they can be. */
function placeOf(path: Info['path'] | undefined): string {
  if (!path) return '';
  return path.typename === undefined ? placeOf(path.prev) : `${placeOf(path.prev)}/${path.typename}.${path.key}`;
}

function workOut({ type, map, below, more }: Question, info: Info, access: AccessSet, reads: readonly Read[]): AskedRows {
  const guard = rowGuardOf(info.schema);
  const fields = askedFields(info, below, type);
  const rows = guard.rowsOf(access, type);
  const columns = more(info, columnsOf(fields, map));
  const isNested = guard.resourceOf(type) === null;
  const deciding = fields.flatMap((field) => [
    ...columnsOfRule(shownIn(rows.cellOf(field))),
    ...(isNested ? [] : rows.columnsBelow(field)),
  ]);
  const isList = guard.facts.ofField(info.parentType.name, info.fieldName)?.listOf != null;
  const rule = isNested
    ? EVERY_ROW
    : every([routeRule(guard, info, access, { type, reads }), selectedRule(guard, rows, type, { fields, isList })]);
  return rule.kind === 'all' && deciding.length === 0 ? { columns, rows: rule } : withColumnsOf(rule, [...columns, ...deciding]);
}

/**
 * The named columns of rows that may be reached by this route, whatever is selected: what the arguments compare or find rows by is in scope,
 * and so are the items of `verified` (codes), which a value of an argument names.
 */
export function rowsOnRoute(
  info: Info,
  access: AccessSet,
  type: string,
  columns: readonly string[],
  verified: readonly string[] = [],
): AskedRows {
  const guard = rowGuardOf(info.schema);
  const named = verified.map((code) => guard.ruleOf(access.ofItem(code).verifiable, type));
  return withColumnsOf(every([routeRule(guard, info, access, { type, reads: readsOfArguments(guard, info) }), ...named]), columns);
}

function withColumnsOf(rule: RowRule, columns: readonly string[]): AskedRows {
  return { columns: [...new Set([...columns, ...columnsOfRule(rule)])].sort(), rows: rule };
}

/** Rows in which at least one selected item is shown; in a list, whole. */
function selectedRule(
  guard: RowGuard,
  rows: TypeRows,
  type: string,
  { fields, isList }: Readonly<{ fields: readonly string[]; isList: boolean }>,
): RowRule {
  const items = fields.filter((field) => guard.facts.ofField(type, field)?.item);
  if (items.length === 0) return isList ? rows.anyWhole() : rows.any();
  return some(items.map((field) => (isList ? wholeIn : shownIn)(rows.cellOf(field))));
}

/** What the given arguments of the field read. */
function readsOfArguments({ facts }: RowGuard, { parentType, fieldName, fieldNodes, variableValues }: Info): readonly Read[] {
  const field = parentType.getFields()[fieldName];
  const [node] = fieldNodes;
  if (!field || !node || field.args.length === 0 || fieldName === '_entities') return [];
  const given = getArgumentValues(field, node, variableValues);
  return field.args.flatMap(({ name, type }) => {
    const value: unknown = given[name];
    if (value === null || value === undefined) return [];
    return [...facts.readsAt(`${parentType.name}.${fieldName}(${name}:)`), ...readsIn(facts, type, value)];
  });
}

/** Rows in which the item of the edge and every item that a given argument reads is in scope. */
function routeRule(
  guard: RowGuard,
  { parentType, fieldName, returnType }: Info,
  access: AccessSet,
  { type, reads }: Readonly<{ type: string; reads: readonly Read[] }>,
): RowRule {
  if (fieldName === '_entities') return EVERY_ROW;
  // One list of several kinds: what reads the items of one kind says nothing of the others.
  const isOfKinds = isAbstractType(getNamedType(returnType));
  const ruleOf = (condition: RowCondition, resource: string | null): RowRule => {
    if (resource === guard.resourceOf(type)) return guard.ruleOf(condition, type);
    return isOfKinds || condition.rows === 'ALL' ? EVERY_ROW : NO_ROW;
  };
  const edge = guard.isAway(parentType.name) ? guard.facts.ofField(parentType.name, fieldName) : undefined;
  const ofEdge = edge?.item ? [ruleOf(access.ofField(parentType.name, fieldName).visible, edge.resource)] : [];
  const ofReads = reads.map(({ code, toVerify }) => {
    const decision = access.ofItem(code);
    const [owner = '', name = ''] = guard.facts.fieldOfItem(code)?.split('.') ?? [];
    return ruleOf(toVerify ? decision.verifiable : decision.visible, guard.facts.ofField(owner, name)?.resource ?? null);
  });
  return every([...ofEdge, ...ofReads]);
}
