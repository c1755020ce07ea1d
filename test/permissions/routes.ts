import {
  type GraphQLField,
  type GraphQLNamedType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { objectsOf } from './expect-refusals.ts';
import type { Model } from './rules.ts';
import { argumentsBySpecimen, formatOf, type Specimens, type Step } from './specimens.ts';

/** One way to the rows of a type: fields from a root down, each with the arguments that are filled in. */
export type Route = Readonly<{ steps: readonly Step[]; target: string; filter: string | null }>;

/** How the items at the end of a route are written. */
export const STYLES = ['plain', 'alias', 'inline fragment', 'named fragment', 'one by one'] as const;
export type Style = (typeof STYLES)[number];

const MOST_STEPS = 6;
const MOST_RESOURCES = 3;

/**
 * Every way to every row: each root field, and each edge once, over the shortest way to it; roots once more for each filter that reads an
 * item. An edge into another library's rows is that library's `_entities`.
 */
export function findRoutes(model: Model): readonly Route[] {
  const { schema, sharing } = model;
  const resources = new Set(sharing.types.flatMap((type) => (type.resource ? [type.name] : [])));
  const declared = new Set(sharing.fields.map(({ coordinate }) => coordinate));
  const routes: Route[] = [];
  const seen = new Set<string>();
  const query = schema.getQueryType();
  type Open = Readonly<{ steps: readonly Step[]; type: GraphQLNamedType; resources: number }>;
  const open: Open[] = query ? [{ steps: [], type: query, resources: 0 }] : [];
  for (let next = open.shift(); next; next = open.shift()) {
    const { steps, type } = next;
    if (!isCompositeType(type) || steps.length >= MOST_STEPS || next.resources >= MOST_RESOURCES) continue;
    for (const object of objectsOf(schema, type)) {
      for (const field of Object.values(object.getFields())) {
        const below = getNamedType(field.type);
        const coordinate = `${object.name}.${field.name}`;
        if (!declared.has(coordinate) || seen.has(coordinate) || !isCompositeType(below)) continue;
        seen.add(coordinate);
        const step: Step = {
          type: object.name,
          field: field.name,
          on: isAbstractType(type) ? object.name : null,
          given: givenTo(model, coordinate, field),
        };
        const here = [...steps, step];
        const isResource = objectsOf(schema, below).some(({ name }) => resources.has(name));
        if (isResource || steps.length === 0) routes.push({ steps: here, target: below.name, filter: null });
        if (steps.length === 0) {
          for (const { name } of field.args.filter((each) => !step.given.includes(each.name) && !isRequiredArgument(each))) {
            if (model.access.readsAt(`${coordinate}(${name}:)`).length === 0) continue;
            routes.push({ steps: [{ ...step, given: [...step.given, name] }], target: below.name, filter: name });
          }
        }
        open.push({ steps: here, type: below, resources: next.resources + (isResource ? 1 : 0) });
      }
    }
  }
  return routes;
}

/** What must be given; and where an answer comes in pages, a page's size and a division small enough that one page holds all of it. */
function givenTo(model: Model, coordinate: string, field: GraphQLField<unknown, unknown>): readonly string[] {
  const inputs = model.sharing.fields.filter((each) => each.coordinate === coordinate).flatMap((each) => each.arguments);
  // A list that is given whole where `first` is left out needs none.
  const isPaged = field.args.some(({ name, defaultValue }) => name === 'first' && defaultValue !== undefined);
  const isDivision = (name: string) => inputs.some((input) => input.name === name && formatOf(input)?.includes('DIVISION'));
  return field.args
    .filter((each) => isRequiredArgument(each) || (isPaged && (each.name === 'first' || isDivision(each.name))))
    .map(({ name }) => name);
}

/** An operation that takes several routes at once, each for the asker's own row and for another's. */
export function writeOperation(model: Model, routes: readonly Route[], style: Style, specimens: Specimens): string {
  const fragments: string[] = [];
  const roots = routes.flatMap((route, place) =>
    specimens.rows.flatMap((_, which) => writeRoute(model, { route, style, specimens, which, key: `r${place}_${which}`, fragments })),
  );
  return `query Table { ${roots.join(' ')} } ${[...new Set(fragments)].join(' ')}`;
}

function writeRoute(
  model: Model,
  at: { route: Route; style: Style; specimens: Specimens; which: number; key: string; fragments: string[] },
): readonly string[] {
  const { route, style, specimens, which, key, fragments } = at;
  const ends = style === 'one by one' ? itemsAlone(model, route.target) : [selectAll(model, route.target, style, fragments)];
  return ends.flatMap((end, place) => {
    let text = end;
    for (const [depth, step] of [...route.steps.entries()].reverse()) {
      const args = argumentsBySpecimen(model, step, specimens, which);
      if (args === null) return [];
      const name = depth === 0 ? `${key}_${place}: ${step.field}` : step.field;
      text = `{ ${step.on === null ? `${name}${args} ${text}` : `... on ${step.on} { ${name}${args} ${text} }`} }`;
    }
    return [text.slice(1, -1)];
  });
}

/** Selections of one item each. */
function itemsAlone(model: Model, target: string): readonly string[] {
  const type = model.schema.getType(target);
  if (!isCompositeType(type)) return [];
  const rows = isObjectType(type) && type.getFields()['total'] ? getNamedType(type.getFields()['nodes']?.type) : undefined;
  if (rows) return itemsAlone(model, rows.name).map((end) => `{ total nodes ${end} }`);
  return objectsOf(model.schema, type).flatMap((object) =>
    Object.values(object.getFields()).flatMap((field) => {
      const text = selectField(model, field, 0);
      if (text === null || model.access.ofField(object.name, field.name) === undefined) return [];
      return [isAbstractType(type) ? `{ ... on ${object.name} { ${text} } }` : `{ ${text} }`];
    }),
  );
}

function selectAll(model: Model, target: string, style: Style, fragments: string[]): string {
  const type = model.schema.getType(target);
  if (!isCompositeType(type)) return '{ __typename }';
  if (isAbstractType(type)) {
    const own = 'getFields' in type ? fieldsOf(model, Object.values(type.getFields()), style, 'i') : [];
    const kinds = objectsOf(model.schema, type).map(
      (object) => `... on ${object.name} { ${fieldsOf(model, Object.values(object.getFields()), style, object.name).join(' ')} }`,
    );
    return `{ __typename ${[...own, ...kinds].join(' ')} }`;
  }
  const rows = isObjectType(type) && type.getFields()['total'] ? getNamedType(type.getFields()['nodes']?.type) : undefined;
  if (rows) return `{ total pageInfo { hasNextPage } nodes ${selectAll(model, rows.name, style, fragments)} }`;
  const fields = isObjectType(type) ? fieldsOf(model, Object.values(type.getFields()), style, '').join(' ') : '__typename';
  if (style === 'inline fragment') return `{ ... on ${target} { ... { ${fields} } } }`;
  if (style !== 'named fragment') return `{ ${fields} }`;
  fragments.push(`fragment All${target} on ${target} { ${fields} }`);
  return `{ ...All${target} }`;
}

function fieldsOf(model: Model, fields: readonly GraphQLField<unknown, unknown>[], style: Style, kind: string): readonly string[] {
  return fields.flatMap((field) => {
    const text = selectField(model, field, 0);
    if (text === null) return [];
    return [kind !== '' || style === 'alias' ? `${kind || 'a'}_${field.name}: ${text}` : text];
  });
}

/** The field with all of a nested type below it; of other rows it leads to, that they are there. */
function selectField(model: Model, field: GraphQLField<unknown, unknown>, depth: number): string | null {
  const args = field.args.filter(isRequiredArgument).map(({ name }) => (name === 'year' ? 'year: 2024' : null));
  if (args.includes(null)) return null;
  const text = `${field.name}${args.length > 0 ? `(${args.join(', ')})` : ''}`;
  const below = getNamedType(field.type);
  if (isLeafType(below)) return text;
  if (isAbstractType(below) || !isObjectType(below) || depth > 1) return depth > 1 ? null : `${text} { __typename }`;
  const isRow = !model.sharing.isNested(below.name) && model.sharing.typesNamed(below.name).some(({ isStructure }) => !isStructure);
  if (isRow) return `${text} { __typename }`;
  const inner = Object.values(below.getFields()).flatMap((each) => selectField(model, each, depth + 1) ?? []);
  return `${text} { __typename ${inner.join(' ')} }`;
}
