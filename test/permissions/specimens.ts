import type { InputFacts } from '@longyuan/schema/src/sharing-facts.ts';
import {
  type GraphQLInputObjectType,
  type GraphQLInputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { liesIn } from './read-rights.ts';
import type { RowFacts, Rows } from './rows.ts';
import type { Model } from './rules.ts';

/** One step of a route: a field of a type, narrowed to `on` where that is one of several, with its given arguments. */
export type Step = Readonly<{ type: string; field: string; on: string | null; given: readonly string[] }>;

/** The rows that routes lead to: the citizen's own, and one that is not and lies in another county. Each by type. */
export type Specimens = Readonly<{
  rows: readonly ReadonlyMap<string, RowFacts>[];
  /** Of each of the two, its county. */
  counties: readonly string[];
}>;

/** Chooses the two rows of each type: whose they are where rows have a subject, where they lie where they have none. */
export function chooseSpecimens(
  model: Model,
  rows: Rows,
  pairs: readonly Readonly<{ county: string; subjects: readonly string[] }>[],
): Specimens {
  const resources = model.sharing.types.flatMap((type) => (type.resource ? [type] : []));
  return {
    counties: pairs.map(({ county }) => county),
    rows: pairs.map(
      ({ county, subjects }) =>
        new Map(
          resources.flatMap(({ name }): [string, RowFacts][] => {
            const all = rows.ofType(name);
            const found =
              subjects.flatMap((subject) => all.filter(({ owners }) => owners.includes(subject)))[0] ??
              all.find((row) => row.division !== null && row.division.length > 6 && liesIn(row.division, county)) ??
              all.find((row) => row.division !== null && liesIn(row.division, county)) ??
              all[0];
            return found ? [[name, found]] : [];
          }),
        ),
    ),
  };
}

/** The arguments of a step as text, `(a: 1, b: "…")`; null where no value is known for one of them. */
export function argumentsBySpecimen(model: Model, step: Step, specimens: Specimens, which: number): string | null {
  if (step.given.length === 0) return '';
  const declared = model.sharing.fields.filter(({ coordinate }) => coordinate === `${step.type}.${step.field}`);
  const field = model.schema.getType(step.type);
  const args = field && 'getFields' in field ? field.getFields()[step.field] : undefined;
  const texts = step.given.map((name) => {
    const input = declared.flatMap((each) => each.arguments).find((each) => each.name === name);
    const type = args && 'args' in args ? args.args.find((each) => each.name === name)?.type : undefined;
    const value = input && type ? valueFor(model, input, type, specimens, which) : null;
    return value === null ? null : `${name}: ${value}`;
  });
  return texts.includes(null) ? null : `(${texts.join(', ')})`;
}

function valueFor(model: Model, input: InputFacts, type: GraphQLInputType, specimens: Specimens, which: number): string | null {
  const isList = isListType(isNonNullType(type) ? type.ofType : type);
  const value = plainValue(model, input, type, specimens, which);
  return value === null ? null : isList ? `[${value}]` : value;
}

function plainValue(model: Model, input: InputFacts, type: GraphQLInputType, specimens: Specimens, which: number): string | null {
  const named = getNamedType(type);
  if (input.name === 'first') return '100';
  const cells = specimens.rows[which];
  const format = formatOf(input);
  if (format?.endsWith('DIVISION') || format === 'DIVISION_CODE') {
    // A village of one's own: few rows, so that a page holds all of them.
    const [code] = input.reads;
    const [resource = ''] = code === undefined ? [] : (model.access.fieldOfItem(code)?.split('.') ?? []);
    return JSON.stringify(cells?.get(resource)?.division ?? specimens.counties[which] ?? '');
  }
  if (format !== null && format !== 'DATE' && format !== 'CURSOR') {
    const unique = model.sharing.fields.find(
      (field) => field.owner.resource && field.quality.some(({ valid, unique }) => unique && valid === format),
    );
    const value = unique && cells?.get(unique.owner.name)?.cells[unique.name];
    return typeof value === 'string' ? JSON.stringify(value.trim()) : null;
  }
  if (isInputObjectType(named)) return writeInput(model, named, { specimens, which });
  if (isEnumType(named)) return named.getValues()[0]?.name ?? null;
  if (named.name === 'Float') return input.name === 'lon' ? '103.8' : '36.06';
  if (named.name === 'Int') return '2';
  if (named.name === 'Boolean') return 'false';
  const [code] = input.reads;
  const [resource = '', field = ''] = code === undefined ? [] : (model.access.fieldOfItem(code)?.split('.') ?? []);
  const value = cells?.get(resource)?.cells[input.name] ?? cells?.get(resource)?.cells[field];
  if (value instanceof Date) return JSON.stringify(value.toISOString().slice(0, 10));
  if (named.name === 'Date') return '"1980-01-01"';
  return typeof value === 'string' ? JSON.stringify(value.trim().slice(0, 50)) : null;
}

/** An input of what must be given, or of everything where nothing must. */
function writeInput(model: Model, type: GraphQLInputObjectType, at: { specimens: Specimens; which: number }): string | null {
  const inputs = model.sharing.typesNamed(type.name).flatMap((each) => each.inputs);
  const texts = Object.values(type.getFields()).flatMap((field) => {
    const input = inputs.find(({ name }) => name === field.name);
    if (!input || !isNonNullType(field.type)) return [];
    const value = valueFor(model, input, field.type, at.specimens, at.which);
    return [value === null ? null : `${field.name}: ${value}`];
  });
  return texts.includes(null) ? null : `{ ${texts.join(', ')} }`;
}

/** What `@format(is:)` says of an argument; null where it says nothing. */
export function formatOf(input: InputFacts): string | null {
  const format = input.node.directives?.find(({ name }) => name.value === 'format');
  const is = format?.arguments?.find(({ name }) => name.value === 'is')?.value;
  return is?.kind === 'EnumValue' ? is.value : null;
}
