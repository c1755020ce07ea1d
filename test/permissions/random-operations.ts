import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import { objectsOf } from './expect-refusals.ts';
import type { Model } from './rules.ts';
import { argumentsBySpecimen, type Specimens } from './specimens.ts';
import type { Operation } from './try-operation.ts';

/** A whole number below the given one. */
export type Draw = (below: number) => number;

const DEEPEST = 5;
const FIELDS_AT_MOST = 6;
const ROOTS_AT_MOST = 3;
/** Lists of lists grow: below this depth a selection is small. */
const NARROW_BELOW = 2;
/** How many operations go the ways that a person's own row opens: chance alone comes to few of them. */
const OWN_PERCENT = 25;

/**
 * A valid operation drawn at random over what the libraries answer: fields under their own or other names, fragments of all kinds, `@skip`
 * and `@include` with literals and variables, interfaces, unions, edges and lists.
 */
export function drawOperation(model: Model, specimens: Specimens, draw: Draw): Operation & Readonly<{ isOfOwnRow: boolean }> {
  const { schema, sharing } = model;
  const declared = new Set(sharing.fields.map(({ coordinate }) => coordinate));
  const variables: Record<string, boolean> = {};
  const fragments: string[] = [];
  let names = 0;
  const nameNew = (prefix: string) => {
    names += 1;
    return `${prefix}${names}`;
  };
  // Names of other fields, keys among them: each once, so that no two fields of a place are called the same.
  const borrowed = ['id', 'uscc', 'code', 'name', 'idNumber', 'number', 'division', 'type'];
  const nameField = () => (chance(12) && borrowed.splice(draw(borrowed.length), 1)[0]) || nameNew('f');
  const oneOf = <Each>(all: readonly Each[]): Each | undefined => all[draw(all.length)];
  const chance = (percent: number) => draw(100) < percent;

  const query = schema.getQueryType();
  const roots = query ? Object.values(query.getFields()).filter(({ name }) => declared.has(`Query.${name}`)) : [];
  const chosen: string[] = [];
  const wanted = 1 + draw(ROOTS_AT_MOST);
  const ownWay = chance(OWN_PERCENT) ? writeOwnWay() : null;
  if (ownWay) chosen.push(ownWay);
  for (let tries = 0; chosen.length < wanted && tries < 20; tries += 1) {
    const field = oneOf(roots);
    // Mismatches are counted against the asker: too many, and right guesses are refused, too.
    if (field && /^(verify|check)/.test(field.name) && !chance(10)) continue;
    const text = field && query ? writeField(query, field, 0) : null;
    if (text) chosen.push(text);
  }
  const declaredVariables = Object.keys(variables).map((name) => `$${name}: Boolean!`);
  const head = declaredVariables.length > 0 ? `(${declaredVariables.join(', ')})` : '';
  const text = `query Drawn${head} { ${chosen.join(' ')} } ${fragments.join(' ')}`;
  return { text, variables, isOfOwnRow: ownWay !== null };

  /** From the person's own row to rows of other libraries, one of them or a list, and to items of theirs. */
  function writeOwnWay(): string | null {
    const isOfPersons = (name: string) => sharing.typesNamed(name).some(({ library, resource }) => resource !== null && library.personKeys);
    const root = oneOf(roots.filter(({ type }) => !isListType(type) && isOfPersons(getNamedType(type).name)));
    const person = root && getNamedType(root.type);
    if (!query || !root || !isObjectType(person)) return null;
    const args = argumentsBySpecimen(
      model,
      { type: query.name, field: root.name, on: null, given: root.args.map(({ name }) => name) },
      specimens,
      0,
    );
    const isRow = (name: string) => sharing.typesNamed(name).some(({ resource }) => resource !== null);
    const edges = Object.values(person.getFields()).filter(
      ({ name, type }) => declared.has(`${person.name}.${name}`) && isRow(getNamedType(type).name),
    );
    const parts = Array.from({ length: 1 + draw(3) }, () => {
      const edge = oneOf(edges);
      return (edge && writeField(person, edge, 1)) ?? [];
    }).flat();
    return args === null || parts.length === 0 ? null : `${nameField()}: ${root.name}${args} { ${parts.join(' ')} }`;
  }

  function writeField(parent: GraphQLObjectType, field: GraphQLField<unknown, unknown>, depth: number): string | null {
    const args = writeArguments(parent, field);
    if (args === null) return null;
    const below = getNamedType(field.type);
    const alias = `${nameField()}: `;
    // Outlines are large and tell nothing that a point does not.
    if (below.name === 'GeoJSON' && chance(70)) return null;
    if (isLeafType(below)) return `${alias}${field.name}${args}${directive()}`;
    if (!isCompositeType(below) || depth >= DEEPEST) return null;
    const inner = isAbstractType(below) ? writeAbstract(below.name, depth + 1) : writeSelections(below, depth + 1);
    return inner && `${alias}${field.name}${args}${directive()} { ${inner} }`;
  }

  function writeAbstract(name: string, depth: number): string {
    const type = schema.getType(name);
    if (!isAbstractType(type)) return '__typename';
    const own = 'getFields' in type ? Object.values(type.getFields()).filter(() => chance(40)) : [];
    const parts = own.map(({ name: field }) => `${nameField()}: ${field}`);
    for (const object of objectsOf(schema, type)) {
      const inner = chance(70) ? writeSelections(object, depth) : null;
      if (inner) parts.push(`... on ${object.name}${directive()} { ${inner} }`);
    }
    return parts.length > 0 ? parts.join(' ') : '__typename';
  }

  function writeSelections(type: GraphQLObjectType, depth: number): string {
    const all = Object.values(type.getFields()).filter(({ name }) => declared.has(`${type.name}.${name}`));
    const most = depth > NARROW_BELOW ? 2 : FIELDS_AT_MOST;
    const parts: string[] = chance(15) ? ['__typename'] : [];
    let isPageAsked = false;
    for (let left = 1 + draw(most); left > 0; left -= 1) {
      const field = oneOf(all);
      // Rows that are read for a whole page are asked for once: two with other selections have rows of their own.
      if (!field || (isOfPage(type, field) && isPageAsked)) continue;
      const text = writeField(type, field, depth);
      if (!text) continue;
      if (isOfPage(type, field)) isPageAsked = true;
      parts.push(wrap(type.name, text));
    }
    return parts.length > 0 ? parts.join(' ') : '__typename';
  }

  function wrap(type: string, text: string): string {
    if (chance(80)) return text;
    if (chance(50)) return `... ${chance(50) ? `on ${type} ` : ''}${directive()} { ${text} }`;
    const name = nameNew('Part');
    fragments.push(`fragment ${name} on ${type} { ${text} }`);
    return `...${name}${directive()}`;
  }

  function directive(): string {
    if (chance(90)) return '';
    const name = oneOf(['skip', 'include']);
    const value = chance(50);
    if (chance(50)) return ` @${name}(if: ${value})`;
    const variable = nameNew('v');
    variables[variable] = value;
    return ` @${name}(if: $${variable})`;
  }

  function writeArguments(parent: GraphQLObjectType, field: GraphQLField<unknown, unknown>): string | null {
    const isPaged = field.args.some(({ name, defaultValue }) => name === 'first' && defaultValue !== undefined);
    const which = draw(specimens.rows.length);
    const texts: string[] = [];
    for (const argument of field.args) {
      const isNeeded = isRequiredArgument(argument) || (isPaged && ['first', 'division', 'within'].includes(argument.name));
      if (['after', 'radius', 'near', 'tolerance', 'text'].includes(argument.name) && !isNeeded) continue;
      if (!isNeeded && !chance(25)) continue;
      const text = writeArgument(parent.name, field.name, argument.name, which);
      if (text !== null) texts.push(text);
      else if (isNeeded) return null;
    }
    return texts.length > 0 ? `(${texts.join(', ')})` : '';
  }

  function writeArgument(type: string, field: string, name: string, which: number): string | null {
    const declaredField = schema.getType(type);
    const argument = isObjectType(declaredField) && declaredField.getFields()[field]?.args.find((each) => each.name === name);
    if (!argument) return null;
    const named = getNamedType(argument.type);
    if (isEnumType(named)) {
      const value = oneOf(named.getValues())?.name ?? 'null';
      const inner = isNonNullType(argument.type) ? argument.type.ofType : argument.type;
      return `${name}: ${isListType(inner) ? `[${value}]` : value}`;
    }
    if (name === 'year') return `year: ${2020 + draw(6)}`;
    const written = argumentsBySpecimen(model, { type, field, on: null, given: [name] }, specimens, which);
    return written === null ? null : written.slice(1, -1);
  }
}

/** Whether the rows below the field are found for all of a list at once. */
function isOfPage(type: GraphQLObjectType, field: GraphQLField<unknown, unknown>): boolean {
  return field.name === 'nodes' || field.name === 'edges' || (type.name === 'AddressMatch' && field.name === 'address');
}
