import type { Model, ModelColumn } from '@longyuan/prisma/store/read-models.ts';
import { columnsOfScope, type FieldFacts, NO_SCOPE, type SharingFacts, type TypeFacts } from '@longyuan/schema/src/sharing-facts.ts';
import type { ColumnMap } from '../../rows/asked-columns.ts';

/** How a library's types lie in its tables, where that does not follow from their names. */
export type StoredShape = Readonly<{
  /** By type: columns that answer fields, as its loaders ask for them. */
  columns?: Readonly<Record<string, ColumnMap>>;
  /** By type: the table its rows lie in, where it is called otherwise. */
  tables?: Readonly<Record<string, string>>;
  /** By table and column: what a column is for that no item describes and none has to. */
  inner?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}>;

/** What is counted in one table. `confirmation`: it says when a row was last confirmed, and rows of this cycle. */
export type TablePlan = Readonly<{
  model: Model;
  resource: string | null;
  updateCycle: string | null;
  hasConfirmation: boolean;
  /** Items of which a row may hold nothing, each with the columns that hold it. */
  counted: readonly Readonly<{ code: string; columns: readonly ModelColumn[] }>[];
  /** Items that every row holds. */
  whole: readonly string[];
}>;

/** What is counted of a library, and which of its columns nothing in its SDL speaks of. */
export type HoldingsPlan = Readonly<{
  tables: readonly TablePlan[];
  unlisted: readonly Readonly<{ table: string; column: string }>[];
}>;

const CONFIRMED_AT = 'confirmedAt';

/**
 * Works out, from SDL, tables and the way between, what is to be counted: for each item the columns of the first table that holds it. An
 * item that only leads to another table is held by that table's rows; what no table holds (values that are worked out) is not counted.
 */
export function planHoldings(facts: SharingFacts, models: readonly Model[], shape: StoredShape): HoldingsPlan {
  const modelNamed = new Map(models.map((model) => [model.name, model]));
  const modelOf = (typeName: string) => modelNamed.get(shape.tables?.[typeName] ?? typeName);
  const columnsOf = (field: FieldFacts): readonly ModelColumn[] => {
    const map = shape.columns?.[field.owner.name];
    const names = [field.name, ...((map && Object.hasOwn(map, field.name) ? map[field.name] : undefined) ?? [])];
    return modelOf(field.owner.name)?.columns.filter((column) => names.includes(column.name)) ?? [];
  };
  /** Of these the ones that say whether the field holds something: a key that leads to another table does not, nor what is never null beside what may be. */
  const tellingColumns = (field: FieldFacts): readonly ModelColumn[] => {
    const key = modelOf(field.owner.name)?.key ?? [];
    const all = columnsOf(field).filter(({ name }) => name === field.name || !key.includes(name));
    const mayMiss = all.filter(({ isOptional, isList }) => isOptional || isList);
    return mayMiss.length > 0 ? mayMiss : all;
  };
  const held = facts.itemCodes().flatMap((code) => {
    // Fields of the resource itself come before those outside it that lead there.
    const fields = facts.fieldsOfItem(code);
    const inside = fields.filter((field) => facts.resourcesOver(field).length > 0);
    const ordered = [...inside, ...fields.filter((field) => !inside.includes(field))];
    const first = ordered.find((field) => tellingColumns(field).length > 0);
    if (first) {
      const model = modelOf(first.owner.name);
      const columns = ordered.filter((field) => modelOf(field.owner.name) === model).flatMap(tellingColumns);
      return model ? [{ code, model, columns }] : [];
    }
    const led = ordered
      .flatMap((field) => facts.possibleTypes(field.returns))
      .map(modelOf)
      .find((model) => model !== undefined);
    return led ? [{ code, model: led, columns: [] }] : [];
  });
  const typeByModel = new Map(facts.types.flatMap((type) => pairOf(modelOf(type.name), type)));
  return {
    tables: models.map((model) => {
      const items = held.filter((each) => each.model === model);
      const isWhole = ({ columns }: (typeof items)[number]) =>
        columns.length === 0 || columns.some((one) => !one.isOptional && !one.isList);
      const resource = typeByModel.get(model)?.resource ?? null;
      return {
        model,
        resource: resource?.code ?? null,
        updateCycle: resource?.updateCycle ?? null,
        hasConfirmation: model.columns.some(({ name }) => name === CONFIRMED_AT),
        whole: items.filter(isWhole).map(({ code }) => code),
        counted: items.filter((each) => !isWhole(each)).map(({ code, columns }) => ({ code, columns })),
      };
    }),
    unlisted: models.flatMap((model) => {
      const spoken = spokenColumns(model, facts, { columnsOf, modelOf });
      const inner = shape.inner?.[model.name] ?? {};
      return model.columns
        .filter(({ name }) => !spoken.has(name) && !Object.hasOwn(inner, name))
        .map(({ name }) => ({ table: model.name, column: name }));
    }),
  };
}

function pairOf(model: Model | undefined, type: TypeFacts): readonly (readonly [Model, TypeFacts])[] {
  return model ? [[model, type]] : [];
}

/** Columns of keys, of references, of the scope of rows, and those that a field reads which is an item, below one, a key or structure. */
function spokenColumns(
  model: Model,
  facts: SharingFacts,
  way: Readonly<{ columnsOf: (field: FieldFacts) => readonly ModelColumn[]; modelOf: (typeName: string) => Model | undefined }>,
): ReadonlySet<string> {
  const spoken = new Set([...model.key, ...model.references]);
  for (const type of facts.types.filter(({ name }) => way.modelOf(name) === model)) {
    for (const [, column] of columnsOfScope(type.resource?.rows ?? NO_SCOPE)) spoken.add(column);
    for (const field of type.fields) {
      if (!field.isKey && !field.isStructure && facts.itemsOver(field).length === 0) continue;
      for (const { name } of way.columnsOf(field)) spoken.add(name);
    }
  }
  return spoken;
}
