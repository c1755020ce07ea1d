import { type AccessFacts, readAccessFacts } from '@longyuan/access/access-facts.ts';
import type { AccessSet } from '@longyuan/access/access-set.ts';
import { type RefusalWriter, writeRefusals } from '@longyuan/access/refusal-error.ts';
import type { RowCondition } from '@longyuan/access/row-condition.ts';
import type { Model } from '@longyuan/prisma/store/read-models.ts';
import {
  type FieldFacts,
  NO_SCOPE,
  plainClass,
  type RowScope,
  type SharingFacts,
  type TypeFacts,
} from '@longyuan/schema/src/sharing-facts.ts';
import type { GraphQLSchema } from 'graphql';
import { fitToModel } from './fit-to-model.ts';
import { absent, columnsOfRule, EVERY_ROW, every, NO_ROW, oneOf, type RowRule, some, testOf, todayOrEarlier, within } from './row-rule.ts';

/** What the library means by the predicates of `@item(when:)`, over the columns of the rows whose fields they stand at. */
export type Predicates = Readonly<Record<string, RowRule>>;

/**
 * In which rows the value of a field is shown, and in which a part of it. Of a nested type the predicates speak of the nested row
 * itself, division, subject and minors (`Above`) of the row of the resource that led there.
 */
type CellParts = Readonly<{ visible: RowRule; masked: RowRule; visibleAbove: RowRule; maskedAbove: RowRule; mask: string | null }>;

/** The same, worked out: `shown` are the rows in which the value is shown at least in part, `howShown` looks at a row that was read. */
export type CellRule = CellParts & Readonly<{ shown: RowRule; howShown: (row: object, above: object | undefined) => Shown }>;

/** How much of a value is shown. */
export type Shown = 'WHOLE' | 'MASKED' | 'HIDDEN';

/** What one caller may have of the rows of a type; worked out for each field when it is first asked for. */
export type TypeRows = Readonly<{
  /** Null where the field is shown in every row, or is no item. */
  cellOf: (field: string) => CellRule | null;
  /** Rows in which any item is shown, at least in part. */
  any: () => RowRule;
  /** Rows in which any item is shown whole. */
  anyWhole: () => RowRule;
  /** Of a field that leads to nested rows with items which are not shown in every row: the columns above that decide there. */
  columnsBelow: (field: string) => readonly string[];
}>;

/** Row scope of one library: its SDL, its predicates and its tables put together. */
export type RowGuard = Readonly<{
  facts: AccessFacts;
  rowsOf: (access: AccessSet, type: string) => TypeRows;
  /** A condition on the rows of a type with `@resource`, as a rule over its table. */
  ruleOf: (condition: RowCondition, type: string) => RowRule;
  /** Code of the resource that a type's rows belong to; null for types without rows of their own. */
  resourceOf: (type: string) => string | null;
  /** Whether an item at this field, or in the nested rows below it, can be shown in some rows and not in others. */
  mayBeNarrow: (type: string, field: string) => boolean;
  /** Whether the rows of a type are kept elsewhere: an item at its field conditions what the field leads to, as on `Person.licenses`. */
  isAway: (type: string) => boolean;
  /** Whether the values of a field are codes, of a table or an enum. */
  isCoded: (type: string, field: string) => boolean;
  /** Writes the error of a refused item, where a resolver has to decide by a value which item is meant. */
  writeRefusal: RefusalWriter;
}>;

declare module 'graphql' {
  interface GraphQLSchemaExtensions {
    /** Of a library's schema. */
    rowGuard?: RowGuard;
  }
}

/** @throws Error for a schema that `buildLibrarySchema` did not make. */
export function rowGuardOf({ extensions: { rowGuard } }: GraphQLSchema): RowGuard {
  if (!rowGuard) throw new Error('The schema has no row guard.');
  return rowGuard;
}

