import type { AccessSet } from '@longyuan/access/access-set.ts';
import { readsIn } from '@longyuan/access/reads-in.ts';
import type { RowCondition } from '@longyuan/access/row-condition.ts';
import { countKept } from '@longyuan/schema/src/kept/kept-sizes.ts';
import { type FieldNode, type GraphQLResolveInfo, getArgumentValues, getNamedType, isAbstractType } from 'graphql';
import { LRUCache } from 'lru-cache';
import { askedFields, type ColumnMap, columnsOf, OWN_ROWS } from './asked-columns.ts';
import { type RowGuard, rowGuardOf, shownIn, type TypeRows, wholeIn } from './row-guard.ts';
import { columnsOfRule, EVERY_ROW, every, NO_ROW, type RowRule, some } from './row-rule.ts';
import { samePlace } from './same-place.ts';

/** What is read of a table: these columns, sorted, each once, and those that the rule looks at; only the rows that the rule holds for. */
export type AskedRows = Readonly<{ columns: readonly string[]; rows: RowRule }>;

type Info = GraphQLResolveInfo;
type Ways = readonly (readonly string[])[];

/** These columns, of every row. For rows whose way in was decided already. */
export function everyRow(columns: readonly string[]): AskedRows {
  return { columns, rows: EVERY_ROW };
}

/** What a selection asks of the rows of a type, whichever way led to them. `byRoute`: with the rows that a way gives, worked out once for each. */
type Selected = Readonly<{ columns: readonly string[]; deciding: readonly string[]; rows: RowRule; byRoute: WeakMap<RowRule, AskedRows> }>;
type ByPlace<Answer> = Map<ColumnMap, Map<string, Answer>>;

/**
 * Some 1.5 KB each, over all operations and callers. Neither is held by it: places and access sets are known by numbers, so that whatever is
 * kept elsewhere may go.
 */
const MOST_SELECTED = 8_000;
const selectedAt = countKept('asked rows', new LRUCache<string, Selected>({ max: MOST_SELECTED }));
const numbers = new WeakMap<object, number>();
let last = 0;

type Kept = Readonly<{ access: AccessSet; byPlace: ByPlace<AskedRows> }>;
/**
 * graphql-js hands every row of a list the same array of field nodes, made anew for each execution: so one answer serves all rows, and no
 * other arguments.
 */
const answered = new WeakMap<readonly FieldNode[], Kept>();

/**
 * The columns of `type` that the selection under the field being resolved needs, and the rows that this caller may have for it: those in
 * which what the arguments and the edge read is in scope, and at least one of the selected items. Where no item is selected, any item's
 * scope will do. In a list of rows that the caller did not name (`@lists`) a part of an item is no such scope. `below`: the ways down to rows that are not the field's own, as under a field that
 * answers a connection.
 */
export function askedRows(info: Info, access: AccessSet, type: string, map: ColumnMap, below: Ways = OWN_ROWS): AskedRows {
  let kept = answered.get(info.fieldNodes);
  if (kept?.access !== access) {
    kept = { access, byPlace: new Map() };
    answered.set(info.fieldNodes, kept);
  }
  const place = below === OWN_ROWS ? type : `${below.map((way) => way.join('.')).join(' ')} ${type}`;
  return keptAt(kept.byPlace, map, place, () => {
    const at = samePlace(info);
    const select = () => readSelected(info, access, { type, map, below });
    const selected =
      at === info.fieldNodes ? select() : selectedAgain(`${numberOf(at)} ${numberOf(access)} ${numberOf(map)} ${place}`, select);
    const guard = rowGuardOf(info.schema);
    const route = guard.resourceOf(type) === null ? EVERY_ROW : routeRule(guard, info, access, type);
    return selected.byRoute.getOrInsertComputed(route, () => joined(selected, route));
  });
}

function selectedAgain(name: string, select: () => Selected): Selected {
  const known = selectedAt.get(name);
  if (known) return known;
  const selected = select();
  selectedAt.set(name, selected);
  return selected;
}

