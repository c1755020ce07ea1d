import {
  buildSchema,
  type DocumentNode,
  type GraphQLSchema,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedDirective,
  type NameNode,
  parse,
  type StringValueNode,
  specifiedDirectives,
  validateSchema,
  visit,
} from 'graphql';
import { expect, test } from 'vitest';
import { composeSupergraph } from './compose-supergraph.ts';
import { readDirectorySubgraph } from './directory-subgraph.ts';
import { publicSchema } from './public-schema.ts';
import { isOpenSomewhere, readDirectory } from './read-directory.ts';
import { readLibraries } from './read-libraries.ts';

const libraries = readLibraries();
const beside = [readDirectorySubgraph()];
const { apiSdl, supergraphSdl } = composeSupergraph(libraries, beside);
const publicSdl = publicSchema(libraries, apiSdl, beside);
const document = parse(publicSdl);
const schema = buildSchema(publicSdl);

test('the public schema is one by the rules of GraphQL: interfaces are kept, defaults are of their types', () => {
  expect(validateSchema(schema)).toEqual([]);
});

test('no directive is declared or applied in it but those of GraphQL itself', () => {
  const applied = new Set<string>();
  visit(document, {
    Directive: ({ name }) => void applied.add(name.value),
    DirectiveDefinition: ({ name }) => void applied.add(name.value),
  });
  expect([...applied].filter((name) => !specifiedDirectives.some((each) => each.name === name))).toEqual([]);
  expect(schema.getDirectives().filter((directive) => !isSpecifiedDirective(directive))).toEqual([]);
});

test('every description is the one that its owner wrote at that very place', () => {
  const written = descriptionsOf(parse(apiSdl));
  const shown = descriptionsOf(document);
  expect(shown.size).toBeGreaterThan(200);
  expect([...shown].filter(([place, text]) => written.get(place) !== text)).toEqual([]);
});

test('no description, name or default names a field, type, value or item that is not open', () => {
  const hidden = new Set([...namesOf(parse(supergraphSdl))].filter((name) => !namesOf(document).has(name)));
  const items = readDirectory(libraries).resources.flatMap((resource) => resource.items);
  const isOpen = new Set(items.filter(isOpenSomewhere).map((item) => item.title));
  // Titles of two characters (姓名) are words of the language; what open statistics group by may be named.
  const closed = items.filter((item) => !isOpenSomewhere(item) && !item.aggregate && !isOpen.has(item.title) && item.title.length > 2);
  const words = [...descriptionsOf(document).values(), ...defaultsOf(schema)];
  const told = words.flatMap((text) => [
    // In a description a name of the graph stands between backticks, or is no word of English.
    ...[...text.matchAll(/`(\w+)|\b([a-z]+[A-Z]\w*|[A-Z]+_\w+|[PLGEC]\d{3})\b/g)]
      .map((match) => match[1] ?? match[2] ?? '')
      .filter((name) => hidden.has(name) || items.some((item) => item.code === name && !isOpenSomewhere(item))),
    ...closed.map((item) => item.title).filter((title) => text.includes(title)),
  ]);
  expect(told).toEqual([]);
});

/** Descriptions by the names that lead to them. */
function descriptionsOf(of: DocumentNode): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const way: string[] = [];
  visit(of, {
    enter(node) {
      if (!isNamed(node)) return;
      way.push(node.name.value);
      if (node.description) found.set(way.join('.'), node.description.value);
    },
    leave(node) {
      if (isNamed(node)) way.pop();
    },
  });
  return found;
}

/** Whether a node declares something that can be described. */
function isNamed(node: object): node is { name: NameNode; description?: StringValueNode } {
  return 'kind' in node && /Definition$|^InputValueDefinition$/.test(String(node.kind)) && 'name' in node && node.name !== undefined;
}

function namesOf(of: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  visit(of, { enter: (node) => (isNamed(node) ? void names.add(node.name.value) : undefined) });
  return names;
}

function defaultsOf(of: GraphQLSchema): readonly string[] {
  return Object.values(of.getTypeMap()).flatMap((type) => {
    if (isInputObjectType(type)) return Object.values(type.getFields()).map(printDefault);
    return isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()).flatMap(({ args }) => args.map(printDefault)) : [];
  });
}

function printDefault({ defaultValue }: { defaultValue?: unknown }): string {
  return JSON.stringify(defaultValue ?? null);
}