/** Makes the guard of what `checkRows` has found to fit. */
export function makeRowGuard(library: { sharing: SharingFacts; predicates: Predicates; models: readonly Model[] }): RowGuard {
  const { sharing, predicates, models } = library;
  const facts = readAccessFacts(sharing);
  const typeByName = new Map(sharing.types.map((type) => [type.name, type]));
  const typeOfResource = new Map(sharing.types.flatMap((type) => (type.resource ? [[type.resource.code, type.name] as const] : [])));

  const ruleOf = (condition: RowCondition, type: string): RowRule =>
    fitToModel(ruleFor(condition, typeByName.get(type)?.resource?.rows ?? NO_SCOPE, predicates), type, models);
  const rowsOf = (access: AccessSet, type: string): TypeRows =>
    access.once(library, () => new Map<string, TypeRows>()).getOrInsertComputed(type, () => readRows(access, typeByName.get(type)));

  return {
    facts,
    ruleOf,
    rowsOf,
    resourceOf: (type) => typeByName.get(type)?.resource?.code ?? null,
    mayBeNarrow: (type, field) =>
      isNarrow(
        typeByName.get(type)?.fields.find(({ name }) => name === field),
        new Set(),
      ),
    isAway: (type) => isAway(typeByName.get(type)),
    isCoded: (type, field) => (typeByName.get(type)?.fields.find(({ name }) => name === field)?.codeTable ?? null) !== null,
    writeRefusal: writeRefusals(sharing),
  };

  function isNarrow(field: FieldFacts | undefined, seen: ReadonlySet<string>): boolean {
    if (!field) return false;
    // What is open is open in every row.
    if (field.items.length > 0 && !plainClass(field)?.open) return true;
    const nested = sharing.isNested(field.returns) && !seen.has(field.returns) ? typeByName.get(field.returns) : undefined;
    return nested?.fields.some((below) => isNarrow(below, new Set(seen).add(field.returns))) ?? false;
  }

  function readRows(access: AccessSet, type: TypeFacts | undefined): TypeRows {
    if (!type || isAway(type)) return NOTHING_NARROW;
    const fields = new Map(type.fields.map((field) => [field.name, field]));
    const cells = new Map<string, CellRule | null>();
    // Fields with the same rules share them, so that they are asked of a row once.
    const alike = new Map<string, CellRule>();
    const below = new Map<string, readonly string[]>();
    const cellOf = (name: string): CellRule | null =>
      cells.getOrInsertComputed(name, () => {
        const field = fields.get(name);
        const cell = field && field.items.length > 0 ? readCell(access, field) : null;
        return cell && alike.getOrInsertComputed(JSON.stringify(cell), () => compile(cell));
      });
    const columnsOf = (name: string): readonly string[] =>
      below.getOrInsertComputed(name, () => columnsBelow(access, fields.get(name)?.returns ?? '', new Set([type.name])));
    let any: RowRule | undefined;
    let anyWhole: RowRule | undefined;
    return {
      ...{ cellOf, columnsBelow: columnsOf },
      any: () => (any ??= anyOf(type, cellOf, shownIn)),
      anyWhole: () => (anyWhole ??= anyOf(type, cellOf, wholeIn)),
    };
  }

  function anyOf(type: TypeFacts, cellOf: (field: string) => CellRule | null, ruleOfCell: typeof shownIn): RowRule {
    const items = type.fields.filter(({ items }) => items.length > 0);
    // What is open is asked first: it ends the search.
    if (items.length === 0 || items.some((field) => plainClass(field)?.open && cellOf(field.name) === null)) return EVERY_ROW;
    return some(items.map(({ name }) => ruleOfCell(cellOf(name))));
  }

  /** Null where the value is shown in every row. */
  function readCell(access: AccessSet, { owner, name, returns }: FieldFacts): CellParts | null {
    const { visible, masked } = access.ofField(owner.name, name);
    if (visible.rows === 'ALL') return null;
    const { mask: declared = null, resource = null } = facts.ofField(owner.name, name) ?? {};
    const above = (resource === null ? undefined : typeOfResource.get(resource)) ?? owner.name;
    // An object is not shown in part.
    const shownInPart = declared !== null && !typeByName.has(returns) ? masked : NOWHERE;
    const mask = shownInPart.rows === 'NONE' ? null : declared;
    if (!sharing.isNested(owner.name)) {
      const own = (condition: RowCondition) => ruleOf(condition, above);
      return { visible: own(visible), masked: own(shownInPart), visibleAbove: NO_ROW, maskedAbove: NO_ROW, mask };
    }
    const ofNested = (condition: RowCondition) => fitToModel(ruleFor(whenParts(condition), NO_SCOPE, predicates), owner.name, models);
    const ofAbove = (condition: RowCondition) => ruleOf(otherParts(condition), above);
    return {
      visible: ofNested(visible),
      masked: ofNested(shownInPart),
      visibleAbove: ofAbove(visible),
      maskedAbove: ofAbove(shownInPart),
      mask,
    };
  }

  /** Columns of the resource's row that decide over items of the nested type and of those below it. */
  function columnsBelow(access: AccessSet, name: string, seen: ReadonlySet<string>): readonly string[] {
    const type = typeByName.get(name);
    if (!type || seen.has(name) || !sharing.isNested(name)) return [];
    const before = new Set(seen).add(name);
    const columns = type.fields.flatMap((field) => {
      const cell = field.items.length > 0 ? readCell(access, field) : null;
      const own = cell ? [...columnsOfRule(cell.visibleAbove), ...columnsOfRule(cell.maskedAbove)] : [];
      return [...own, ...columnsBelow(access, field.returns, before)];
    });
    return [...new Set(columns)];
  }
}