function numberOf(known: object): number {
  return numbers.getOrInsertComputed(known, () => {
    last += 1;
    return last;
  });
}

function keptAt<Answer>(byPlace: ByPlace<Answer>, map: ColumnMap, place: string, answer: () => Answer): Answer {
  return byPlace.getOrInsertComputed(map, () => new Map<string, Answer>()).getOrInsertComputed(place, answer);
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
  return withColumnsOf(everyAgain([routeRule(guard, info, access, type), ...named]), columns);
}

function readSelected(info: Info, access: AccessSet, of: { type: string; map: ColumnMap; below: Ways }): Selected {
  const guard = rowGuardOf(info.schema);
  const fields = askedFields(info, of.below, of.type);
  const rows = guard.rowsOf(access, of.type);
  const isList = guard.facts.ofField(info.parentType.name, info.fieldName)?.listOf != null;
  const isNested = guard.resourceOf(of.type) === null;
  const deciding = fields.flatMap((field) => [
    ...columnsOfRule(shownIn(rows.cellOf(field))),
    ...(isNested ? [] : rows.columnsBelow(field)),
  ]);
  const selected = isNested ? EVERY_ROW : selectedRule(guard, rows, of.type, { fields, isList });
  return { columns: columnsOf(fields, of.map), deciding, rows: selected, byRoute: new WeakMap() };
}

function joined({ columns, deciding, rows }: Selected, route: RowRule): AskedRows {
  const rule = every([route, rows]);
  return rule.kind === 'all' && deciding.length === 0 ? { columns, rows: rule } : withColumnsOf(rule, [...columns, ...deciding]);
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

/** Rows in which the item of the edge and every item that a given argument reads is in scope. */
function routeRule(guard: RowGuard, info: Info, access: AccessSet, type: string): RowRule {
  const { parentType, fieldName } = info;
  const coordinate = `${parentType.name}.${fieldName}`;
  const field = parentType.getFields()[fieldName];
  if (!field || fieldName === '_entities') return EVERY_ROW;
  // One list of several kinds: what reads the items of one kind says nothing of the others.
  const isOfKinds = isAbstractType(getNamedType(info.returnType));
  const ruleOf = (condition: RowCondition, resource: string | null): RowRule => {
    if (resource === guard.resourceOf(type)) return guard.ruleOf(condition, type);
    return isOfKinds || condition.rows === 'ALL' ? EVERY_ROW : NO_ROW;
  };
  const rules: RowRule[] = [];
  const edge = guard.isAway(parentType.name) ? guard.facts.ofField(parentType.name, fieldName) : undefined;
  if (edge?.item) rules.push(ruleOf(access.ofField(parentType.name, fieldName).visible, edge.resource));
  const [node] = info.fieldNodes;
  const given = node && field.args.length > 0 ? getArgumentValues(field, node, info.variableValues) : {};
  for (const argument of field.args) {
    const value: unknown = given[argument.name];
    if (value === null || value === undefined) continue;
    const reads = [...guard.facts.readsAt(`${coordinate}(${argument.name}:)`), ...readsIn(guard.facts, argument.type, value)];
    for (const { code, toVerify } of reads) {
      const decision = access.ofItem(code);
      const [owner = '', name = ''] = guard.facts.fieldOfItem(code)?.split('.') ?? [];
      rules.push(ruleOf(toVerify ? decision.verifiable : decision.visible, guard.facts.ofField(owner, name)?.resource ?? null));
    }
  }
  return everyAgain(rules);
}

/** Pairs of rules and what they are together. */
const pairs = new WeakMap<RowRule, WeakMap<RowRule, RowRule>>();

/**
 * Rows for which all rules hold; the very same rule for the same ones, which come with one request after another: its test, its condition and
 * what is asked by it are made once.
 */
function everyAgain(rules: readonly RowRule[]): RowRule {
  const pairOf = (one: RowRule, other: RowRule) =>
    pairs.getOrInsertComputed(one, () => new WeakMap()).getOrInsertComputed(other, () => every([one, other]));
  return rules.length === 0 ? EVERY_ROW : rules.reduce(pairOf);
}
