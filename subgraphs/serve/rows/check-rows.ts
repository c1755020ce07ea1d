import { isMask } from '@longyuan/access/mask.ts';
import type { Model } from '@longyuan/prisma/store/read-models.ts';
import { columnsOfScope, type FieldFacts, NO_SCOPE, type SharingFacts } from '@longyuan/schema/src/sharing-facts.ts';
import { columnNamed } from './fit-to-model.ts';
import type { Predicates } from './row-guard.ts';
import { columnsOfRule } from './row-rule.ts';

/**
 * Whether what the SDL says of rows can be kept: `@resource(rows:)` and the predicates name columns of the table, every predicate of
 * `@item(when:)` is declared by the library and no other, and masks are known.
 * @throws Error that lists everything that does not fit.
 */
export function checkRows(of: { library: string; sharing: SharingFacts; predicates: Predicates; models: readonly Model[] }): void {
  const wrong = [...wrongScopes(of), ...wrongPredicates(of), ...wrongMasks(of.sharing), ...wrongArguments(of.sharing)];
  if (wrong.length > 0) throw new Error(`Rows of ${of.library} cannot be guarded: ${wrong.join('; ')}`);
}

type Rows = Readonly<{ library: string; sharing: SharingFacts; predicates: Predicates; models: readonly Model[] }>;

function wrongScopes({ sharing, models }: Rows): readonly string[] {
  return sharing.types.flatMap(({ name, resource }) =>
    columnsOfScope(resource?.rows ?? NO_SCOPE).flatMap(([what, column]) =>
      columnNamed(models, name, column) ? [] : [`@resource(rows: { ${what} }) of ${name} names ${column}, which is no column`],
    ),
  );
}

function wrongPredicates({ sharing, predicates, models }: Rows): readonly string[] {
  const uses = sharing.fields.flatMap((field) => field.items.flatMap((item) => (item.when ? [{ field, item, when: item.when }] : [])));
  const used = new Set(uses.map(({ when }) => when));
  const unused = Object.keys(predicates).filter((name) => !used.has(name));
  const unknown = [...used].filter((name) => !Object.hasOwn(predicates, name));
  const misplaced = uses.flatMap(({ field, when }) => {
    const rule = Object.hasOwn(predicates, when) ? predicates[when] : undefined;
    const model = rule ? modelAt(sharing, field) : undefined;
    const missing = rule && model ? columnsOfRule(rule).filter((column) => !columnNamed(models, model, column)) : [];
    return missing.map((column) => `${when} at ${field.coordinate} looks at ${model}.${column}, which is no column`);
  });
  return [
    ...unused.map((name) => `${name} is no predicate of its SDL`),
    ...unknown.map((name) => `the predicate ${name} is not declared`),
    ...misplaced,
  ];
}

/** The table whose rows a predicate at a field speaks of: its own, or at an edge that of the item's resource. */
function modelAt(sharing: SharingFacts, field: FieldFacts): string | undefined {
  if (field.owner.resource || sharing.isNested(field.owner.name)) return field.owner.name;
  const codes = new Set(field.items.map(({ code }) => code));
  return sharing.types.find((type) => type.resource && type.fields.some(({ items }) => items.some(({ code }) => codes.has(code))))?.name;
}

function wrongMasks(sharing: SharingFacts): readonly string[] {
  return sharing.fields.flatMap(({ coordinate, items }) =>
    items.flatMap(({ mask }) => (mask === null || isMask(mask) ? [] : [`${coordinate} has the unknown mask ${mask}`])),
  );
}

/** An item at a row's field is guarded by its own scope: its arguments may read nothing else. */
function wrongArguments(sharing: SharingFacts): readonly string[] {
  return sharing.fields
    .filter(({ owner }) => owner.resource !== null || sharing.isNested(owner.name))
    .flatMap((field) => {
      const own = new Set(field.items.map(({ code }) => code));
      const others = field.arguments.filter(({ reads }) => reads.some((code) => !own.has(code)));
      return others.map(({ coordinate }) => `${coordinate} reads an item that is not the field's own`);
    });
}