const NOWHERE: RowCondition = { rows: 'NONE' };
const NOTHING_NARROW: TypeRows = { cellOf: () => null, any: () => EVERY_ROW, anyWhole: () => EVERY_ROW, columnsBelow: () => [] };

/** A rule is asked of many rows: what it looks at is worked out once. */
function compile(cell: CellParts): CellRule {
  const [visible, masked] = [testOf(cell.visible), testOf(cell.masked)];
  const [visibleAbove, maskedAbove] = [testOf(cell.visibleAbove), testOf(cell.maskedAbove)];
  return {
    ...cell,
    shown: some([cell.visible, cell.masked]),
    howShown: (row, above) => {
      if (visible(row) || (above && visibleAbove(above))) return 'WHOLE';
      return masked(row) || (above && maskedAbove(above)) ? 'MASKED' : 'HIDDEN';
    },
  };
}

/** Rows in which a value is shown at least in part. */
export function shownIn(cell: CellRule | null): RowRule {
  return cell ? cell.shown : EVERY_ROW;
}

/** Rows in which a value is shown whole. */
export function wholeIn(cell: CellRule | null): RowRule {
  return cell ? cell.visible : EVERY_ROW;
}

/** A type whose rows are not of this library, or a root: its items are at edges. */
function isAway(type: TypeFacts | undefined): boolean {
  return type !== undefined && (type.isRoot || (type.resource === null && type.keys.length > 0));
}

function ruleFor(condition: RowCondition, scope: RowScope, predicates: Predicates): RowRule {
  switch (condition.rows) {
    case 'ALL':
      return EVERY_ROW;
    case 'NONE':
      return NO_ROW;
    case 'ANY':
      return some(condition.of.map((each) => ruleFor(each, scope, predicates)));
    case 'WHEN':
      return (Object.hasOwn(predicates, condition.predicate) ? predicates[condition.predicate] : undefined) ?? NO_ROW;
    case 'SUBJECT':
      return some([scope.subject, scope.representative].map((column) => (column === null ? NO_ROW : oneOf(column, condition.keys))));
    case 'OWN':
      return scope.own === null ? NO_ROW : oneOf(scope.own.key, condition.keys);
    case 'DIVISION': {
      if (scope.division === null) return NO_ROW;
      const inside = within(scope.division, condition.within);
      return condition.minors ? inside : every([inside, ofAdults(scope.minorUntil)]);
    }
    default:
      return condition satisfies never;
  }
}

/** Rows that are no minor's: the person's fourteenth birthday has come, or no person is concerned. */
function ofAdults(minorUntil: string | null): RowRule {
  return minorUntil === null ? EVERY_ROW : some([absent(minorUntil), todayOrEarlier(minorUntil)]);
}

function whenParts(condition: RowCondition): RowCondition {
  return { rows: 'ANY', of: partsOf(condition).filter(({ rows }) => rows === 'WHEN') };
}

function otherParts(condition: RowCondition): RowCondition {
  return { rows: 'ANY', of: partsOf(condition).filter(({ rows }) => rows !== 'WHEN') };
}

function partsOf(condition: RowCondition): readonly RowCondition[] {
  return condition.rows === 'ANY' ? condition.of : [condition];
}
